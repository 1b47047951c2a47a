// Templates: the list, the editor with its checks and preview, conflicts, what hostile input does, with and without scripts.

import { expect, lookInto, listen, looks, test, violations } from "./fixture.js";
import { isForm, isPreview } from "./steps.js";
import { brandOf, done, hidden, open, post, send as activate, ship, until } from "./shop.js";

const GOOD = "Hello <<first_name|there>>, your parcel from <<companyname>> is on its way to you today.";

/** The editor of a text, with the brand in its address. */
async function editor(page, { status = "out_for_delivery", language = "en", query = "" } = {}) {
  const brand = await brandOf(page.request);
  await page.goto(`/templates/${status}/${language}?brand=${brand}${query}`);
  return `/templates/${status}/${language}?brand=${brand}`;
}

const awake = (page) => expect(page.locator(".ed.is-awake")).toBeVisible();
const preview = (page) => page.getByRole("complementary", { name: "Preview" });
const found = (page, spot) => page.locator(`[id="${spot}-found"]`);

/** Presses a button that sends the form, and answers the first response. */
async function send(page, name) {
  const answered = page.waitForResponse(isForm);
  await page.getByRole("button", { name }).first().click();
  const response = await answered;
  await page.waitForLoadState();
  return response;
}

const SAVE = /^Save draft/;
const SUBMIT = /for review$/;

test("a text is written, saved, submitted, and its history tells so @plain", async ({ page, noViolations }) => {
  await open(page.request, { company: "Atelier Brume" });
  await page.goto("/templates");
  await expect(page.getByRole("heading", { level: 1, name: "Templates" })).toBeVisible();
  await noViolations(page);
  await page.getByRole("link", { name: "Out for delivery, English", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Out for delivery");
  await expect(page.locator("main")).toContainText("The text of the starter library.");
  await page.getByLabel("Message", { exact: true }).fill(GOOD);
  await page.getByLabel("Footer", { exact: true }).fill("Reply STOP to stop these messages.");
  expect((await send(page, SAVE)).status()).toBe(303);
  await expect(page.getByRole("status").filter({ hasText: "Saved." })).toBeVisible();
  await expect(page.getByLabel("Message", { exact: true })).toHaveValue(GOOD);
  await expect(preview(page)).toContainText("Hello Camille, your parcel from Atelier Brume is on its way to you today.");
  await expect(page.locator("main")).toContainText("Version 1");
  await noViolations(page);

  await page.getByRole("link", { name: "History" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("history");
  await expect(page.getByText("added", { exact: true }).first()).toBeVisible();
  await expect(page.locator(".changes")).toContainText("Ada Morel");
  await noViolations(page);
});

test("what stands in the way of a submission is shown at its place, and nothing is lost @plain", async ({ page, noViolations }) => {
  await open(page.request);
  await editor(page);
  const text = "<<first_name>> has {{carrier}} and <<nobody>> now";
  await page.getByLabel("Message", { exact: true }).fill(text);
  const response = await send(page, SUBMIT);
  expect(response.status()).toBe(422);
  const body = page.getByLabel("Message", { exact: true });
  await expect(body).toHaveValue(text);
  await expect(body).toHaveAttribute("aria-invalid", "true");
  await expect(body).toHaveAttribute("aria-describedby", /body-found/);
  await expect(found(page, "body")).toContainText("{{carrier}} is how another system writes a tag.");
  await expect(found(page, "body")).toContainText("<<nobody>> is not a tag.");
  await expect(page.getByRole("alert")).toContainText("Saved as a draft.");
  await noViolations(page);
  // It was saved: saving again is no conflict.
  await body.fill(GOOD);
  expect((await send(page, SAVE)).status()).toBe(303);
});

test("buttons: rows are filled, blank ones left out @plain", async ({ page, javaScriptEnabled }) => {
  await open(page.request);
  await editor(page);
  await page.getByLabel("Message", { exact: true }).fill(GOOD);
  if (javaScriptEnabled !== false) {
    await awake(page);
    await page.getByRole("button", { name: "Add a button" }).click();
    await expect(page.locator("#button_label-0")).toBeFocused();
    await page.getByRole("button", { name: "Add a button" }).click();
  }
  await page.locator("#button_label-0").fill("Follow it");
  await page.locator("#button_target-0").fill("https://track.example.com/<<tracking_number|none>>");
  await page.locator("#button_label-1").fill("Another time");
  await page.locator("#button_kind-1").selectOption("reply:reschedule");
  await expect(page.locator("#button_target-1")).toBeHidden();
  expect((await send(page, SAVE)).status()).toBe(303);
  await expect(page.locator("#button_label-1")).toHaveValue("Another time");
  await expect(page.locator("#button_kind-1")).toHaveValue("reply:reschedule");
  await expect(preview(page).locator(".bub__b")).toHaveText(["Follow it", "Another time"]);
});

test("buttons move up and down and leave, by the keyboard alone", async ({ page }) => {
  await open(page.request);
  await editor(page);
  await awake(page);
  for (const label of ["One", "Two", "Three"]) {
    await page.getByRole("button", { name: "Add a button" }).press("Enter");
    await expect(page.locator(".brow:visible").last().locator("[name=button_label]")).toBeFocused();
    await page.keyboard.type(label);
    await page.locator(".brow:visible").last().locator("select").selectOption("reply:track");
  }
  const labels = () => page.locator(".brow:visible [name=button_label]").evaluateAll((all) => all.map((each) => each.value));
  await page.getByRole("button", { name: "Move button 3 up" }).press("Enter");
  expect(await labels()).toEqual(["One", "Three", "Two"]);
  await expect(page.getByRole("button", { name: "Move button 2 up" })).toBeFocused();
  await page.getByRole("button", { name: "Remove button 1" }).press("Enter");
  expect(await labels()).toEqual(["Three", "Two"]);
  await expect(page.locator('[data-live="count:buttons"]')).toHaveText("2 of 10");
});

test("<< opens the menu of tags at the caret; a fallback is one key away", async ({ page, noViolations }) => {
  await open(page.request);
  await editor(page);
  await awake(page);
  const body = page.getByRole("textbox", { name: "Message", exact: true });
  await body.fill("");
  await body.pressSequentially("Hello <<first");
  const menu = page.getByRole("listbox", { name: "Tags" });
  await expect(menu).toBeVisible();
  await expect(menu.getByRole("option")).toHaveCount(1);
  await expect(menu).toContainText("not with every parcel");
  await expect(page.getByRole("combobox", { name: "Message", exact: true })).toHaveAttribute("aria-activedescendant", "tag-first_name");
  await noViolations(page);
  await page.keyboard.press("|");
  await page.keyboard.type("there");
  await expect(page.locator("#body")).toHaveValue("Hello <<first_name|there>>");
  await expect(menu).toBeHidden();
  await expect(body).toBeVisible();

  await page.keyboard.press("End");
  await page.keyboard.type(", by <<");
  await expect(menu.getByRole("group", { name: "Parcel" })).toBeVisible();
  await page.keyboard.type("carr");
  await page.keyboard.press("Enter");
  await page.keyboard.type(" today.");
  await expect(page.locator("#body")).toHaveValue("Hello <<first_name|there>>, by <<carrier>> today.");
  // Escape closes it and keeps what is written; Tab is free again.
  await page.keyboard.type(" <<x");
  await page.keyboard.press("Backspace");
  await expect(menu).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await page.keyboard.press("Tab");
  await expect(page.locator("#body")).not.toBeFocused();
});

test("each finding is repaired where it stands", async ({ page }) => {
  await open(page.request);
  await editor(page);
  await awake(page);
  const body = page.getByLabel("Message", { exact: true });
  await body.fill("Hello {{1}}, order [ORDER_ID] comes with <<Carrier>> today to you and yours, as was said.");
  await expect(found(page, "body")).toContainText("[ORDER_ID] is how another system writes a tag.");
  await expect(page.locator(".area__under .mark--bad").first()).toHaveText("{{1}}");
  await found(page, "body").getByRole("button", { name: "Convert to tags" }).first().click();
  await expect(body).toHaveValue("Hello <<first_name>>, order <<order_number>> comes with <<Carrier>> today to you and yours, as was said.");
  await found(page, "body").getByRole("button", { name: "Repair" }).click();
  await expect(body).toHaveValue(/<<carrier>>/);
  await expect(body).toHaveAttribute("aria-invalid", "false");
  // The sample parcels that get no message are named with the reason.
  await expect(page.locator("[data-live=samples]")).toContainText("No name missing: first_name.");
  await found(page, "body").getByRole("button", { name: "Add other words" }).first().click();
  await page.keyboard.type("there");
  await expect(body).toHaveValue(/<<first_name\|there>>/);
  await expect(page.locator("[data-live=samples]")).not.toContainText("No name");
});

test("the phone shows other parcels, in the light and in the dark @plain", async ({ page, javaScriptEnabled }) => {
  await open(page.request);
  const path = await editor(page);
  await page.getByLabel("Message", { exact: true }).fill("Hello <<first_name|there>>, <<carrier|we>> bring your parcel to you today.");
  expect((await send(page, SAVE)).status()).toBe(303);
  const choose = async (name) => preview(page).getByRole("link", { name }).click();
  await expect(preview(page)).toContainText("Hello Camille, PostNL bring your parcel");
  await choose("No name");
  await expect(preview(page)).toContainText("Hello there, PostNL");
  await choose("Long carrier");
  await expect(preview(page)).toContainText("Internationale Paketzustellungsgesellschaft");
  await choose("Arabic");
  await expect(preview(page)).toContainText("ليلى");
  await expect(preview(page).getByRole("link", { name: "Arabic" })).toHaveAttribute("aria-current", "true");
  if (javaScriptEnabled !== false) expect(page.url()).not.toContain("sample=");
  await preview(page).getByRole("switch", { name: "Dark phone" }).check();
  await expect(preview(page).locator(".glass--whatsapp")).toHaveCSS("color-scheme", "dark");
  expect(path).toContain("/templates/");
});

test.describe("in a window of its own", () => {
  // The test's own looking into the mail's window, where nothing may run.
  test.use({ forgive: [/about:srcdoc/] });

  test("the twins: parts of a text message, and a mail in its own window @plain", async ({ page, javaScriptEnabled, noViolations }) => {
    await open(page.request);
    await editor(page);
    await page.getByLabel("Message", { exact: true }).fill(GOOD);
    await page.getByText("SMS", { exact: true }).first().click();
    await page.getByLabel("Text message", { exact: true }).fill("Hello <<first_name|there>>, ê!");
    if (javaScriptEnabled !== false) {
      await expect(page.locator("[data-live=sms]")).toContainText("1 part, UCS-2, 40 left");
      await expect(page.locator("[data-live=sms]")).toContainText("“ê” makes every part shorter");
      await expect(preview(page)).toContainText("Hello Camille, ê!");
    }
    await page.getByText("E-mail", { exact: true }).first().click();
    await page.getByLabel("Subject", { exact: true }).fill("Order <<order_number|of yours>>");
    await page.getByLabel("Text", { exact: true }).last().fill("It comes today.");
    await page.getByLabel("Page (HTML), optional").fill("<p>By <b><<carrier|us>></b></p>");
    expect((await send(page, SAVE)).status()).toBe(303);
    await page.getByText("E-mail", { exact: true }).first().click();
    await expect(preview(page).locator(".mail__subject")).toHaveText("Order F-2026-1247");
    const frame = preview(page).locator("iframe");
    await expect(frame).toHaveAttribute("sandbox", "");
    await expect(frame.contentFrame().locator("b")).toHaveText("PostNL");
    await noViolations(page);
  });
});

test("words that sell are named, and the category they lead to", async ({ page }) => {
  await open(page.request);
  await editor(page);
  await awake(page);
  await page.getByLabel("Message", { exact: true }).fill("Hello <<first_name|there>>, your parcel is here, and 10 % off your next order.");
  await expect(page.locator("[data-live=prediction] mark")).toHaveText(["10 %"]);
  await expect(page.locator("[data-live=prediction]")).toContainText("Predicted: Marketing.");
  await expect(found(page, "body")).toContainText("“10 %” reads as advertising");
  await page.getByLabel("Marketing").check();
  await expect(found(page, "body")).not.toContainText("advertising");
});

test("a counter speaks at nine tenths and at the end", async ({ page }) => {
  await open(page.request);
  await editor(page);
  await awake(page);
  const body = page.getByLabel("Message", { exact: true });
  const spoken = page.locator("[data-live=full]");
  await body.fill("a".repeat(900));
  await expect(spoken).toHaveText("");
  await body.fill("a".repeat(922));
  await expect(spoken).toHaveText("922 of 1,024");
  await body.fill("a".repeat(1024));
  await expect(spoken).toHaveText("1,024 of 1,024");
});

test("hostile input is refused with its reason, and stays @plain", async ({ page, javaScriptEnabled }) => {
  await open(page.request);
  await editor(page);
  const body = page.getByLabel("Message", { exact: true });
  const bad = "Hello \u202Eevil\u202C and \u0007bell, <script>alert(1)</script>";
  await body.fill(bad);
  expect((await send(page, SAVE)).status()).toBe(422);
  await expect(body).toHaveValue(bad);
  await expect(found(page, "body")).toContainText("a character in it that nobody can see (U+202E)");
  if (javaScriptEnabled !== false) {
    await found(page, "body").getByRole("button", { name: "Repair" }).first().click();
    await expect(body).toHaveValue("Hello evil and bell, <script>alert(1)</script>");
    await expect(preview(page)).toContainText("<script>alert(1)</script>");
  }
  const long = "é".repeat(100_000);
  await body.fill(long);
  expect((await send(page, SAVE)).status()).toBe(422);
  expect(await body.inputValue()).toHaveLength(long.length);
  await expect(found(page, "body")).toContainText("Too much text");
});

test("two people at once: both texts are shown, and the second decides @plain", async ({ page, context }) => {
  await open(page.request);
  const path = await editor(page);
  const other = await context.newPage();
  await other.goto(path);
  const theirs = `${GOOD} Theirs.`;
  await page.getByLabel("Message", { exact: true }).fill(theirs);
  expect((await send(page, SAVE)).status()).toBe(303);
  const mine = `${GOOD} Mine.`;
  await other.getByLabel("Message", { exact: true }).fill(mine);
  expect((await send(other, SAVE)).status()).toBe(409);
  await expect(other.getByRole("heading", { name: "Somebody else saved meanwhile" })).toBeVisible();
  await expect(other.locator(".said", { hasText: "Theirs." })).toBeVisible();
  await expect(other.getByLabel("Message", { exact: true })).toHaveValue(mine);
  expect((await send(other, SAVE)).status()).toBe(303);
  await expect(other.getByLabel("Message", { exact: true })).toHaveValue(mine);
});

test("who was signed out meanwhile loses nothing @plain", async ({ page, context, noViolations, javaScriptEnabled }) => {
  await open(page.request);
  const path = await editor(page);
  const session = await context.cookies();
  const text = `${GOOD} Kept.`;
  await page.getByLabel("Message", { exact: true }).fill(text);
  await context.clearCookies();
  expect((await send(page, SAVE)).status()).toBe(401);
  await expect(page.getByRole("heading", { name: "You were signed out" })).toBeVisible();
  await noViolations(page);
  // Signed in again, in another tab.
  await context.addCookies(session);
  if (javaScriptEnabled !== false) {
    // Whoever goes to the page instead finds it there, too.
    const tab = page;
    await tab.goto(path);
    await expect(tab.getByText("What you typed is still here.")).toBeVisible();
    await tab.getByRole("button", { name: "Bring it back" }).click();
    await expect(tab.getByLabel("Message", { exact: true })).toHaveValue(text);
    expect((await send(tab, SAVE)).status()).toBe(303);
  } else {
    expect((await send(page, "Send again")).status()).toBe(303);
  }
  await expect(page.getByLabel("Message", { exact: true })).toHaveValue(text);
});

test("leaving with unsaved words asks first", async ({ page }) => {
  await open(page.request);
  await editor(page);
  await awake(page);
  await page.getByLabel("Message", { exact: true }).pressSequentially("More.");
  await expect(page.getByText("Not saved yet")).toBeVisible();
  const asked = page.waitForEvent("dialog");
  const leaving = page.getByRole("link", { name: "History" }).click();
  const dialog = await asked;
  expect(dialog.type()).toBe("beforeunload");
  await dialog.dismiss();
  await leaving;
  await expect(page.getByLabel("Message", { exact: true })).toHaveValue(/^More\./);
});

test("another language begins with a text that is there, and any of Meta's can be added @plain", async ({ page, noViolations, javaScriptEnabled }) => {
  await open(page.request);
  await editor(page, { language: "en" });
  await page.locator("summary", { hasText: "Add a language" }).click();
  const links = page.locator("[data-search] li:visible");
  const brazilian = page.getByRole("link", { name: /^Portuguese \(Brazil\) · Português \(BR\)/ });
  if (javaScriptEnabled === false) {
    await brazilian.click();
  } else {
    const field = page.getByRole("searchbox", { name: "Language" });
    await expect(field).toBeFocused();
    await field.fill("bresil");
    await expect(links).toHaveCount(0);
    // By its own name as well, without its accents.
    await field.fill("portugues");
    await expect(links).toHaveCount(2);
    await expect(page.getByText("2 languages shown")).toBeVisible();
    await noViolations(page);
    await field.fill("portugues br");
    await expect(links).toHaveCount(1);
    await page.keyboard.press("Enter");
  }
  await expect(page).toHaveURL(/\/templates\/out_for_delivery\/pt_BR\?/);
  await expect(page.getByLabel("Message", { exact: true })).toHaveValue(/on the vehicle/);
  await page.getByLabel("Message", { exact: true }).fill("Olá <<first_name|cliente>>, a sua encomenda chega hoje a sua casa.");
  expect((await send(page, SAVE)).status()).toBe(303);
  await expect(page.getByRole("navigation", { name: "Languages" })).toContainText("Portuguese (Brazil) Draft");
  expect((await page.goto("/templates/out_for_delivery/xx")).status()).toBe(404);
});

test("drafts that pass are submitted together; the list finds texts by words, language and state @plain", async ({ page, noViolations }) => {
  await open(page.request);
  const brand = await brandOf(page.request);
  const write = (status, language, body) =>
    done(page.request, `/templates/${status}/${language}?brand=${brand}`, "save", { version: "0", revision: "0", category: "utility", body });
  await write("delivered", "de", "Hallo <<first_name|du>>, dein Paket ist da, viel Freude damit.");
  await write("delivered", "nl", "<<first_name>>");
  await page.goto(`/templates?brand=${brand}`);
  await page.getByLabel("Search in the texts").fill("viel freude");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByRole("link", { name: "German" })).toBeVisible();
  await expect(page.locator("main table a")).toHaveCount(1);
  await page.getByLabel("Search in the texts").fill("nobody wrote this");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.getByText("No text fits these filters")).toBeVisible();
  await page.getByRole("link", { name: "Clear filters" }).first().click();
  await page.getByLabel("State").selectOption("draft");
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await expect(page.locator("main table a")).toHaveCount(2);
  await page.getByText("1 draft passes every check").click();
  await noViolations(page);
});

test("who may only look sees the text and cannot change it @plain", async ({ page, playwright, baseURL, noViolations }) => {
  const owner = await playwright.request.newContext({ baseURL });
  await open(owner);
  const path = await done(owner, "/settings/members", "invite", { email: `reader-${Date.now()}@shop.example`, role: "viewer" });
  const link = (await (await owner.get(path)).text()).match(/\/sign-up\?invitation=[\w-]+/)[0];
  await page.goto(link);
  await page.getByLabel("Your name").fill("Zoé Petit");
  await page.getByLabel("Password").fill("only here to look at it");
  await page.getByRole("button").first().press("Enter");
  const brand = await brandOf(owner);
  await page.goto(`/templates/delivered/en?brand=${brand}`);
  await expect(page.locator("main")).toContainText("Your role may read templates.");
  await expect(page.getByLabel("Message", { exact: true })).toBeDisabled();
  await expect(page.getByRole("button", { name: SAVE })).toHaveCount(0);
  const refused = await post(page.request, `/templates/delivered/en?brand=${brand}`, "save", { version: "0", revision: "0", category: "utility", body: GOOD });
  expect(refused.status()).toBe(403);
  await noViolations(page);
  await owner.dispose();
});

test("an earlier version comes back as the draft; a draft is thrown away @plain", async ({ page }) => {
  await open(page.request);
  const path = await editor(page);
  await page.getByLabel("Message", { exact: true }).fill(GOOD);
  expect((await send(page, SAVE)).status()).toBe(303);
  await page.goto(path.replace("?", "/history?"));
  await page.locator("summary", { hasText: "Bring this version back" }).first().click();
  expect((await send(page, "Make it the draft")).status()).toBe(303);
  await expect(page.getByLabel("Message", { exact: true })).toHaveValue(/^Good news/);
  await page.locator("summary", { hasText: "Discard draft" }).click();
  expect((await send(page, "Throw this draft away")).status()).toBe(303);
  await expect(page.locator("main")).toContainText("The text of the starter library.");
  expect(await hidden(page.request, path, "version")).toBe("0");
});

test("on a phone the preview is one tap away @phone", async ({ page }) => {
  await open(page.request);
  await editor(page);
  await page.setViewportSize({ width: 360, height: 740 });
  const side = page.locator(".editor__side");
  await expect(side).toBeHidden();
  await page.locator("label[for=pane-preview]").click();
  await expect(side).toBeVisible();
  await expect(page.locator("#template")).toBeHidden();
  await page.locator("label[for=pane-edit]").click();
  await expect(page.locator("#body")).toBeVisible();
});

/** A shop whose only parcel of the month was delivered in France, and told. */
async function shopWithAParcel(request) {
  await open(request);
  await activate(request, "FR:delivered");
  await ship(request, { order: "T-1" });
  await until(request, "/messages?q=T-1&state=read", /msg_\w+/);
}

const panel = (page) => page.getByRole("region", { name: "The last 30 days with this text" });
const LACKING = "Bonjour <<first_name|vous>>, votre colis avec <<items>> est bien arrivé.";
const FALLBACK = LACKING.replace("items>>", "items|vos achats>>");

test("a pause in typing brings what the last 30 days would have become, and only where something matters", async ({ page, noViolations }) => {
  await shopWithAParcel(page.request);
  await page.clock.install();
  const asked = [];
  page.on("request", (request) => isPreview(request) && asked.push(request));
  await editor(page, { status: "delivered", language: "fr" });
  await awake(page);
  const said = panel(page).getByRole("status");
  await expect(said).toContainText("Counted over your own parcels");
  const body = page.getByLabel("Message", { exact: true });
  await body.fill(LACKING);
  await expect(said).toContainText("It is counted again when you pause");
  expect(asked).toHaveLength(0);
  await page.clock.runFor(2_000);
  await expect(said).toHaveText("−1 message, −0.16 EUR.");
  await expect(panel(page).getByRole("row", { name: "Messages 1 0" })).toBeVisible();
  await expect(panel(page).getByRole("row", { name: "All tags have a value 0 1" })).toBeVisible();
  await noViolations(page);

  // Other words decide nothing.
  await body.fill(LACKING.replace("Bonjour", "Bonsoir"));
  await expect(preview(page)).toContainText("Bonsoir");
  await page.clock.runFor(5_000);
  expect(asked).toHaveLength(1);
  await body.fill(FALLBACK);
  await page.clock.runFor(2_000);
  await expect(said).toHaveText("As many messages as it stands: 1.");
  expect(asked).toHaveLength(2);
  await page.getByLabel("Marketing").check();
  await page.clock.runFor(2_000);
  await expect(said).toHaveText("−1 message, −0.16 EUR.");
  await expect(panel(page).getByRole("row", { name: "Advertising 0 1" })).toBeVisible();

  // What has to be repaired first is not counted.
  await body.fill("{{1}}");
  await expect(said).toContainText("Repair what is marked first");
  await page.clock.runFor(5_000);
  expect(asked).toHaveLength(3);
});

test("a text is counted when the button is pressed, and everything typed stays @plain", async ({ page, javaScriptEnabled, noViolations }) => {
  await shopWithAParcel(page.request);
  await editor(page, { status: "delivered", language: "fr" });
  if (javaScriptEnabled !== false) await awake(page);
  const body = page.getByLabel("Message", { exact: true });
  await body.fill(LACKING);
  await panel(page).getByRole("button", { name: "What would this have done?" }).click();
  await expect(panel(page).getByRole("status")).toHaveText("−1 message, −0.16 EUR.");
  await expect(panel(page).getByRole("row", { name: "Cost, EUR 0.16 0.00" })).toBeVisible();
  await expect(panel(page)).toBeInViewport();
  await expect(body).toHaveValue(LACKING);
  await noViolations(page);
  await expect(page.locator("main")).toContainText("The text of the starter library.");
  expect((await send(page, SAVE)).status()).toBe(303);
  await expect(body).toHaveValue(LACKING);
});

test("what stands in the way of a count is said, and saving goes on", async ({ page }) => {
  await shopWithAParcel(page.request);
  await editor(page, { status: "delivered", language: "fr" });
  await awake(page);
  const said = panel(page).getByRole("status");
  const ask = () => panel(page).getByRole("button", { name: "What would this have done?" }).click();
  const body = page.getByLabel("Message", { exact: true });
  const answer = async (how) => {
    await page.unroute("**/templates/**");
    await page.route("**/templates/**", (route) => (isPreview(route.request()) ? how(route) : route.fallback()));
  };
  await answer((route) => route.abort());
  await ask();
  await expect(said).toHaveText("Not counted. The server did not answer. Try again. Saving and submitting work as before.");
  await answer((route) => route.fulfill({ status: 503, body: "busy" }));
  await ask();
  await expect(said).toHaveText(/^Not counted\. The server did not answer/);
  await answer((route) => route.fulfill({ status: 401, body: "signed out" }));
  await ask();
  await expect(said).toHaveText(/^Not counted\. You are signed out\./);
  // Whatever the status, the page says why.
  await answer(async (route) => {
    const response = await route.fetch();
    const page = (await response.text()).replace(/(id="forecast-said"[^>]*>)[^<]*/, "$1Not counted. Only one count runs at a time.");
    await route.fulfill({ response, status: 429, body: page });
  });
  await ask();
  await expect(said).toHaveText("Not counted. Only one count runs at a time.");
  await page.unroute("**/templates/**");
  await body.fill(FALLBACK);
  expect((await send(page, SAVE)).status()).toBe(303);
});

test("the panel of the last 30 days looks right everywhere", async ({ page, inLook, noViolations }) => {
  test.setTimeout(240_000);
  await shopWithAParcel(page.request);
  const path = await editor(page, { status: "delivered", language: "fr" });
  for (const look of looks) {
    await inLook(look, async (tab) => {
      await tab.goto(path);
      await awake(tab);
      await tab.locator("#body").fill(LACKING);
      await tab.locator("#forecast button").click();
      await expect(tab.locator("#forecast-answer table")).toBeVisible();
      await expect(tab.locator("#forecast-answer")).toHaveAttribute("aria-busy", "false");
      const wider = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wider, JSON.stringify(look)).toBeLessThanOrEqual(0);
      await noViolations(tab);
    });
  }
});

test("the editor, its refusals, the list and the timeline look right everywhere", async ({ page, browser, baseURL }) => {
  test.setTimeout(240_000);
  await open(page.request);
  const path = await editor(page);
  await done(page.request, path, "save", { version: "0", revision: "0", category: "utility", body: `${GOOD} {{1}} <<nobody>>`, footer: "<<x>>" });
  const wrong = [];
  for (const look of looks) {
    const context = await lookInto(browser, baseURL, look, await page.context().storageState());
    const tab = await context.newPage();
    const complaints = listen(tab, []);
    for (const address of [path, path.replace("?", "/history?"), "/templates"]) {
      await tab.goto(address);
      if (address === path) await awake(tab);
      const name = `${address.split("?")[0]} ${JSON.stringify(look)}`;
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) wrong.push(`${name}: ${wide} px too wide`);
      wrong.push(...(await violations(tab)).map((what) => `${name}: ${what}`));
    }
    wrong.push(...complaints);
    await context.close();
  }
  expect(wrong).toEqual([]);
});
