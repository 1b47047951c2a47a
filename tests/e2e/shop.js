// Accounts made by posting the pages' own forms, without a page: for tests that are about something else.

import { expect } from "@playwright/test";
import { thisMonth } from "./steps.js";

let made = 0;

/** Posts a form as a browser would and answers the response: 303 when it was done. */
export function post(request, path, act, fields = {}) {
  const body = new URLSearchParams(act ? { act } : {});
  for (const [name, value] of Object.entries(fields)) [value].flat().forEach((each) => body.append(name, each));
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  return request.post(path, { data: body.toString(), headers, maxRedirects: 0 });
}

/** The same, for what must succeed: answers where the redirect leads. */
export async function done(request, path, act, fields) {
  const response = await post(request, path, act, fields);
  if (response.status() !== 303) {
    const errors = (await response.text()).match(/role="alert".*?<\/ul>/s)?.[0] ?? "";
    throw new Error(`${act} on ${path}: ${response.status()} ${errors.replace(/<[^>]+>/g, " ")}`);
  }
  return response.headers().location;
}

/** Signs up; the request context then carries the session. */
export async function open(request, { company = "Maison Lune", name = "Ada Morel" } = {}) {
  made += 1;
  const account = { email: `shop-${process.pid}-${made}@shop.example`, password: "correct horse battery staple" };
  await done(request, "/sign-up", "sign_up", { name, ...account, account: company, company_country: "FR" });
  return account;
}

/** What a page's hidden field says. */
export async function hidden(request, path, name) {
  const html = await (await request.get(path)).text();
  const value = html.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1];
  if (value === undefined) throw new Error(`no hidden ${name} on ${path}`);
  return value;
}

/** The brand that the pages show. */
export async function brandOf(request) {
  const html = await (await request.get("/settings/brands")).text();
  return html.match(/brd_\w+/)[0];
}

/** Activates WhatsApp and switches the statuses on, each written `FR:delivered`. */
export const send = (request, ...cells) => sendOn(request, "collected_by_shop", ...cells);

/** The same, saying on what ground: `on_record` writes to those alone who said yes. */
export async function sendOn(request, basis, ...cells) {
  const dialog = await (await request.get("/tracking?activate=1")).text();
  const of = (name) => dialog.match(new RegExp(`name="${name}" value="([^"]*)"`))[1];
  const countries = [...new Set(cells.map((each) => each.split(":")[0]))];
  await done(request, "/tracking", "activate", {
    rate: of("rate"),
    text_version: of("text_version"),
    basis,
    accept_price: "on",
    accept_terms: "on",
    country: countries,
  });
  const version = await hidden(request, "/tracking", "version");
  await done(request, "/tracking", "save_matrix", { version, row: countries, on: countries, cell: cells });
}

/** Sends a parcel through the pipeline and waits until each of its events has been decided and its messages read. */
export async function ship(request, { order, status, journey = status ? "" : "delivery", ...parcel }) {
  const brand = parcel.brand ?? (await brandOf(request));
  const fields = { country: "FR", phone: "+33639980041", name: "Camille Durand", ...parcel, brand, order, journey };
  await done(request, "/simulate", "simulate", { ...fields, ...(status && { status }) });
}

/** Waits until a page says something: the pipeline works by itself. */
export async function until(request, path, pattern) {
  await expect
    .poll(async () => (await request.get(path)).text(), { message: `${path} never said ${pattern}`, timeout: 20_000 })
    .toMatch(pattern);
}

/**
 * A shop with a past: one status on, a parcel that was told, one that was not, a connection, an invoice.
 * Answers the paths of what it has.
 */
export async function furnish(request, facteur) {
  const account = await open(request);
  await send(request, "FR:delivered", "FR:out_for_delivery");
  await ship(request, { order: "48213" });
  await ship(request, { order: "48214", country: "DE", phone: "+4917139200042" });
  await until(request, "/messages?q=48214&tab=not_sent", /48214(?:.|\n)*Germany is off/);
  await until(request, "/messages?q=48213&state=read", /msg_\w+/);
  await until(request, "/billing", /2 messages delivered/);
  const connection = await done(request, "/connections/new", "create", {
    brand: await brandOf(request),
    source: "sendcloud",
    auth: "hmac",
    header: "",
    secret: "",
  });
  await facteur.command("invoice", "close", "--month", thisMonth(), "--early");
  const first = async (path, pattern) => (await (await request.get(path)).text()).match(pattern)[0];
  return {
    account,
    brand: `/settings/brands/${await brandOf(request)}`,
    connection: connection.split("?")[0],
    invoice: await first("/billing", /\/billing\/inv_\w+/),
    message: await first("/messages?q=48213", /\/messages\/msg_\w+/),
    decision: await first("/messages?q=48214", /\/decisions\/dec_\w+/),
  };
}
