// A brand's page: who it is, its logo, its number, its quiet hours.

import { expect, looks, lookName, test } from "./fixture.js";
import { file, png } from "./files.js";
import { open, send as activate } from "./shop.js";
import { submit } from "./steps.js";

/** The page of the account's own brand. */
async function brandPage(page) {
  await open(page.request);
  await page.goto("/settings/brands");
  await page.locator("main ul.list a").first().click();
  await expect(page.getByRole("heading", { name: "Identity" })).toBeVisible();
}

test("a brand gets a logo, a colour and a place for questions @plain", async ({ page, noViolations }) => {
  await brandPage(page);
  await page.getByLabel("Name", { exact: true }).fill("Maison Lune");
  await page.getByLabel("Colour").fill("#f9c520");
  await page.getByLabel("E-mail for questions").fill("aide@lune.example");
  await page.locator("[name=logo]").setInputFiles(file("logo.png", png(300, 300, [31, 111, 92])));
  expect((await submit(page, "save")).status()).toBe(303);
  await expect(page.getByRole("status")).toContainText("Saved");
  await expect(page.locator("img.logo--own").first()).toBeVisible();
  expect(await page.locator("main img.logo--own").evaluate((img) => img.naturalWidth)).toBe(256);
  await expect(page.getByText("darkened to 4.5")).toBeVisible();
  await noViolations(page);
});

test("a picture that is none is named, and what was typed stays @plain", async ({ page, noViolations }) => {
  await brandPage(page);
  await page.getByLabel("Name", { exact: true }).fill("Maison Étoile");
  const svg = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
  await page.locator("[name=logo]").setInputFiles(file("logo.png", svg));
  expect((await submit(page, "save")).status()).toBe(422);
  await expect(page.locator("[name=logo]")).toHaveAccessibleDescription(/PNG, JPEG or WebP/);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Maison Étoile");
  // The boxes of the other form stand as they are stored.
  await expect(page.getByLabel("Out for delivery")).toBeChecked();
  await noViolations(page);

  await page.locator("[name=logo]").setInputFiles(file("logo.png", Buffer.alloc(5 * 1024 * 1024, 0x89)));
  expect((await submit(page, "save")).status()).toBe(422);
  await expect(page.locator("[name=logo]")).toHaveAccessibleDescription(/512 KiB/);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Maison Étoile");
});

test("quiet hours are set, and say what is wrong with them @plain", async ({ page }) => {
  await brandPage(page);
  const night = page.locator("#hours");
  await night.getByRole("switch").check();
  await night.getByLabel("From").fill("22:30");
  await night.getByLabel("Until").fill("22:30");
  expect((await submit(page, "save_hours")).status()).toBe(422);
  await expect(night.getByLabel("Until")).toHaveAccessibleDescription(/another time/);
  await expect(night.getByRole("switch")).toBeChecked();
  await night.getByLabel("Until").fill("07:15");
  await night.getByLabel("Delayed").check();
  expect((await submit(page, "save_hours")).status()).toBe(303);
  await expect(night.getByLabel("From")).toHaveValue("22:30");
  await expect(night.getByRole("switch")).toBeChecked();
  await expect(night.getByLabel("Delayed")).toBeChecked();
});

test("timing is set, and says what is wrong with it @plain", async ({ page, noViolations }) => {
  await brandPage(page);
  const timing = page.locator("#timing");
  await timing.getByRole("switch", { name: "Keep a cap" }).check();
  await timing.getByLabel("Messages about an order").fill("99");
  await timing.getByLabel("Minutes").fill("25");
  expect((await submit(page, "save_timing")).status()).toBe(422);
  await expect(timing.getByLabel("Messages about an order")).toHaveAccessibleDescription(/within the limits/);
  await expect(timing.getByLabel("Minutes")).toHaveValue("25");
  await expect(timing.getByRole("switch", { name: "Keep a cap" })).toBeChecked();
  await noViolations(page);
  await timing.getByLabel("Messages about an order").fill("4");
  expect((await submit(page, "save_timing")).status()).toBe(303);
  await expect(timing.getByLabel("Messages about an order")).toHaveValue("4");
  await expect(timing.getByRole("switch", { name: "Keep a cap" })).toBeChecked();
  await expect(timing.getByRole("switch", { name: "Watch for delays" })).not.toBeChecked();
});

test("a country gets another language than most people there read @plain", async ({ page, noViolations }) => {
  await brandPage(page);
  await activate(page.request, "BE:delivered");
  await page.reload();
  const section = page.locator("#languages");
  const belgium = section.getByLabel("Belgium");
  await expect(belgium.locator("option:checked")).toHaveText("Default: Dutch");
  await belgium.selectOption({ label: "French · Français" });
  await section.getByLabel("Another country").selectOption("CH");
  await section.getByLabel("Its language").selectOption("it");
  expect((await submit(page, "save_languages")).status()).toBe(303);
  await expect(belgium.locator("option:checked")).toHaveText("French · Français");
  await expect(section.getByLabel("Switzerland").locator("option:checked")).toHaveText("Italian · Italiano");
  await noViolations(page);
  // The list of texts counts the country where its people are written to now.
  await page.goto("/templates");
  await expect(page.getByRole("row").filter({ has: page.getByRole("link", { name: "Delivered, French", exact: true }) })).toContainText("Belgium");

  await page.goto("/settings/brands");
  await page.locator("main ul.list a").first().click();
  await belgium.selectOption("");
  expect((await submit(page, "save_languages")).status()).toBe(303);
  await expect(belgium.locator("option:checked")).toHaveText("Default: Dutch");
});

test("a sandbox number says that all is well", async ({ page, noViolations }) => {
  await brandPage(page);
  const section = page.locator("#sender");
  if ((await section.getByRole("button", { name: "Test the number" }).count()) === 0) {
    await submit(page, "connect_sandbox");
  }
  await expect(async () => {
    expect((await submit(page, "check_sender")).status()).toBe(303);
    await expect(section).toContainText("All is well.", { timeout: 500 });
  }).toPass({ timeout: 15_000 });
  await expect(section).toContainText("Quality: high.");
  await expect(section).toContainText("Last asked for and confirmed");
  await noViolations(page);
});

test("the daily limit of customers is shown, and a part of it kept @plain", async ({ page, request, sandboxURL, noViolations }) => {
  await brandPage(page);
  const section = page.locator("#sender");
  if ((await section.locator("dl code.id").count()) === 0) await submit(page, "connect_sandbox");
  const number = await section.locator("dl code.id").first().textContent();
  const told = await request.post(`${sandboxURL}/control/portfolios`, { data: { phone_number_id: number, people: 2000 } });
  expect(told.ok()).toBe(true);
  // The sandbox tells it as soon as it knows whom.
  await expect(async () => {
    await page.reload();
    await expect(section.locator("#reach")).toContainText("of 2,000 customers reached", { timeout: 500 });
  }).toPass({ timeout: 15_000 });
  await expect(section.locator("#reach")).toContainText("200 kept for urgent news");
  const reserve = section.getByRole("spinbutton", { name: "Kept for urgent news" });
  await reserve.fill("60");
  expect((await submit(page, "save_reserve")).status()).toBe(422);
  await expect(reserve).toHaveValue("60");
  await noViolations(page);
  await reserve.fill("20");
  expect((await submit(page, "save_reserve")).status()).toBe(303);
  await expect(section.locator("#reach")).toContainText("400 kept for urgent news");
});

test("the page fits every look", async ({ page, inLook, noViolations }) => {
  await brandPage(page);
  const address = new URL(page.url()).pathname;
  for (const look of looks) {
    await inLook(look, async (other) => {
      await other.goto(address);
      await expect(other.locator("#hours")).toBeVisible();
      const wide = await other.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide, lookName(look)).toBeLessThanOrEqual(0);
      await noViolations(other);
    });
  }
});
