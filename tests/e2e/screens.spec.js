// The pictures of docs/screens; not a test: script/screens runs it.

import { fileURLToPath } from "node:url";
import { expect, lookInto, test } from "./fixture.js";
import { brandOf, done, ship, until } from "./shop.js";
import { thisMonth } from "./steps.js";

const folder = fileURLToPath(new URL("../../docs/screens/", import.meta.url));

/** Parcels of one morning, and their later news: some of it is not told, each time for another reason. */
const parcels = [
  { order: "48201", country: "FR", phone: "+33639980101", name: "Inès Caron" },
  { order: "48202", country: "NL", phone: "+31610000102", name: "Daan Visser", journey: "pickup" },
  { order: "48203", country: "FR", phone: "+33639980103", name: "Hugo Marchand", status: "shipped" },
  { order: "48204", country: "DE", phone: "+4917139200104", name: "Lena Vogt" },
  { order: "48205", country: "FR", phone: "+33639980105", name: "Nadia Benali", journey: "return" },
  { order: "48208", country: "DE", phone: "+4917139200108", name: "Jonas Keller", journey: "trouble" },
  { order: "48209", country: "NL", phone: "+31610000109", name: "Sanne de Wit", status: "out_for_delivery" },
  { order: "48213", country: "FR", phone: "+33639980042", name: "Camille Durand" },
];
const later = [
  { order: "48207", country: "FR", phone: "", name: "Paul Girard", status: "out_for_delivery" },
  { order: "48203", country: "FR", phone: "+33639980103", name: "Hugo Marchand", status: "delivered" },
  { order: "48209", country: "NL", phone: "+31610000109", name: "Sanne de Wit", status: "delivered" },
  { order: "48206", country: "IT", phone: "+393200000106", name: "Giulia Ferri", status: "delivered" },
  { order: "48214", country: "FR", phone: "+33639980114", name: "Léa Fontaine", status: "out_for_delivery" },
];

test("take the pictures @screens", async ({ playwright, browser, facteur }) => {
  test.setTimeout(300_000);
  const { email, password, sender } = JSON.parse(await facteur.command("demo", "--json"));
  const request = await playwright.request.newContext({ baseURL: facteur.baseURL });
  await done(request, "/sign-in", "sign_in", { email, password });
  const brand = await brandOf(request);
  for (const parcel of parcels) await ship(request, { brand, ...parcel });
  for (const { order } of parcels) await until(request, `/messages?q=${order}&state=read`, /msg_\w+/);
  const inbound = { from: "33639980103", sender: sender.phone_number_id, text: "STOP" };
  const told = await request.post(`${facteur.sandboxURL}/control/inbound`, { data: inbound });
  expect(told.ok(), await told.text()).toBe(true);
  for (const parcel of later) await ship(request, { brand, ...parcel });
  await until(request, "/messages?q=48203&tab=not_sent", /The customer opted out/);
  await until(request, "/messages?q=48206", /Italy is off/);
  await until(request, "/messages?q=48214&state=read", /msg_\w+/);
  await facteur.command("invoice", "close", "--month", thisMonth(), "--early");
  const first = async (path, pattern) => (await (await request.get(path)).text()).match(pattern)[0];
  const pages = {
    overview: "/overview",
    tracking: "/tracking",
    messages: "/messages",
    message: await first("/messages?q=48213&status=delivered", /\/messages\/msg_\w+/),
    invoice: await first("/billing", /\/billing\/inv_\w+/),
    phone: `${facteur.sandboxURL}/phones/+33639980042`,
    templates: "/templates",
    editor: "/templates/out_for_delivery/en",
    brand: `/settings/brands/${brand}`,
    consent: "/consent",
    customer: (await facteur.command("link", "--brand", brand, "--to", "+33639980042")).trim(),
  };
  const state = await request.storageState();
  const take = async (name, look, height) => {
    const context = await lookInto(browser, facteur.baseURL, { language: "en", ...look }, state);
    const page = await context.newPage();
    await page.setViewportSize({ width: look.width, height });
    await page.goto(pages[name.split("-")[0]]);
    await expect(page.locator("h1").first()).toBeVisible();
    await page.waitForLoadState("networkidle");
    await page.screenshot({ path: `${folder}${name}.png`, animations: "disabled" });
    await context.close();
  };
  for (const name of Object.keys(pages)) await take(name, { width: 1280, scheme: "light" }, 800);
  for (const name of ["customer", "editor"]) await take(`${name}-360`, { width: 360, scheme: "light" }, 740);
  for (const name of ["messages", "tracking"]) {
    await take(`${name}-dark`, { width: 1280, scheme: "dark" }, 800);
    await take(`${name}-360`, { width: 360, scheme: "light" }, 740);
  }
  await request.dispose();
});
