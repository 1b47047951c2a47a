// The main job, end to end, as a merchant lives it. Once with scripts, once without.

import { expect, test } from "./fixture.js";
import { activate, cell, reloadUntil, row, saveMatrix, simulate, submit, thisMonth } from "./steps.js";

test("from the sign-up to the invoice line that opens its message @plain", async ({
  page,
  facteur,
  sandboxURL,
  signUp,
  noViolations,
}) => {
  test.setTimeout(180_000);
  const looksGood = () => noViolations(page);
  const main = page.locator("main");

  await test.step("sign up", async () => {
    await page.goto("/sign-up");
    await looksGood();
    await signUp(page, { name: "Maison Lune" });
    await expect(page).toHaveURL(/\/overview$/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Send your first message.");
    await looksGood();
  });

  const brand = await test.step("create a brand", async () => {
    await page.goto("/settings/brands/new");
    await looksGood();
    await page.getByLabel("Name", { exact: true }).fill("Atelier Brume");
    await page.locator("[name=language]").selectOption("fr");
    await submit(page, "create");
    await expect(page.getByRole("heading", { level: 1, name: "Atelier Brume" })).toBeVisible();
    await page.locator("#sender").getByRole("button", { name: "Use a sandbox number" }).click();
    await expect(page.getByText("Ready", { exact: true })).toBeVisible();
    await looksGood();
    return new URL(page.url()).pathname.split("/").pop();
  });

  await test.step("activate WhatsApp: prices, basis, two consents", async () => {
    await page.getByRole("link", { name: "Tracking messages" }).last().click();
    await expect(page.getByRole("heading", { name: "WhatsApp is not active" })).toBeVisible();
    await looksGood();
    await page.getByRole("link", { name: "Activate WhatsApp" }).click();
    const dialog = page.getByRole("dialog", { name: "Activate WhatsApp for Atelier Brume" });
    await expect(dialog.getByRole("row", { name: /Lite \(yours\).*0\.16\sEUR/ })).toBeVisible();
    await looksGood();
    await activate(page, { brand, countries: ["FR"] });
    await expect(page.getByText("The channel is on.", { exact: false })).toBeVisible();
  });

  await test.step("switch “Delivered” on for France", async () => {
    await row(page, "FR").check();
    await page.getByRole("switch", { name: /^Delivered ?, France, WhatsApp/ }).check();
    await looksGood();
    await saveMatrix(page);
    await expect(page.getByText("The next event follows the new switches.", { exact: false })).toBeVisible();
    await expect(cell(page, "FR", "delivered")).toBeChecked();
    await expect(cell(page, "FR", "shipped")).not.toBeChecked();
    await looksGood();
  });

  const order = await test.step("simulate a parcel", async () => {
    await page.goto(`/simulate?brand=${brand}`);
    await looksGood();
    const order = await simulate(page, { brand, country: "FR", phone: "+33 6 39 98 00 41", name: "Camille Durand" });
    await expect(page.getByRole("heading", { name: `Order ${order}` })).toBeVisible();
    await reloadUntil(page, main.getByText("Shipped is off for France"));
    await reloadUntil(page, main.locator(".journey li", { hasText: "Delivered" }).getByText(/^(Delivered|Read)$/).nth(1));
    await looksGood();
    return order;
  });

  await test.step("read the message on the customer's phone", async () => {
    await page.getByRole("link", { name: "Open the phone" }).click();
    await expect(page).toHaveURL(`${sandboxURL}/phones/+33639980041`);
    const bubble = page.getByRole("log").locator(".bub");
    await expect(bubble).toHaveCount(1);
    await expect(bubble).toContainText("Camille");
    await expect(bubble).toContainText("Atelier Brume");
    await looksGood();
  });

  await test.step("find it in the log, with its story", async () => {
    await page.goto("/messages");
    await looksGood();
    await page.getByRole("searchbox").first().fill(order);
    await page.keyboard.press("Enter");
    await expect(page.getByText("Order is").first()).toBeVisible();
    const line = page.getByRole("row").filter({ hasText: order }).filter({ hasText: "0.16" });
    await expect(line).toHaveCount(1);
    await line.getByRole("link", { name: order }).click();
    await looksGood();
    await page.getByRole("link", { name: "Open as a page" }).click();
    await expect(page).toHaveURL(/\/messages\/msg_/);
    const outcome = page.getByRole("heading", { level: 1 });
    await reloadUntil(page, outcome.filter({ hasText: /Delivered at .*Billed 0\.16\sEUR\./ }));
    await expect(page.locator(".bub")).toContainText("Camille");
    const steps = page.locator("ol.line > li");
    await expect(steps.filter({ hasText: "Event received from" })).toHaveCount(1);
    await expect(steps.filter({ hasText: "Decided to send" })).toHaveCount(1);
    await expect(steps.filter({ hasText: "Attempt 1 on WhatsApp, accepted" })).toHaveCount(1);
    await expect(steps.filter({ hasText: "Charged 0.16 EUR" })).toHaveCount(1);
    await expect(page.locator("ol.rules > li")).toHaveCount(22);
    await expect(page.locator("ol.rules")).toContainText("Delivered, France.");
    await looksGood();
  });

  await test.step("find why another parcel got none, and the switch that would change it", async () => {
    const silent = await simulate(page, { brand, country: "DE", phone: "+49 171 3920 0042", status: "delivered" });
    await reloadUntil(page, main.getByText("Germany is off"));
    await page.goto("/messages?tab=not_sent");
    await expect(page.getByRole("heading", { name: "Why events sent nothing" })).toBeVisible();
    await looksGood();
    await page.getByRole("row").filter({ hasText: silent }).getByRole("link", { name: silent }).click();
    await page.getByRole("link", { name: "Open as a page" }).click();
    await expect(page).toHaveURL(/\/decisions\/dec_/);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("Not sent. Germany is off.");
    await looksGood();
    await page.getByRole("link", { name: "Change: Country is on" }).click();
    await expect(page).toHaveURL(/\/tracking\?.*country=DE/);
    await looksGood();
  });

  await test.step("close the month", async () => {
    await page.goto("/billing");
    await expect(page.getByText("1 message delivered")).toBeVisible();
    await looksGood();
    expect(await facteur.command("invoice", "close", "--month", thisMonth(), "--early")).toContain("closed");
  });

  await test.step("open the invoice and the message behind its line", async () => {
    await page.reload();
    await page.getByRole("row").filter({ hasText: "0.16 EUR" }).getByRole("link").first().click();
    await expect(page).toHaveURL(/\/billing\/inv_/);
    await expect(page.getByText("Matches the ledger")).toBeVisible();
    await looksGood();
    await page.getByRole("link", { name: "Show the newest messages of France" }).click();
    await expect(page.getByRole("link", { name: order })).toBeVisible();
    await looksGood();
    await page.getByRole("link", { name: "Open all 1 message" }).click();
    await expect(page).toHaveURL(/\/messages\?line=/);
    await page.getByRole("row").getByRole("link", { name: order }).click();
    await expect(page.getByRole("heading", { level: 2 }).filter({ hasText: "Billed 0.16 EUR." })).toBeVisible();
  });
});
