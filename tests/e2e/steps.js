// What a person does in Facteur, as steps for tests: each fills a form the page offers and waits for its answer.
// Fields are found by their names (`app/src/act.rs`), so the steps work in every language.

import { expect } from "@playwright/test";

/** The month that runs now, as `facteur invoice close` wants it. */
export const thisMonth = () => new Date().toISOString().slice(0, 7);

/** The form of a page that does `act`. */
export const formOf = (page, act) => page.locator(`form:has(> input[name=act][value=${act}])`);

/** The answer to a form; what islands ask meanwhile is none. */
export const isForm = (response) => {
  const request = response.request();
  const asks = new URL(response.url()).pathname.startsWith("/do/") || isPreview(request) || isStaging(request);
  return request.method() === "POST" && !asks;
};

/** The editor's question beside the page: what a text would have meant. */
export const isPreview = (request) =>
  request.resourceType() === "fetch" && new URLSearchParams(request.postData() ?? "").get("act") === "preview";

/** The matrix's question beside the page: the row of a country that is added. */
const isStaging = (request) => request.resourceType() === "fetch" && new URLSearchParams(request.postData() ?? "").has("add");

/** Sends the form that does `act`, and answers the response: a redirect is followed, so 200 means done. */
export async function submit(page, act) {
  const form = formOf(page, act);
  const answered = page.waitForResponse(isForm);
  await form.locator("button[type=submit]").click();
  const response = await answered;
  await page.waitForLoadState();
  return response;
}

/**
 * Accepts the prices of WhatsApp and says how the customers agreed, in the dialog of the page.
 * @param {{countries?: string[]}} options those to begin with; the dialog's own when nothing is said
 */
export async function activate(page, { countries, brand } = {}) {
  await page.goto(`/tracking?${new URLSearchParams({ ...(brand && { brand }), activate: "1" })}`);
  const dialog = page.getByRole("dialog");
  await dialog.locator("[name=basis][value=collected_by_shop]").check();
  for (const box of await dialog.locator("[name=country]").all()) {
    if (countries) await box.setChecked(countries.includes(await box.getAttribute("value")));
  }
  await dialog.locator("[name=accept_price]").check();
  await dialog.locator("[name=accept_terms]").check();
  const response = await submit(page, "activate");
  expect(response.status()).toBe(303);
}

/** Chooses a country in the open menu and presses its button. */
export async function chooseCountry(page, country) {
  const menu = page.locator("details:has(> div [name=country])");
  // By its value: with scripts a field to type in lies over the list.
  await menu.locator("[name=country]").selectOption(country, { force: true });
  await menu.locator("[name=add]").click();
}

/** Stages a country's row; nothing is written before Save. */
export async function addCountry(page, country) {
  await page.locator("details:has(> div [name=country]) > summary").click();
  await chooseCountry(page, country);
  await expect(row(page, country)).toHaveCount(1);
}

/** The box of a country's status in the matrix. */
export const cell = (page, country, status) => page.locator(`#matrix [name=cell][value="${country}:${status}"]`);

/** A country's own switch. */
export const row = (page, country) => page.locator(`#matrix [name=on][value="${country}"]`);

/** Writes the staged switches, by the panel when there is one, else by the form's own button. */
export async function saveMatrix(page) {
  const answered = page.waitForResponse(isForm);
  const form = page.locator("#matrix > .form__acts button:visible").first();
  const panel = page.locator(".staged button[type=submit][form=matrix]:visible");
  const before = page.url();
  // Where scripts run, the form's own button may go, because the island awakes, before it is pressed.
  await form.or(panel).first().click({ timeout: 3_000 }).catch(() => panel.first().click());
  const response = await answered;
  // With scripts the form is sent beside the page, which is opened only then.
  if (response.status() === 303) await page.waitForURL((url) => url.href !== before);
  await page.waitForLoadState();
  return response;
}

/** Switches statuses on, each written `FR:delivered`, with their countries. */
export async function switchOn(page, ...cells) {
  await page.goto("/tracking");
  for (const value of cells) {
    const [country, status] = value.split(":");
    if (!(await row(page, country).count())) await addCountry(page, country);
    await row(page, country).check();
    await cell(page, country, status).check();
  }
  expect((await saveMatrix(page)).status()).toBe(303);
}

/**
 * Sends a parcel through the pipeline and answers its order number.
 * @param {{country?: string, phone?: string, name?: string, order?: string, journey?: string, status?: string, brand?: string}} parcel
 */
export async function simulate(page, { journey = "delivery", status, ...parcel }) {
  await page.goto(`/simulate?${new URLSearchParams(parcel.brand ? { brand: parcel.brand } : {})}`);
  const form = formOf(page, "simulate");
  await form.locator(`[name=journey][value="${status ? "" : journey}"]`).check();
  if (status) await form.locator("[name=status]").selectOption(status);
  for (const [name, value] of Object.entries(parcel)) {
    const field = form.locator(`[name=${name}]`);
    if (name === "brand" || name === "country") await field.selectOption(value);
    else await field.fill(value);
  }
  const order = await form.locator("[name=order]").inputValue();
  expect((await submit(page, "simulate")).status()).toBe(303);
  return order;
}

/**
 * Loads the page again until something shows: the pipeline works while the page stands still, and without
 * scripts nothing else would tell.
 */
export async function reloadUntil(page, locator) {
  await expect(async () => {
    if (!(await locator.first().isVisible())) await page.reload();
    await expect(locator.first()).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
}

