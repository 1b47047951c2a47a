// Forms that are refused, and the matrix under hands that do not hold a mouse.

import { expect, test } from "./fixture.js";
import { done, open, send, ship, until } from "./shop.js";
import { cell, chooseCountry, formOf, reloadUntil, row, saveMatrix, submit, isForm } from "./steps.js";

test("a taken e-mail is named and everything but the password is kept @plain", async ({ page, playwright, baseURL, noViolations }) => {
  const other = await playwright.request.newContext({ baseURL });
  const { email } = await open(other);
  await page.goto("/sign-up");
  await page.getByLabel("Your name").fill("Noé Lambert");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill("another long sentence");
  await page.getByLabel("Company", { exact: true }).fill("Épicerie Lambert");
  await page.getByLabel("Country of the company").selectOption("BE");
  expect((await submit(page, "sign_up")).status()).toBe(422);

  await expect(page.getByRole("alert")).toContainText("E-mail: this is already in use.");
  const field = page.getByLabel("E-mail");
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveAccessibleDescription(/This is already in use/);
  await expect(field).toHaveValue(email);
  await expect(page.getByLabel("Your name")).toHaveValue("Noé Lambert");
  await expect(page.getByLabel("Company", { exact: true })).toHaveValue("Épicerie Lambert");
  await expect(page.getByLabel("Country of the company")).toHaveValue("BE");
  await expect(page.getByLabel("Password")).toHaveValue("");
  await noViolations(page);
  await other.dispose();
});

test("a brand without a name is refused and keeps the rest @plain", async ({ page }) => {
  await open(page.request);
  await page.goto("/settings/brands/new");
  await page.getByLabel("Name", { exact: true }).fill("   ");
  await page.locator("[name=language]").selectOption("fr");
  await page.getByLabel("Number for questions").fill("+33 6 39 98 00 00");
  expect((await submit(page, "create")).status()).toBe(422);
  await expect(page.getByLabel("Name", { exact: true })).toHaveAccessibleDescription(/Fill this in/);
  await expect(page.locator("[name=language]")).toHaveValue("fr");
  await expect(page.getByLabel("Number for questions")).toHaveValue("+33 6 39 98 00 00");
});

test("prices cannot be accepted by half @plain", async ({ page }) => {
  await open(page.request);
  await page.goto("/tracking?activate=1");
  await page.getByLabel("On record").check();
  await page.locator("[name=accept_price]").check();
  // The browser would stop here already; older ones would not.
  await formOf(page, "activate").evaluate((form) => (form.noValidate = true));
  expect((await submit(page, "activate")).status()).toBe(422);
  await expect(page.locator("[name=accept_terms]")).toHaveAccessibleDescription(/Tick this to go on/);
  await expect(page.locator("[name=accept_price]")).toBeChecked();
  await expect(page.getByLabel("On record")).toBeChecked();
});

test("Lite's third country says what is used and the way out @plain", async ({ page, javaScriptEnabled }) => {
  await open(page.request);
  await send(page.request, "FR:delivered", "DE:delivered");
  await page.goto("/tracking");
  await expect(page.getByText("2 of 2 countries used on Lite")).toBeVisible();
  await page.locator("details:has([name=country]) > summary").click();
  await expect(page.getByText("2 of 2 countries are used on Lite.").first()).toBeVisible();
  await chooseCountry(page, "IT");
  await expect(page.getByText("New, not saved. Off: the plan has room for 2 countries.")).toBeVisible();
  await expect(row(page, "IT")).not.toBeChecked();

  await row(page, "IT").check();
  await cell(page, "IT", "shipped").check();
  if (javaScriptEnabled === false) {
    expect((await saveMatrix(page)).status()).toBe(422);
    await expect(page.getByRole("alert")).toContainText("2 of 2 countries are used on Lite. Switch one off, or move to Growth.");
    await expect(row(page, "IT")).toBeChecked();
    await expect(cell(page, "IT", "shipped")).toBeChecked();
  } else {
    const panel = page.getByRole("complementary");
    await expect(panel).toContainText("Only 2 countries can be on with this plan. Switch one off, or change the plan.");
    await expect(panel.getByRole("button", { name: "Save" })).toBeDisabled();
  }
  // The way out is one press away, in the matrix or at the plans.
  await expect(page.locator("main").getByRole("link", { name: "Plans" })).toHaveAttribute("href", "/settings/account");
  await row(page, "DE").uncheck();
  expect((await saveMatrix(page)).status()).toBe(303);
  await expect(row(page, "IT")).toBeChecked();
  await expect(row(page, "DE")).not.toBeChecked();
});

test("the second of two tabs hears that the matrix has changed @plain", async ({ page, context }) => {
  await open(page.request);
  await send(page.request, "FR:delivered");
  const late = await context.newPage();
  await Promise.all([page.goto("/tracking"), late.goto("/tracking")]);
  await cell(page, "FR", "shipped").check();
  expect((await saveMatrix(page)).status()).toBe(303);

  await cell(late, "FR", "delayed").check();
  const refused = await saveMatrix(late);
  expect(refused.status()).toBeGreaterThanOrEqual(400);
  expect(refused.status()).toBeLessThan(500);
  await expect(late.getByRole("alert")).toContainText("Somebody else changed this meanwhile.");
  // What was saved first stands.
  await page.reload();
  await expect(cell(page, "FR", "shipped")).toBeChecked();
  await expect(cell(page, "FR", "delayed")).not.toBeChecked();
});

test("the matrix is worked by the keyboard @plain", async ({ page }) => {
  await open(page.request);
  await send(page.request, "FR:delivered");
  await page.goto("/tracking");
  const shipped = page.getByRole("switch", { name: /^Shipped ?, France, WhatsApp/ });
  await shipped.focus();
  await page.keyboard.press("Space");
  await expect(shipped).toBeChecked();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("switch", { name: /^Out for delivery ?, France, WhatsApp/ })).toBeFocused();
  await page.keyboard.press("Space");
  const answered = page.waitForResponse(isForm);
  const save = page.locator("button[type=submit]:visible", { hasText: /^Save/ }).first();
  await save.focus();
  await page.keyboard.press("Enter");
  expect((await answered).status()).toBe(303);
  await expect(shipped).toBeChecked();
  await expect(cell(page, "FR", "out_for_delivery")).toBeChecked();
  await expect(cell(page, "FR", "delivered")).toBeChecked();
});

test("staged switches say what they would cost, and are dropped or taken back", async ({ page }) => {
  await open(page.request);
  await send(page.request, "FR:delivered");
  await page.goto("/tracking");
  const panel = page.getByRole("complementary");
  await expect(panel).toContainText("No changes");
  await cell(page, "FR", "shipped").check();
  await expect(panel).toContainText("1 change, not saved");
  await panel.getByRole("button", { name: "Discard" }).click();
  await expect(panel).toContainText("No changes");
  await expect(cell(page, "FR", "shipped")).not.toBeChecked();

  await page.getByRole("checkbox", { name: "Shipped, all countries" }).check();
  await expect(cell(page, "FR", "shipped")).toBeChecked();
  expect((await saveMatrix(page)).status()).toBe(303);
  await page.locator(".notices").getByRole("button", { name: "Undo" }).click();
  await expect(cell(page, "FR", "shipped")).not.toBeChecked();
  await page.reload();
  await expect(cell(page, "FR", "shipped")).not.toBeChecked();
});

test("STOP on the phone stops the next message, and the log says so @plain", async ({ page, sandboxURL, noViolations }) => {
  await open(page.request, { company: "Atelier Brume" });
  await send(page.request, "FR:delivered", "FR:delayed");
  // Away from the numbers whose last digits the sandbox has a script for (0000 answers with an error).
  const phone = `+3363998${String(100 + test.info().parallelIndex * 1000 + test.info().workerIndex).padStart(4, "0")}`;
  const order = { phone, country: "FR", order: `STOP-${phone.slice(-4)}` };
  await ship(page.request, { ...order, status: "delayed" });
  await page.goto(`${sandboxURL}/phones/${phone}`);
  await reloadUntil(page, page.locator(".bub", { hasText: "Atelier Brume" }));
  await page.getByRole("textbox").fill("STOP");
  await page.getByRole("button", { name: /^Send/ }).click();
  await expect(page.locator(".bub--out")).toContainText("STOP");
  // The word is on its way to the server for a moment: news that arrives in it is still told.
  await until(page.request, `/consent?q=${encodeURIComponent(phone)}`, /class="[^"]*ledger__what/);

  await page.goto(`/messages?q=${order.order}`);
  await ship(page.request, { ...order, status: "delivered" });
  const kept = page.getByRole("row").filter({ hasText: "The customer opted out" });
  await reloadUntil(page, kept);
  await kept.getByRole("link", { name: order.order }).click();
  await expect(page.getByRole("heading", { level: 2, name: "Not sent. The customer opted out." })).toBeVisible();
  await noViolations(page);
  await page.goto(`${sandboxURL}/phones/${phone}`);
  await expect(page.locator(".bub:not(.bub--out)")).toHaveCount(1);
});

test("who may only look finds nothing to press @plain", async ({ page, playwright, baseURL, noViolations }) => {
  const owner = await playwright.request.newContext({ baseURL });
  await open(owner);
  await send(owner, "FR:delivered");
  const path = await done(owner, "/settings/members", "invite", { email: "viewer@shop.example", role: "viewer" });
  const link = (await (await owner.get(path)).text()).match(/\/sign-up\?invitation=[\w-]+/)[0];
  await page.goto(link);
  await page.getByLabel("Your name").fill("Zoé Petit");
  await page.getByLabel("Password").fill("only here to look at it");
  await submit(page, "accept");
  await expect(page).toHaveURL(/\/overview/);

  const changes = page.locator("main form[method=post]").getByRole("button");
  const offers = page.locator("main").getByRole("link", { name: /^(New|Add|Create|Activate|Simulate)/ });
  for (const visited of ["/overview", "/tracking", "/messages", "/connections", "/settings/brands", "/settings/members", "/settings/account"]) {
    await page.goto(visited);
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    await expect(changes.and(page.locator(":enabled:visible")), visited).toHaveCount(visited === "/settings/account" ? 1 : 0);
    await expect(offers, visited).toHaveCount(0);
  }
  await page.goto("/tracking");
  await expect(row(page, "FR")).toBeDisabled();
  await expect(cell(page, "FR", "delivered")).toBeDisabled();
  for (const closed of ["/simulate", "/settings/keys", "/settings/brands/new", "/connections/new", "/billing"]) {
    expect((await page.goto(closed)).status(), closed).toBe(403);
    await noViolations(page);
  }
  await owner.dispose();
});
