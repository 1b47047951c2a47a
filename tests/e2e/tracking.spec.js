// Tracking messages: tabs, views, copies, staged changes, their way back and history, two people at once.

import { expect, looks, lookName, test } from "./fixture.js";
import { brandOf, done, hidden, open, post, send, until, ship } from "./shop.js";
import { addCountry, cell, chooseCountry, row, saveMatrix, submit } from "./steps.js";

const notice = (page) => page.locator(".notices[role=status]");
const panel = (page) => page.getByRole("complementary");

/** Looks at a page in English and French, on a phone and at a desk, with axe. */
async function everyWidth(inLook, noViolations, visit) {
  for (const look of looks.filter(({ scheme }) => scheme === "light")) {
    await inLook(look, async (page) => {
      await visit(page, look);
      await noViolations(page);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wider, `${lookName(look)} scrolls sideways`).toBeLessThanOrEqual(0);
    });
  }
}

test("each channel of a brand has a matrix of its own, and can be prepared before it is active @plain", async ({ page, noViolations }) => {
  await open(page.request);
  await send(page.request, "FR:delivered");
  await page.goto("/tracking");
  await page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name: /^SMS/ }).click();
  await expect(page.getByRole("heading", { name: "SMS is not active" })).toBeVisible();
  await expect(page.getByText(/Activating SMS shows the price, 0\.0\d\sEUR/)).toBeVisible();
  await expect(page.getByRole("link", { name: "Activate SMS" })).toBeVisible();
  await noViolations(page);

  await addCountry(page, "BE");
  await cell(page, "BE", "shipped").check();
  expect((await saveMatrix(page)).status()).toBe(303);
  await expect(cell(page, "BE", "shipped")).toBeChecked();

  await page.getByRole("navigation", { name: "Channels" }).getByRole("link", { name: /^WhatsApp/ }).click();
  await expect(row(page, "BE")).toHaveCount(0);
  await expect(cell(page, "FR", "delivered")).toBeChecked();
});

test("the matrix and the list are one truth @plain", async ({ page, noViolations }) => {
  await open(page.request);
  await send(page.request, "FR:delivered", "FR:shipped");
  await page.goto("/tracking");
  await page.getByRole("group", { name: "View" }).getByRole("link", { name: "List" }).click();
  await expect(page).toHaveURL(/view=list/);
  const delivered = page.getByRole("switch", { name: /^Delivered ?, France, WhatsApp/ });
  await expect(delivered).toBeHidden();
  await page.locator(".land__btn", { hasText: "France" }).click();
  await expect(delivered).toBeVisible();
  await expect(delivered).toBeChecked();
  await delivered.uncheck();
  await noViolations(page);
  expect((await saveMatrix(page)).status()).toBe(303);
  await expect(page).toHaveURL(/view=list/);
  await page.getByRole("link", { name: "Matrix" }).click();
  await expect(cell(page, "FR", "delivered")).not.toBeChecked();
  await expect(cell(page, "FR", "shipped")).toBeChecked();
  await expect(page.getByText("1 of 11 on")).toBeVisible();
});

test("a save is taken back on the server, exactly and only that one @plain", async ({ page, context }) => {
  await open(page.request);
  await send(page.request, "FR:delivered", "DE:delivered");
  await page.goto("/tracking");
  await cell(page, "FR", "shipped").check();
  await cell(page, "FR", "delivered").uncheck();
  expect((await saveMatrix(page)).status()).toBe(303);
  await expect(notice(page)).toContainText("Saved.");

  // Somebody else changes another country meanwhile: that stays.
  const other = await context.newPage();
  await other.goto("/tracking");
  await cell(other, "DE", "shipped").check();
  expect((await saveMatrix(other)).status()).toBe(303);

  await notice(page).getByRole("button", { name: "Undo" }).click();
  await expect(notice(page)).toContainText("Taken back.");
  await expect(cell(page, "FR", "shipped")).not.toBeChecked();
  await expect(cell(page, "FR", "delivered")).toBeChecked();
  await expect(cell(page, "DE", "shipped")).toBeChecked();

  // And what somebody else has changed since is not taken back.
  await cell(page, "FR", "delayed").check();
  expect((await saveMatrix(page)).status()).toBe(303);
  await other.goto("/tracking");
  await cell(other, "FR", "delayed").uncheck();
  expect((await saveMatrix(other)).status()).toBe(303);
  await notice(page).getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("alert").first()).toContainText("Not taken back. Somebody has changed the same switches since");
});

test("the way back is offered for ten seconds", async ({ page }) => {
  await open(page.request);
  await send(page.request, "FR:delivered");
  await page.clock.install();
  await page.goto("/tracking");
  await cell(page, "FR", "shipped").check();
  await saveMatrix(page);
  const undo = notice(page).getByRole("button", { name: "Undo" });
  await expect(undo).toBeVisible();
  await expect(page.locator(".staged.is-awake")).toBeVisible();
  // The clock goes on by itself meanwhile, so not up to the last second.
  await page.clock.runFor(6_000);
  await expect(undo).toBeVisible();
  await page.clock.runFor(5_000);
  await expect(undo).toBeHidden();
});

test("the history says who changed what, and an earlier state comes back as a change of its own @plain", async ({ page, noViolations }) => {
  await open(page.request, { name: "Ada Morel" });
  await send(page.request, "FR:delivered");
  await page.goto("/tracking");
  await cell(page, "FR", "shipped").check();
  await saveMatrix(page);
  await addCountry(page, "DE");
  await saveMatrix(page);
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "History" })).toBeVisible();
  const entries = page.locator(".history > li");
  await expect(entries).toHaveCount(4);
  await expect(entries.nth(0)).toContainText("Ada Morel, saved");
  await expect(entries.nth(0)).toContainText("Germany, row added");
  await expect(entries.nth(1)).toContainText("Shipped, France was off, now on");
  await expect(entries.nth(3)).toContainText("Ada Morel, accepted the prices");
  await expect(entries.nth(3)).toContainText("Consent basis was not stated, now Collected by the shop");
  await expect(entries.nth(0).getByRole("link", { name: /^Restore/ })).toHaveCount(0);
  await noViolations(page);

  await entries.nth(2).getByRole("link", { name: /^Restore/ }).click();
  const proposal = page.getByRole("region", { name: /^State after the change of/ });
  await expect(proposal).toContainText("Shipped, France was on, now off");
  await expect(proposal).toContainText("Germany, row removed");
  await noViolations(page);
  // Nothing is written before Save.
  const version = await hidden(page.request, "/tracking", "version");
  expect((await saveMatrix(page)).status()).toBe(303);
  expect(Number(await hidden(page.request, "/tracking", "version"))).toBe(Number(version) + 1);
  await expect(row(page, "DE")).toHaveCount(0);
  await expect(cell(page, "FR", "shipped")).not.toBeChecked();
  await page.getByRole("link", { name: "History" }).click();
  await expect(page.locator(".history > li").first()).toContainText("went back to an earlier state");
});

test("a copy shows what it would change, keeps to the plan and is one entry of the history @plain", async ({ page, noViolations }) => {
  await open(page.request);
  await send(page.request, "FR:delivered", "FR:shipped", "DE:delivered");
  const brand = await brandOf(page.request);
  // From one country into another.
  await page.goto("/tracking");
  await page.locator("details:has([name=copy]) > summary").click();
  await page.locator("[name=copy]").selectOption("country:FR");
  await page.locator("[name=to]").selectOption("DE");
  await noViolations(page);
  await page.getByRole("button", { name: "Show what would change" }).click();
  const proposal = page.getByRole("region", { name: "Copy of France" });
  await expect(proposal).toContainText("Save would change 1 switch");
  await expect(proposal).toContainText("Shipped, Germany was off, now on");
  expect((await saveMatrix(page)).status()).toBe(303);
  await expect(cell(page, "DE", "shipped")).toBeChecked();

  // From another channel: its three countries, of which the plan has room for two.
  const lands = ["IT", "NL", "BE"];
  for (const code of lands) {
    const sms = `/tracking?brand=${brand}&channel=sms`;
    const version = await hidden(page.request, sms, "version");
    await done(page.request, sms, "save_matrix", { version, row: code, on: lands.slice(0, 2) });
  }
  await page.goto(`/tracking?brand=${brand}&channel=whatsapp&copy=board:${brand}:sms`);
  const all = page.getByRole("region", { name: /^Copy of .*SMS/ });
  await expect(all).toContainText("The plan has no room for");
  await expect(row(page, "FR")).toBeChecked();
  await expect(row(page, "IT")).not.toBeChecked();
  await noViolations(page);
  expect((await saveMatrix(page)).status()).toBe(303);
  await page.getByRole("link", { name: "History" }).click();
  const first = page.locator(".history > li").first();
  await expect(first).toContainText("Ada Morel, copied");
  await expect(first).toContainText("Italy, row added");
  await expect(first).toContainText("Netherlands, row added");
});

test("whoever saves later sees what the other changed and keeps their own @plain", async ({ page, context, noViolations }) => {
  await open(page.request);
  await send(page.request, "FR:delivered", "DE:delivered");
  const late = await context.newPage();
  await Promise.all([page.goto("/tracking"), late.goto("/tracking")]);
  await cell(page, "FR", "shipped").check();
  await row(page, "DE").uncheck();
  expect((await saveMatrix(page)).status()).toBe(303);

  await cell(late, "FR", "delayed").check();
  await cell(late, "FR", "shipped").check();
  await cell(late, "DE", "delayed").check();
  expect((await saveMatrix(late)).status()).toBe(409);
  const met = late.getByRole("region", { name: "Changed meanwhile by Ada Morel" });
  await expect(met).toBeVisible();
  const part = (name) => met.locator("div", { has: late.getByRole("heading", { name }) }).last();
  await expect(part("They changed")).toContainText("Germany, country switch was on, now off");
  await expect(part(/^Yours/)).toContainText("Delayed, France was off, now on");
  await expect(part(/^You both/)).toContainText("Shipped, France");
  await expect(part("Does not go together")).toContainText("Delayed, Germany");
  await noViolations(late);

  // Theirs stands, mine is staged on it, and saving again writes both.
  await expect(row(late, "DE")).not.toBeChecked();
  await expect(cell(late, "FR", "shipped")).toBeChecked();
  await expect(cell(late, "FR", "delayed")).toBeChecked();
  expect((await saveMatrix(late)).status()).toBe(303);
  await page.goto("/tracking");
  await expect(row(page, "DE")).not.toBeChecked();
  for (const each of [["FR", "shipped"], ["FR", "delayed"], ["DE", "delayed"], ["FR", "delivered"]]) {
    await expect(cell(page, ...each)).toBeChecked();
  }
});

test("rows, columns and all are switched at once, with mixed states and one announcement each", async ({ page }) => {
  await open(page.request);
  await send(page.request, "FR:delivered", "DE:shipped");
  await page.goto("/tracking");
  await expect(page.locator(".staged.is-awake")).toBeVisible();
  const box = (name) => page.getByRole("checkbox", { name, exact: true });
  const mixed = (locator) => locator.evaluate((input) => input.indeterminate);
  expect(await mixed(box("Delivered, all countries"))).toBe(true);
  expect(await mixed(page.locator("[data-line=FR]"))).toBe(true);
  const said = page.locator(".staged__main > [role=status]");
  await expect(said).toHaveText("");
  await page.locator("[data-line=FR]").check();
  await expect(page.getByText("11 of 11 on")).toBeVisible();
  await expect(said).toContainText("10 changes, not saved");
  await box("All statuses, all countries").check();
  expect(await page.locator("#matrix [name=cell]:not(:checked)").count()).toBe(0);
  await expect(said).toContainText("20 changes, not saved");
  // The region that speaks is the only one that does.
  await expect(page.locator("main [aria-live]")).toHaveCount(0);
  await panel(page).getByRole("button", { name: "Discard" }).click();
  await expect(said).toHaveText("No changes");
});

test("a toggle answers within 100 ms", async ({ page }) => {
  await open(page.request);
  await send(page.request, "FR:delivered", "DE:shipped");
  await page.goto("/tracking");
  await expect(page.locator(".staged.is-awake")).toBeVisible();
  const took = await page.evaluate(async () => {
    const times = [];
    for (const box of document.querySelectorAll("#matrix [name=cell]")) {
      const heading = document.querySelector("#impact");
      const before = heading.textContent;
      const start = performance.now();
      box.click();
      while (heading.textContent === before && performance.now() - start < 1000) await new Promise((next) => queueMicrotask(next));
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)];
  });
  expect(took).toBeLessThan(100);
  page.on("dialog", (dialog) => dialog.accept());
});

test("arrows go from stop to stop, Tab goes on, and nothing holds the focus", async ({ page }) => {
  await open(page.request);
  await send(page.request, "FR:delivered", "DE:shipped");
  await page.goto("/tracking");
  await expect(page.locator(".staged.is-awake")).toBeVisible();
  await cell(page, "DE", "shipped").focus();
  // By name France stands above Germany.
  await page.keyboard.press("ArrowUp");
  await expect(cell(page, "FR", "shipped")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(cell(page, "FR", "out_for_delivery")).toBeFocused();
  await page.keyboard.press("ArrowDown");
  await expect(cell(page, "DE", "out_for_delivery")).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Shift+Tab");
  await expect(cell(page, "DE", "ready_to_ship")).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(page.locator("[data-line=DE]")).toBeFocused();
  for (let step = 0; step < 30; step += 1) await page.keyboard.press("Tab");
  await expect(page.locator("#matrix :focus")).toHaveCount(0);
});

test("a country is found by a few letters and staged by the keyboard, beside what is ticked", async ({ page, noViolations }) => {
  await open(page.request);
  await send(page.request, "FR:delivered", "NL:delivered");
  await page.goto("/tracking");
  await expect(page.locator(".picker.is-awake")).toHaveCount(1);
  await cell(page, "FR", "shipped").check();
  const version = await hidden(page.request, "/tracking", "version");
  await page.locator("details:has([name=country]) > summary").click();
  const field = page.getByRole("combobox", { name: "Country" });
  await field.fill("germ");
  await expect(page.getByRole("listbox").getByRole("option")).toHaveText(["Germany"]);
  await noViolations(page);
  await page.keyboard.press("ArrowDown");
  await expect(field).toHaveAttribute("aria-activedescendant", "picker-0");
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue("Germany");
  await page.keyboard.press("Enter");

  // The focus is on the new row's switch, and it is said aloud, with why it is off.
  await expect(row(page, "DE")).toBeFocused();
  const said = page.locator(".staged__main > [role=status]");
  await expect(said).toContainText("Germany is added and not saved yet. It is off: the plan has no room");
  await expect(said).toContainText("2 changes, not saved");
  await expect(page.locator("tr.r:not(.all)")).toHaveCount(3);
  // France, Germany, Netherlands.
  await expect(page.locator("tr.r:not(.all)").nth(1)).toHaveAttribute("data-row", "DE");
  await expect(cell(page, "FR", "shipped")).toBeChecked();
  await expect(panel(page)).toContainText("Germany, row: added");
  await noViolations(page);
  // Choosing it again only leads to its row.
  await page.locator("details:has([name=country]) > summary").click();
  await field.fill("Germany");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Enter");
  await expect(row(page, "DE")).toBeFocused();
  await expect(page.locator("tr.r:not(.all)")).toHaveCount(3);
  expect(await hidden(page.request, "/tracking", "version")).toBe(version);

  await panel(page).getByRole("button", { name: "Discard" }).click();
  await expect(row(page, "DE")).toHaveCount(0);
  await expect(said).toHaveText("No changes");
});

test("a country that comes and one that goes are saved with the rest, and taken back with it @plain", async ({ page, javaScriptEnabled, noViolations }) => {
  await open(page.request);
  await send(page.request, "FR:delivered", "DE:delivered");
  await page.goto("/tracking");
  await cell(page, "FR", "shipped").check();
  await page.locator("tr[data-row=DE] .land__btn").click();
  await page.getByRole("button", { name: "Remove Germany" }).click();
  await expect(page.locator("tr[data-row=DE] .land__goes")).toBeVisible();
  await expect(cell(page, "DE", "delivered")).not.toBeChecked();
  await expect(cell(page, "FR", "shipped")).toBeChecked();
  await noViolations(page);
  // There is room again.
  await addCountry(page, "BE");
  await expect(row(page, "BE")).toBeChecked();
  await expect(cell(page, "FR", "shipped")).toBeChecked();
  await expect(page.locator("tr[data-row=DE] .land__goes")).toBeVisible();
  await cell(page, "BE", "delayed").check();
  await noViolations(page);
  if (javaScriptEnabled !== false) {
    await expect(panel(page).getByRole("heading", { level: 2 })).toHaveText("4 changes, not saved", { useInnerText: true });
    await expect(panel(page)).toContainText("Germany, row: removed");
    await expect(panel(page)).toContainText("Belgium, row: added");
    await expect(panel(page)).toContainText("Delayed, Belgium");
  }
  expect((await saveMatrix(page)).status()).toBe(303);
  await expect(row(page, "DE")).toHaveCount(0);
  await expect(cell(page, "BE", "delayed")).toBeChecked();
  await expect(cell(page, "FR", "shipped")).toBeChecked();

  await notice(page).getByRole("button", { name: "Undo" }).click();
  await expect(notice(page)).toContainText("Taken back.");
  await expect(row(page, "BE")).toHaveCount(0);
  await expect(cell(page, "DE", "delivered")).toBeChecked();
  await expect(cell(page, "FR", "shipped")).not.toBeChecked();
});

test("what was to go can stay, and what was to come can be left out @plain", async ({ page }) => {
  await open(page.request);
  await send(page.request, "FR:delivered");
  await page.goto("/tracking");
  await page.locator("tr[data-row=FR] .land__btn").click();
  await page.getByRole("button", { name: "Remove France" }).click();
  await expect(row(page, "FR")).not.toBeChecked();
  const keep = page.getByRole("button", { name: "Keep France" });
  await expect(keep).toBeFocused();
  await keep.click();
  await expect(page.getByRole("button", { name: "Remove France" })).toBeFocused();
  await expect(row(page, "FR")).toBeChecked();
  await expect(cell(page, "FR", "delivered")).toBeChecked();

  await addCountry(page, "BE");
  await expect(row(page, "BE")).toBeFocused();
  await page.locator("tr[data-row=BE] .land__btn").click();
  await page.getByRole("button", { name: "Remove Belgium" }).click();
  await expect(row(page, "BE")).toHaveCount(0);
  await expect(cell(page, "FR", "delivered")).toBeChecked();
});

test("by touch a country is staged, stands open to be filled, and nothing lies over its switch @phone", async ({ page, noViolations }) => {
  await open(page.request);
  await send(page.request, "FR:delivered");
  await page.goto("/tracking");
  await expect(page.locator(".staged.is-awake")).toBeVisible();
  await addCountry(page, "BE");
  await expect(row(page, "BE")).toBeFocused();
  await expect(row(page, "BE")).toBeChecked();
  const free = await row(page, "BE").evaluate((input) => {
    const { left, top, width, height } = input.getBoundingClientRect();
    return document.elementFromPoint(left + width / 2, top + height / 2) === input;
  });
  expect(free).toBe(true);
  // On a desk the stops are in the row; on a phone it has to be open.
  await cell(page, "BE", "delayed").check();
  await noViolations(page);
  expect((await saveMatrix(page)).status()).toBe(303);
  await expect(cell(page, "BE", "delayed")).toBeChecked();
  await expect(cell(page, "FR", "delivered")).toBeChecked();
});

test("no country chosen, or no answer: it is said, and nothing ticked is lost @plain", async ({ page, javaScriptEnabled }) => {
  await open(page.request);
  await send(page.request, "FR:delivered");
  await page.goto("/tracking");
  if (javaScriptEnabled !== false) {
    await expect(page.locator(".staged.is-awake")).toBeVisible();
    await page.route("**/tracking*", (route) => (route.request().method() === "POST" ? route.abort() : route.fallback()));
    await cell(page, "FR", "shipped").check();
    await page.locator("details:has([name=country]) > summary").click();
    await chooseCountry(page, "BE");
    await expect(page.getByRole("alert").filter({ hasText: "The server did not answer" })).toBeVisible();
    await expect(cell(page, "FR", "shipped")).toBeChecked();
    await page.unroute("**/tracking*");
    await chooseCountry(page, "BE");
    await expect(row(page, "BE")).toBeFocused();
    await expect(page.getByRole("alert")).toHaveCount(0);
    await page.locator("details:has([name=country]) > summary").click();
    await page.locator("[name=add]").click();
  } else {
    await cell(page, "FR", "shipped").check();
    await page.locator("details:has([name=country]) > summary").click();
    await page.locator("[name=add]").click();
  }
  await expect(page.getByRole("alert").filter({ hasText: "Fill this in" }).or(page.locator("#country-error")).first()).toBeVisible();
  await expect(cell(page, "FR", "shipped")).toBeChecked();
  if (javaScriptEnabled !== false) await expect(row(page, "BE")).toBeChecked();
});

test("a server that does not answer costs nobody the page: the switches go back and it says so", async ({ page }) => {
  await open(page.request);
  await send(page.request, "FR:delivered");
  await page.goto("/tracking");
  await expect(page.locator(".staged.is-awake")).toBeVisible();
  await page.route("**/tracking*", (route) => (route.request().method() === "POST" ? route.abort() : route.fallback()));
  await cell(page, "FR", "shipped").check();
  await panel(page).getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "Not saved." })).toBeVisible();
  await expect(cell(page, "FR", "shipped")).not.toBeChecked();
  await page.unroute("**/tracking*");
  await cell(page, "FR", "shipped").check();
  expect((await saveMatrix(page)).status()).toBe(303);
});

test("the dialog tells prices, forecast and consents, and a changed price is read again @plain", async ({ page, javaScriptEnabled, noViolations }) => {
  await open(page.request);
  await ship(page.request, { order: "F-1" });
  await until(page.request, "/messages?q=F-1&tab=not_sent", /dec_\w+/);
  await page.goto("/tracking?activate=1");
  const dialog = page.getByRole("dialog", { name: /^Activate WhatsApp for/ });
  await expect(dialog.getByRole("row", { name: /Lite \(yours\).*1 January 2025.*0\.16\sEUR/ })).toBeVisible();
  await expect(dialog).toContainText("A message is billed once");
  await expect(dialog).toContainText(/With everything on, the \d+ parcel news/);
  await noViolations(page);
  await dialog.getByLabel("On record").check();
  await dialog.locator("[name=accept_price]").check();
  await dialog.locator("[name=accept_terms]").check();
  await dialog.locator("[name=rate]").evaluate((field) => (field.value = "whatsapp-lite-2020-01-01"));
  expect((await submit(page, "activate")).status()).toBe(422);
  await expect(dialog.locator("[name=accept_price]")).not.toBeChecked();
  await expect(dialog.locator("[name=accept_price]")).toHaveAccessibleDescription(/The price has changed/);
  await expect(dialog.getByLabel("On record")).toBeChecked();
  await dialog.locator("[name=accept_price]").check();
  expect((await submit(page, "activate")).status()).toBe(303);
  if (javaScriptEnabled === false) return;

  await submit(page, "deactivate");
  await page.goto("/tracking?activate=1");
  await expect(dialog.getByRole("heading", { level: 2 })).toBeFocused();
  // The focus stays inside.
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press("Tab");
    await expect(dialog.locator(":focus")).toHaveCount(1);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

test("who may not accept prices is told whom to ask @plain", async ({ page, playwright, baseURL, noViolations }) => {
  const owner = await playwright.request.newContext({ baseURL });
  const { email } = await open(owner, { name: "Ada Morel" });
  const path = await done(owner, "/settings/members", "invite", { email: "editor@shop.example", role: "editor" });
  const link = (await (await owner.get(path)).text()).match(/\/sign-up\?invitation=[\w-]+/)[0];
  await page.goto(link);
  await page.getByLabel("Your name").fill("Édith Roy");
  await page.getByLabel("Password").fill("only here to write it");
  await submit(page, "accept");
  for (const visited of ["/tracking", "/tracking?activate=1"]) {
    await page.goto(visited);
    await expect(page.getByRole("link", { name: email }).last()).toHaveAttribute("href", `mailto:${email}`);
    await expect(page.getByRole("link", { name: /^Activate/ })).toHaveCount(0);
    await noViolations(page);
  }
  const refused = await post(page.request, "/tracking", "activate", {
    rate: "whatsapp-lite-2025-01-01",
    text_version: "2026-11",
    basis: "on_record",
    accept_price: "on",
    accept_terms: "on",
  });
  expect(refused.status()).toBe(403);
  await owner.dispose();
});

test("countries parcels went to are proposed where there are none @plain", async ({ page }) => {
  await open(page.request);
  await ship(page.request, { order: "S-1", country: "BE", phone: "+32470000001" });
  await until(page.request, "/messages?q=S-1&tab=not_sent", /dec_\w+/);
  await page.goto("/tracking");
  await page.getByRole("button", { name: /^Belgium, \d+ pieces? of news in 30 days/ }).click();
  await expect(row(page, "BE")).toBeChecked();
  await expect(row(page, "BE")).toBeFocused();
  await cell(page, "BE", "delivered").check();
  expect((await saveMatrix(page)).status()).toBe(303);
  await expect(cell(page, "BE", "delivered")).toBeChecked();
});

for (const [state, path] of [
  ["the matrix with an open row", () => "/tracking?country=FR"],
  ["the list", () => "/tracking?view=list&country=FR"],
  ["a channel being prepared", (brand) => `/tracking?brand=${brand}&channel=sms`],
  ["a channel nobody touched", () => "/tracking?channel=email"],
  ["a copy", (brand) => `/tracking?copy=board:${brand}:sms`],
  ["the history", (brand) => `/tracking/history?brand=${brand}`],
]) {
  test(`${state} is readable in both languages, on a phone and at a desk`, async ({ page, inLook, noViolations }) => {
    await open(page.request);
    await send(page.request, "FR:delivered", "FR:shipped", "DE:delivered");
    const brand = await brandOf(page.request);
    await done(page.request, `/tracking?brand=${brand}&channel=sms`, "save_matrix", { version: "0", row: "IT", on: "IT" });
    await everyWidth(inLook, noViolations, async (tab) => {
      await tab.goto(path(brand));
      await expect(tab.getByRole("heading", { level: 1 })).toBeVisible();
    });
  });
}

test("targets are 24 px at a desk and 44 px on a phone", async ({ page, inLook }) => {
  await open(page.request);
  await send(page.request, "FR:delivered");
  for (const [width, least] of [[1440, 24], [360, 44]]) {
    await inLook({ width, scheme: "light", language: "fr" }, async (tab) => {
      await tab.goto("/tracking?country=FR");
      await expect(tab.locator(".staged.is-awake")).toBeVisible();
      const small = await tab.evaluate((least) => {
        const targets = [...document.querySelectorAll("main label:has(input), main button, main summary, main a.btn, main a.tab")];
        const visible = targets.filter((each) => each.getClientRects().length && getComputedStyle(each).clipPath === "none");
        return visible
          .map((each) => [each.textContent.trim().slice(0, 30), each.getBoundingClientRect()])
          .filter(([, { width, height }]) => width < least || height < least)
          .map(([text, { width, height }]) => `${text} ${width} x ${height}`);
      }, least);
      expect(small).toEqual([]);
    });
  }
});

test("a pause in switching brings the exact figures; without an answer the estimate stands", async ({ page }) => {
  await open(page.request);
  await send(page.request, "FR:delivered");
  await ship(page.request, { order: "D-1" });
  await until(page.request, "/messages?q=D-1&state=read", /msg_\w+/);
  await page.goto("/tracking");
  await expect(page.locator(".staged.is-awake")).toBeVisible();
  const exact = page.locator(".impact__exact");
  await cell(page, "FR", "shipped").check();
  await expect(exact).toContainText("Counting");
  await expect(exact).toContainText(/\+0\.16\sEUR a month: \+1 message,/);
  await expect(exact).toContainText("Shipped, France");

  await page.route("**/do/dry_run*", (route) => route.abort());
  await cell(page, "FR", "ready_to_ship").check();
  await expect(exact).toContainText("Not counted exactly");
  await expect(page.locator(".impact .big:visible")).toContainText("+0.32");
});

test("without scripts a button shows what the switches would have meant @plain", async ({ page, javaScriptEnabled, noViolations }) => {
  test.skip(javaScriptEnabled !== false, "with scripts the panel says it");
  await open(page.request);
  await send(page.request, "FR:delivered");
  await ship(page.request, { order: "D-2" });
  await until(page.request, "/messages?q=D-2&state=read", /msg_\w+/);
  await page.goto("/tracking");
  const version = await page.locator("#matrix [name=version]").inputValue();
  await cell(page, "FR", "shipped").check();
  await page.getByRole("button", { name: "Preview" }).click();
  const shown = page.getByRole("region", { name: "Counted over the last 30 days" });
  await expect(shown).toContainText(/\+0\.16\sEUR a month: \+1 message,/);
  await expect(cell(page, "FR", "shipped")).toBeChecked();
  await noViolations(page);
  await expect(page.locator("#matrix [name=version]")).toHaveValue(version);
  expect((await saveMatrix(page)).status()).toBe(303);
  await expect(cell(page, "FR", "shipped")).toBeChecked();
});

/** Two parcels of the month, delivered in France and told. */
async function shopWithTwoParcels(request) {
  await open(request);
  await send(request, "FR:delivered");
  for (const order of ["C-1", "C-2"]) {
    await ship(request, { order });
    await until(request, `/messages?q=${order}&state=read`, /msg_\w+/);
  }
}

test("a cap is asked about, with switches or alone, and is not saved", async ({ page, noViolations }) => {
  await shopWithTwoParcels(page.request);
  await page.goto("/tracking");
  await expect(page.locator(".staged.is-awake")).toBeVisible();
  const cap = panel(page).getByLabel("With a monthly cap, EUR");
  await expect(cap).toHaveAccessibleDescription(/Only a question: no cap is saved/);
  const exact = page.locator(".impact__exact");
  await expect(exact).toBeHidden();
  await cap.fill("0.20");
  await expect(exact).toContainText("The cap would have stopped 1 message.");
  await expect(exact).toContainText(/−0\.16\sEUR a month: −1 message, 1 in all/);
  await noViolations(page);
  await cap.fill("1,000.50");
  await expect(exact).toContainText("The cap would not have been reached.");
  await cap.fill("plenty");
  await expect(cap).toHaveAttribute("aria-invalid", "true");
  await expect(cap).toHaveAccessibleDescription(/Write the amount as 12000\.50/);
  await noViolations(page);
  await cap.fill("0.20");
  await cell(page, "FR", "shipped").check();
  await expect(exact).toContainText("The cap would have stopped 3 messages.");
  expect((await saveMatrix(page)).status()).toBe(303);
  await expect(cap).toHaveValue("");
  await expect(exact).toBeHidden();
});

test("without scripts a cap is asked about beside the preview @plain", async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled !== false, "with scripts the panel asks");
  await shopWithTwoParcels(page.request);
  await page.goto("/tracking");
  const cap = page.locator("#matrix").getByLabel("With a monthly cap, EUR");
  await cell(page, "FR", "shipped").check();
  await cap.fill("0,20");
  // Enter asks, too: nobody saves by asking.
  await cap.press("Enter");
  const shown = page.getByRole("region", { name: "Counted over the last 30 days" });
  await expect(shown).toContainText("The cap would have stopped 3 messages.");
  await expect(cap).toHaveValue("0,20");
  await expect(cell(page, "FR", "shipped")).toBeChecked();
  await cap.fill("plenty");
  await page.getByRole("button", { name: "Preview" }).click();
  await expect(cap).toHaveAttribute("aria-invalid", "true");
  await expect(cap).toHaveValue("plenty");
  await page.goto("/tracking");
  await expect(cell(page, "FR", "shipped")).not.toBeChecked();
});

for (const width of [360, 1280]) {
  test(`at ${width} px the bar says what was counted and leads to its parts`, async ({ page, inLook, noViolations }) => {
    await shopWithTwoParcels(page.request);
    for (const language of ["en", "fr"]) {
      await inLook({ width, scheme: "light", language }, async (tab) => {
        await tab.goto("/tracking?country=FR");
        await expect(tab.locator(".staged.is-awake")).toBeVisible();
        await expect(tab.locator("#cap")).toBeVisible();
        await cell(tab, "FR", "shipped").check();
        const bar = tab.locator(".savebar");
        await expect(bar).toContainText(language === "en" ? "Counted: +0.32 EUR a month, +2 messages." : "Compté : +0,32 EUR par mois, +2 messages.");
        const counted = tab.locator("#counted");
        await expect(counted).not.toBeInViewport({ ratio: 0.9 });
        await bar.getByRole("link").click();
        await expect(counted).toBeInViewport({ ratio: 0.9 });
        await expect(counted).toContainText(language === "en" ? "Shipped, France" : "Expédié, France");
        // From the top: what the bar covers while scrolled to the parts is no target of that moment.
        await tab.evaluate(() => scrollTo(0, 0));
        await noViolations(tab);
        const wider = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wider, language).toBeLessThanOrEqual(0);
      });
    }
  });
}

for (const width of [360, 1440]) {
  test(`at ${width} px nothing moves when the script arrives`, async ({ page, inLook }) => {
    await open(page.request);
    await send(page.request, "FR:delivered", "DE:shipped");
    for (const address of ["/tracking", "/tracking?country=FR", "/tracking?view=list&country=DE"]) {
      await inLook({ width, scheme: "light", language: "fr" }, async (tab) => {
        await tab.addInitScript(() => {
          window.shifts = [];
          new PerformanceObserver((list) => {
            for (const shift of list.getEntries()) window.shifts.push(shift);
          }).observe({ type: "layout-shift", buffered: true });
        });
        await tab.goto(address);
        await expect(tab.locator(".staged.is-awake")).toBeVisible();
        await tab.evaluate(() => document.fonts.ready.then(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))));
        const moved = await tab.evaluate(() =>
          window.shifts.map(({ value, sources }) => `${value.toFixed(4)} ${sources.map(({ node }) => node?.className ?? node?.nodeName).join(", ")}`),
        );
        const sum = await tab.evaluate(() => window.shifts.reduce((sum, { value }) => sum + value, 0));
        expect(sum, `${address} at ${width}: ${moved.join("; ")}`).toBeLessThan(0.005);
      });
    }
  });
}

test("without scripts the panel says what saving does and what a message costs @plain", async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled !== false, "with scripts the panel counts");
  await open(page.request);
  await send(page.request, "FR:delivered");
  for (const width of [1440, 360]) {
    await page.setViewportSize({ width, height: 900 });
    await page.goto("/tracking");
    await expect(panel(page)).toBeVisible();
    await expect(panel(page).getByRole("heading", { level: 2 })).toHaveText("What saving does", { useInnerText: true });
    await expect(panel(page)).toHaveAccessibleName("What saving does");
    await expect(panel(page)).toContainText("0.16 EUR per delivered message");
    await expect(panel(page)).toContainText("Save writes the ticks as they stand.");
    await expect(page.getByText("No changes").or(page.getByText("Press a stop")).filter({ visible: true })).toHaveCount(0);
  }
});

test("in the list each status says which text it sends, how it reads and what it costs @plain", async ({ page, noViolations, inLook, javaScriptEnabled }) => {
  await open(page.request);
  await send(page.request, "FR:delivered", "FR:shipped", "DE:delivered");
  await page.goto("/tracking?view=list&country=FR");
  const delivered = page.locator('td.s:has([name=cell][value="FR:delivered"])');
  await expect(delivered.locator(".cell__name small")).toHaveText(/None in 30 days · Approved · 0\.16\sEUR/);
  const says = delivered.locator("details");
  // In the country's language, filled, on one line.
  await expect(says.locator("summary")).toContainText("Maison Lune");
  await expect(says.locator("[lang=fr]")).toHaveCount(1);
  await expect(says.locator("summary")).not.toContainText("<<");
  await says.locator("summary").click();
  await expect(says).toContainText("French");
  await expect(says).toContainText("Approved");
  await expect(says).toContainText("0.16 EUR per delivered message");
  await noViolations(page);
  await says.getByRole("link").click();
  await expect(page).toHaveURL(/\/templates\/delivered\/fr\?brand=/);
  await page.goto("/tracking?country=FR");
  await expect(says).toBeHidden();
  if (javaScriptEnabled === false) return;
  for (const language of ["en", "fr"]) {
    for (const width of [360, 1440]) {
      await inLook({ width, scheme: "light", language }, async (tab) => {
        await tab.goto("/tracking?view=list&country=DE");
        const line = tab.locator('td.s:has([name=cell][value="DE:delivered"])').locator("summary");
        await expect(line).toBeVisible();
        // One line while it is closed.
        expect((await line.boundingBox()).height).toBeLessThanOrEqual(width === 360 ? 44 : 24);
        await line.click();
        await noViolations(tab);
        const wider = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wider, language).toBeLessThanOrEqual(0);
      });
    }
  }
});
