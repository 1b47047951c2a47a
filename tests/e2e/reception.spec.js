// How messages are received: the list of texts with its figures, the alarm and what it leads to, who can be told, and trying.

import { expect, lookName, looks, test } from "./fixture.js";
import { brandOf, done, open, send, until } from "./shop.js";
import { cell, saveMatrix } from "./steps.js";

const number = (n) => `+33639${String(970100 + n)}`;

/** Tells about parcels of as many people, by the API. */
async function tell(request, status, people, { country = "FR", locale } = {}) {
  const keys = await done(request, "/settings/keys", "create", { name: "tests", scope: ["write"] });
  const key = (await (await request.get(keys)).text()).match(/fct_\w+/)[0];
  const events = Array.from({ length: people }, (_, n) => ({
    specversion: "1.0",
    id: `${status}-${country}-${n}`,
    source: "shop",
    type: `shop.parcel.${status}`,
    time: new Date().toISOString(),
    data: {
      order_number: `R-${status}-${n}`,
      tracking_number: `T-${status}-${country}-${n}`,
      locale,
      recipient: { phone: number(n), country, name: "Camille Durand" },
    },
  }));
  for (let start = 0; start < people; start += 50) {
    const response = await request.post(`/api/v1/events?brand=${await brandOf(request)}`, {
      data: events.slice(start, start + 50),
      headers: { authorization: `Bearer ${key}` },
    });
    expect(response.status(), await response.text()).toBe(202);
  }
}

/** People say no with the link that mail programs click. */
async function stop(facteur, request, people) {
  const brand = await brandOf(request);
  for (const n of people) {
    const link = (await facteur.command("link", "--brand", brand, "--to", number(n))).trim();
    const response = await request.post(link, { form: { "List-Unsubscribe": "One-Click" } });
    expect(response.ok(), await response.text()).toBe(true);
  }
}

/** A shop where 110 people were told that their parcel is on its way, and some of them said no. */
async function shop(facteur, request, refusing) {
  await open(request, { company: "Atelier Brume" });
  await send(request, "FR:delivered", "FR:out_for_delivery", "DE:delivered");
  await tell(request, "out_for_delivery", 110);
  // Whatever was sent is on the phones.
  await expect.poll(async () => delivered(request), { timeout: 30_000 }).toBe(110);
  await stop(facteur, request, refusing);
}

/** How many messages of the list are said to be delivered. */
async function delivered(request) {
  const found = (await (await request.get("/templates")).text()).match(/of (\d+) delivered/);
  return found ? Number(found[1]) : 0;
}

/** Looks at a page in every look, with axe, and nothing scrolls sideways. */
async function everyLook(inLook, noViolations, path, ready) {
  for (const look of looks) {
    await inLook(look, async (page) => {
      await page.goto(path);
      await expect(page.locator(ready).first()).toBeVisible();
      await noViolations(page);
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wider, `${path} scrolls sideways in ${lookName(look)}`).toBeLessThanOrEqual(0);
    });
  }
}

const text = (page, status, language) => page.getByRole("row").filter({ has: page.getByRole("link", { name: `${status}, ${language}`, exact: true }) });

test("the list says what each text sent, who read it and who stopped, and too many are said where they matter", async ({ page, facteur, inLook, noViolations }) => {
  test.setTimeout(120_000);
  await shop(facteur, page.request, [0, 1, 2]);
  await page.goto("/templates");
  const told = text(page, "Out for delivery", "French");
  await expect(told).toContainText("France");
  await expect(told.locator("td.num").nth(0)).toHaveText(/110$/);
  await expect(told.locator("td.num").nth(1)).toHaveText(/\d+\s%$/);
  await expect(told.locator("td.num").nth(2)).toHaveText(/3 2\.7\s%$/);
  await expect(text(page, "Delivered", "French").locator("td.num").nth(0)).toHaveText(/–$/);
  await expect(text(page, "Delivered", "German")).toContainText("Germany");
  await expect(page.locator("#out_for_delivery")).toContainText("3 of 110 stopped");
  await expect(page.locator("#delivered")).not.toContainText("stopped");
  // What nobody's country needs is folded; German is needed for one status, and so shown.
  await expect(page.getByRole("link", { name: "Delivered, Spanish" })).toBeHidden();
  await page.getByText("Other languages of the library: Dutch, Italian, Spanish").click();
  await expect(page.getByRole("link", { name: "Delivered, Spanish" })).toBeVisible();
  await noViolations(page);
  // A filter folds nothing.
  await page.goto("/templates?language=es");
  await expect(page.getByRole("link", { name: "Delivered, Spanish" })).toBeVisible();
  await expect(page.locator("details.texts__others")).toHaveCount(0);

  // The overview tells, and leads to the line in the matrix's page.
  await page.goto("/overview");
  const alarm = page.locator(".note", { hasText: "3 of 110 who got “Out for delivery” from Atelier Brume stopped messages." });
  await expect(alarm).toBeVisible();
  await alarm.getByRole("link").click();
  await expect(page).toHaveURL(/\/tracking\?.*#concern-out_for_delivery$/);
  const line = page.locator("#concern-out_for_delivery");
  await expect(line).toContainText("3 of 110 who got “Out for delivery” stopped messages: consider switching it off.");
  await noViolations(page);
  await everyLook(inLook, noViolations, "/templates", ".table--texts");
  await everyLook(inLook, noViolations, "/tracking", ".concerns");

  // Switching it off is a proposal that one Save writes; then there is nothing to think about.
  await line.getByRole("link", { name: "Switch it off everywhere" }).click();
  await expect(page.getByRole("heading", { name: "Out for delivery switched off everywhere" })).toBeVisible();
  await expect(cell(page, "FR", "out_for_delivery")).not.toBeChecked();
  await expect(cell(page, "FR", "delivered")).toBeChecked();
  expect((await saveMatrix(page)).status()).toBe(303);
  await page.goto("/tracking");
  await expect(cell(page, "FR", "out_for_delivery")).not.toBeChecked();
  await expect(page.locator(".concerns")).toHaveCount(0);
  await page.goto("/overview");
  await expect(page.locator(".note", { hasText: "stopped messages" })).toHaveCount(0);
});

test("one who stops is no alarm @plain", async ({ page, facteur }) => {
  test.setTimeout(120_000);
  await shop(facteur, page.request, [5]);
  await page.goto("/templates");
  await expect(text(page, "Out for delivery", "French").locator("td.num").nth(2)).toHaveText(/1 0\.9\s%$/);
  await expect(page.locator("#out_for_delivery")).not.toContainText("stopped");
  await page.goto("/tracking");
  await expect(page.locator("#matrix")).toBeAttached();
  await expect(page.locator(".concerns")).toHaveCount(0);
  await page.goto("/overview");
  await expect(page.locator(".note", { hasText: "stopped messages" })).toHaveCount(0);
});

test("a text that repeats another one says so @plain", async ({ page }) => {
  await open(page.request);
  const brand = await brandOf(page.request);
  await page.goto(`/templates/delivered/en?brand=${brand}`);
  const body = await page.getByLabel("Message", { exact: true }).inputValue();
  const footer = await page.getByLabel("Footer", { exact: true }).inputValue();
  const save = (status, more) =>
    done(page.request, `/templates/${status}/en?brand=${brand}`, "save", { version: "0", revision: "0", category: "utility", footer, ...more });
  // As marketing it is a version of its own, though it says the same.
  await save("delivered", { body, category: "marketing" });
  await save("shipped", { body: "Hello <<first_name|there>>, your parcel left us today." });
  await page.goto(`/templates?brand=${brand}`);
  await expect(text(page, "Delivered", "English")).toContainText("word for word the library’s");
  await expect(text(page, "Shipped", "English")).not.toContainText("word for word");
});

test("who can be told, and why not the others @plain", async ({ page, inLook, noViolations, javaScriptEnabled }) => {
  await open(page.request, { company: "Atelier Brume" });
  await send(page.request, "FR:delivered");
  await tell(page.request, "delivered", 4);
  await tell(page.request, "delivered", 1, { country: "IT" });
  await until(page.request, "/consent", /4 told of 4|4 of 4 told/);
  await page.goto("/consent");
  const reach = page.getByRole("table", { name: "Who can be told" });
  await expect(reach.getByRole("row", { name: /^Atelier Brume WhatsApp 4/ })).toContainText("Everybody was told.");
  await noViolations(page);
  // One more, whose country is off.
  await done(page.request, "/simulate", "simulate", {
    brand: await brandOf(page.request), journey: "", status: "delivered", country: "IT", phone: "+393200000142", name: "Giulia", order: "R-IT",
  });
  await until(page.request, "/consent", /4 of 5 told/);
  await page.reload();
  await expect(reach).toContainText("80");
  await reach.getByRole("link", { name: "The country is off" }).click();
  await expect(page).toHaveURL(/\/messages\?.*reason=country_on/);
  await expect(page.locator("main")).toContainText("R-IT");
  if (javaScriptEnabled !== false) await everyLook(inLook, noViolations, "/consent", ".table--reach");
});

test("a status is tried from the matrix, a text from its editor @plain", async ({ page, noViolations }) => {
  await open(page.request);
  await send(page.request, "FR:delivered", "DE:delivered", "DE:shipped");
  await page.goto("/tracking");
  await page.locator(".land__btn", { hasText: "Germany" }).click();
  await page.getByRole("link", { name: "Try Shipped" }).click();
  const form = page.locator("form:has(> input[name=act][value=simulate])");
  await expect(form.locator("[name=status]")).toHaveValue("shipped");
  await expect(form.locator("[name=country]")).toHaveValue("DE");
  await expect(form.locator("[name=journey][value='']")).toBeChecked();
  await noViolations(page);

  // The French text of a news that is told in Germany alone: to somebody there who reads French.
  await page.goto(`/templates/shipped/fr?brand=${await brandOf(page.request)}`);
  await page.getByRole("link", { name: "Try it on a phone" }).click();
  await expect(form.locator("[name=country]")).toHaveValue("DE");
  await expect(form.locator("[name=language]")).toHaveValue("fr");
  await form.locator("[name=phone]").fill("+4917139200133");
  await form.locator("[name=order]").fill("R-TRY");
  await form.getByRole("button", { name: "Send the parcel" }).click();
  await until(page.request, "/messages?q=R-TRY&state=read", /msg_\w+/);
  const found = (await (await page.request.get("/messages?q=R-TRY")).text()).match(/\/messages\/(msg_\w+)/)[0];
  await page.goto(found);
  await expect(page.locator("main")).toContainText(/est partie de chez/);
});
