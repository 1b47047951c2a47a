// The page on which customers sign up, from the console's panel to the parcel that is told.

import { expect, looks, lookInto, test, violations } from "./fixture.js";
import { brandOf, hidden, open, sendOn, ship, until } from "./shop.js";

const PHONE = "+33639980079";

/** How wide a page is, and how wide it may be: runs in the page. */
const width = () => ({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth });

/** A shop that writes to those on record alone, whose number hears. */
async function shop(request) {
  await open(request);
  await sendOn(request, "on_record", "FR:delivered");
  const brand = await brandOf(request);
  await until(request, `/join/${brand}`, /name="phone"/);
  return brand;
}

/** Loads nothing but itself, weighs little, scrolls nowhere, and axe finds nothing. */
async function looksRight(page, go) {
  const loaded = [];
  const note = (request) => loaded.push(request.url());
  page.on("request", note);
  const response = await go();
  page.off("request", note);
  expect(response.status()).toBe(200);
  expect((await response.body()).length, "the whole page, unpacked").toBeLessThan(100_000);
  expect(loaded.filter((url) => !url.endsWith("favicon.svg"))).toHaveLength(1);
  const { scrollWidth, clientWidth } = await page.evaluate(width);
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
  expect(await violations(page)).toEqual([]);
}

test("a customer signs up with a message from their phone, and the next parcel is told @plain", async ({ page, browser, baseURL, noViolations }) => {
  const request = page.request;
  const brand = await shop(request);
  await ship(request, { order: "J-1", status: "delivered", phone: PHONE });
  await until(request, "/messages?q=J-1&tab=not_sent", /J-1/);

  const context = await browser.newContext({ baseURL, javaScriptEnabled: false, locale: "en-GB" });
  const visitor = await context.newPage();
  await visitor.goto(`/join/${brand}`);
  for (const box of await visitor.locator("[name=purpose]").all()) await expect(box).not.toBeChecked();
  await visitor.getByLabel("Your mobile number").fill("06 39 98 00 79");
  await visitor.getByLabel("Country of the number").selectOption("FR");
  await visitor.getByRole("button", { name: "Continue" }).click();
  await expect(visitor.getByText("Tick what you want to hear about.")).toBeVisible();
  await expect(visitor.getByLabel("Your mobile number")).toHaveValue("06 39 98 00 79");
  await visitor.getByLabel("may tell me about my orders").check();
  await visitor.getByRole("button", { name: "Continue" }).click();
  await expect(visitor.getByRole("heading", { level: 1 })).toHaveText("Send this message, and it counts");
  const words = await visitor.locator("#message").innerText();
  const link = new URL(await visitor.getByRole("link", { name: "Open WhatsApp" }).getAttribute("href"));
  expect(link.host).toBe("wa.me");
  expect(link.searchParams.get("text")).toBe(words);
  await visitor.getByRole("button", { name: "I have sent it" }).click();
  await expect(visitor.getByRole("status")).toContainText("Nothing has come");
  const asked = visitor.url();

  await visitor.getByRole("link", { name: "Open the test phones" }).click();
  await visitor.getByRole("searchbox").fill(PHONE);
  await visitor.getByRole("search").getByRole("button").click();
  await visitor.getByRole("link", { name: `Pick up ${PHONE}` }).click();
  await visitor.locator("[name=text]").fill(words);
  await visitor.locator("form.phone__in button").click();
  await expect(async () => {
    await visitor.goto(asked);
    await expect(visitor.getByRole("heading", { level: 1 })).toHaveText("Your message is here", { timeout: 1_000 });
  }).toPass({ timeout: 20_000 });
  await context.close();

  await page.goto(`/consent?q=${encodeURIComponent(PHONE)}`);
  for (const text of ["may tell me about my orders and parcels on WhatsApp", "join-2026-11/en", "Customer, on the sign-up page"]) {
    await expect(page.getByText(text).first()).toBeVisible();
  }
  await noViolations(page);
  await ship(request, { order: "J-2", status: "delivered", phone: PHONE });
  await until(request, "/messages?q=J-2&state=read", /msg_\w+/);
});

test("every step of the sign-up and the notice look right in every look, and in German", async ({ browser, baseURL, playwright }) => {
  const request = await playwright.request.newContext({ baseURL });
  const brand = await shop(request);
  for (const look of [...looks, { width: 360, scheme: "light", language: "de" }]) {
    const { language } = look;
    const context = await lookInto(browser, baseURL, { ...look, language: language === "fr" ? "fr" : "en" });
    const page = await context.newPage();
    await looksRight(page, () => page.goto(`/join/${brand}?lang=${language}`));
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    const read = await hidden(request, `/join/${brand}?lang=${language}`, "read");
    const sent = await request.post(`/join/${brand}`, {
      data: new URLSearchParams({ lang: language, read, phone: `+3363998${1101 + looks.indexOf(look)}`, purpose: "tracking" }).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
      maxRedirects: 0,
    });
    expect(sent.status()).toBe(303);
    await looksRight(page, () => page.goto(`${sent.headers().location}&sent=1`));
    await looksRight(page, () => page.goto(`/privacy/${brand}?lang=${language}`));
    await context.close();
  }
  await request.dispose();
});

test("the console hands out the page, a button, boxes and the call, in the language that is asked for @plain", async ({ page, account, noViolations, javaScriptEnabled, context }) => {
  void account;
  await page.goto("/consent");
  const ways = page.locator("#ways");
  await ways.getByRole("link", { name: "Deutsch" }).click();
  await expect(page.locator("#ways-page")).toContainText(/\/join\/brd_\w+\?lang=de/);
  await expect(page.locator("#ways-button")).toContainText("Paketnews auf WhatsApp erhalten");
  await expect(page.locator("#ways-box")).toContainText("Ja, Maison Lune darf mich");
  await expect(page.locator("#ways-record")).toContainText('"text_version": "join-2026-11/de"');
  await noViolations(page);
  const copy = ways.getByRole("button", { name: "Copy" }).first();
  if (javaScriptEnabled === false) {
    await expect(copy).toBeHidden();
    return;
  }
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await copy.click();
  await expect(ways.getByRole("button", { name: "Copied" })).toBeVisible();
  await expect(ways.getByRole("status").first()).toHaveText("Copied");
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await page.locator("#ways-page").textContent());
});
