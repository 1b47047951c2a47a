// Another plan is asked about once, with what it would cost and switch off.

import { expect, looks, test } from "./fixture.js";
import { done, hidden, open, send } from "./shop.js";
import { submit } from "./steps.js";

const plan = (page, word) => page.locator(`[name=plan][value=${word}]`);
const question = (page) => page.getByRole("region", { name: /Growth|Lite|Free/ });

/** Chooses a plan and saves the form. */
async function wish(page, word) {
  await page.goto("/settings/account");
  await plan(page, word).check();
  return submit(page, "save");
}

test("a larger plan says what a message costs then and is written once that was read @plain", async ({ page, noViolations }) => {
  await open(page.request);
  await page.goto("/settings/account");
  await page.locator("[name=name]").fill("Maison Lune SARL");
  await plan(page, "growth").check();
  expect((await submit(page, "save")).status()).toBe(200);
  const asks = page.getByRole("region", { name: "Change from Lite to Growth?" });
  await expect(asks).toContainText("WhatsApp: 0.16 EUR per delivered message becomes 0.14 EUR (−0.02 EUR).");
  await expect(asks.getByRole("heading")).toBeFocused();
  await expect(plan(page, "growth")).toBeChecked();
  await expect(page.locator("[name=name]")).toHaveValue("Maison Lune SARL");
  await noViolations(page);
  // Enter in a field asks again instead of accepting.
  await page.locator("[name=name]").press("Enter");
  await expect(asks).toBeVisible();
  await asks.getByRole("link", { name: "Stay on Lite" }).click();
  await expect(plan(page, "lite")).toBeChecked();

  await wish(page, "growth");
  await asks.getByRole("button", { name: "Change to Growth" }).click();
  await expect(page.locator(".notices[role=status]")).toContainText("Saved.");
  await expect(plan(page, "growth")).toBeChecked();
});

test("a plan without room for what is on names the countries, one that sends nothing what falls silent @plain", async ({ page, noViolations }) => {
  await open(page.request);
  await wish(page, "growth");
  await page.getByRole("button", { name: "Change to Growth" }).click();
  await expect(plan(page, "growth")).toBeChecked();
  await send(page.request, "FR:delivered", "DE:delivered", "NL:delivered");

  expect((await wish(page, "lite")).status()).toBe(422);
  const blocked = page.getByRole("region", { name: "Lite has no room for what is on" });
  await expect(blocked).toContainText("Lite allows 2 countries per brand and channel.");
  await expect(blocked).toContainText("Maison Lune, WhatsApp: France, Germany, Netherlands");
  await expect(page.getByRole("button", { name: "Change to Lite" })).toHaveCount(0);
  await noViolations(page);
  await blocked.getByRole("link", { name: "Maison Lune, WhatsApp" }).click();
  await expect(page).toHaveURL(/tracking\?brand=.*channel=whatsapp/);

  expect((await wish(page, "free")).status()).toBe(200);
  const silent = page.getByRole("region", { name: "Change from Growth to Free?" });
  await expect(silent).toContainText("WhatsApp: 0.14 EUR per delivered message today, none then.");
  await expect(silent).toContainText("fall silent at once");
  await expect(silent).toContainText("Maison Lune, WhatsApp: France, Germany, Netherlands");
  await noViolations(page);

  // With room again Lite only asks.
  const version = await hidden(page.request, "/tracking", "version");
  await done(page.request, "/tracking", "save_matrix", { version, row: "NL", cell: "NL:delivered" });
  expect((await wish(page, "lite")).status()).toBe(200);
  await expect(page.getByRole("button", { name: "Change to Lite" })).toBeVisible();
});

test("the question is readable in both languages, on a phone and at a desk", async ({ page, inLook, noViolations }) => {
  await open(page.request);
  for (const look of looks.filter(({ scheme }) => scheme === "light")) {
    await inLook(look, async (tab) => {
      await wish(tab, "free");
      await expect(question(tab)).toBeVisible();
      await noViolations(tab);
      const wider = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wider).toBeLessThanOrEqual(0);
    });
  }
});
