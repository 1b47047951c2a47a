// What becomes of a text after its submission: refused with a reason and a repair, approved, paused, stopped, made marketing.

import { expect, listen, lookInto, looks, test, violations } from "./fixture.js";
import { isForm, reloadUntil } from "./steps.js";
import { brandOf, done, hidden, open, send as activate, ship, until } from "./shop.js";

const STATUS = "delivered";
const GOOD = "Bonjour <<first_name|à vous>>, votre colis <<order_number|attendu>> est bien arrivé. À très vite.";
const SELLS = "Bonjour <<first_name|à vous>>, votre colis <<order_number|attendu>> est là. Profitez de 10 % de remise !\nMerci.";
const SHOUTS = "BONJOUR, VOTRE COLIS <<order_number|attendu>> EST ARRIVÉ. MERCI DE VOTRE CONFIANCE.";

/** The name of a brand's version at the provider, as the server makes it. */
const nameOf = (brand, version) => `f_${brand.toLowerCase().slice(-10)}_${STATUS}_${version}`;

/** The sandbox's reviewers, playing Meta's, for the texts of one brand. */
function reviewers(request, sandboxURL, brand) {
  const call = async (path, data) => {
    const response = await request.post(`${sandboxURL}/control/${path}`, { data });
    expect(response.status(), await response.text()).toBe(200);
    return response.json();
  };
  return {
    /** Says how the review of a version ends; also of one that is not submitted yet. */
    say: (version, verdict, more = {}) => call("reviews", { name: nameOf(brand, version), verdict, delay_ms: 0, ...more }),
    /** Something happens to a version that was approved. */
    happens: async (version, what) => {
      const sender = (await (await request.get(`/settings/brands/${brand}`)).text()).match(/\b[1-9]\d{14}\b/)[0];
      return call("templates", { phone_number_id: sender, name: nameOf(brand, version), language: "fr", ...what });
    },
    /** What a phone read last. */
    read: async (phone) => {
      const messages = async () => (await (await request.get(`${sandboxURL}/control/messages?to=${phone}`)).json()).data;
      await expect.poll(async () => (await messages()).length, { timeout: 20_000 }).toBeGreaterThan(0);
      return (await messages()).at(-1).text;
    },
  };
}

/** A shop that tells France about deliveries, and the French text's page. */
async function shop(request, sandboxURL) {
  await open(request, { company: "Atelier Brume" });
  await activate(request, "FR:delivered");
  const brand = await brandOf(request);
  const path = `/templates/${STATUS}/fr?brand=${brand}`;
  return { brand, path, ...reviewers(request, sandboxURL, brand) };
}

/** Submits a text without a page, for tests that begin after it. */
async function submit(request, path, body) {
  const [version, revision] = [await hidden(request, path, "version"), await hidden(request, path, "revision")];
  await done(request, path, "submit", { version, revision, category: "utility", header_kind: "none", body });
}

const body = (page) => page.getByLabel("Message", { exact: true });
const note = (page, text) => page.locator(".editor__notes .note", { hasText: text });

async function press(page, name) {
  const answered = page.waitForResponse(isForm);
  await page.getByRole("button", { name }).first().click();
  const response = await answered;
  await page.waitForLoadState();
  return response;
}

/** The text's row in the list of texts. */
const listed = (page) => page.getByRole("row").filter({ has: page.getByRole("link", { name: "Delivered, French", exact: true }) });

test("a refused text says why, shows where and how to repair it; the one before goes on until then @plain", async ({
  page,
  sandboxURL,
  noViolations,
  javaScriptEnabled,
}) => {
  const { path, say, read } = await shop(page.request, sandboxURL);
  await submit(page.request, path, GOOD);
  await until(page.request, path, /Approved and sending/);
  await say(2, "reject", { reason: "PROMOTIONAL" });
  await page.goto(path);
  await body(page).fill(SELLS);
  expect((await press(page, /for review$/)).status()).toBe(303);
  const refusal = note(page, "WhatsApp refused it");
  // The reason comes a moment after the verdict.
  await reloadUntil(page, refusal.filter({ hasText: "it advertises" }));
  await expect(refusal).toContainText("it advertises, and was submitted as utility.");
  await expect(refusal).toContainText("What helps: take out what sells, or choose marketing.");
  // Words that one repair settles are one line.
  await expect(refusal.getByRole("listitem")).toHaveCount(1);
  await expect(refusal).toContainText("“Profitez, 10 %, remise” reads as advertising");
  await expect(refusal).toContainText("Version 1 goes on sending.");
  await expect(body(page)).toHaveValue(SELLS);
  await noViolations(page);
  await ship(page.request, { order: "70001", phone: "+33639982001", status: STATUS });
  expect(await read("+33639982001")).toContain("votre colis 70001 est bien arrivé");

  const repaired = SELLS.replace(" Profitez de 10 % de remise !", "");
  if (javaScriptEnabled === false) {
    await body(page).fill(repaired);
  } else {
    await refusal.getByRole("button", { name: "Take the sentence out" }).first().click();
    await expect(body(page)).toHaveValue(repaired);
    await expect(refusal).toContainText("Nothing in this text shows it any more. Submit it again.");
    await noViolations(page);
  }
  // Saved as a draft, it still knows what it answers to.
  expect((await press(page, /^Save draft/)).status()).toBe(303);
  await expect(note(page, "WhatsApp refused version 2")).toContainText("Nothing in this text shows it any more.");
  expect((await press(page, /for review$/)).status()).toBe(303);
  await reloadUntil(page, page.getByText("Approved and sending"));
  await expect(refusal).toHaveCount(0);
  await ship(page.request, { order: "70002", phone: "+33639982002", status: STATUS });
  expect(await read("+33639982002")).toBe("Bonjour Camille, votre colis 70002 est là.\nMerci.");

  await page.goto(path.replace("?", "/history?"));
  await expect(page.locator(".changes")).toContainText(/Rejected\s*it advertises, and was submitted as utility\./);
});

test("marketing settles it as well, by one press", async ({ page, sandboxURL }) => {
  const { path, say } = await shop(page.request, sandboxURL);
  await say(1, "reject", { reason: "INCORRECT_CATEGORY" });
  await submit(page.request, path, SELLS);
  await until(page.request, path, /WhatsApp refused it/);
  await page.goto(path);
  await expect(page.locator(".ed.is-awake")).toBeVisible();
  const refusal = note(page, "WhatsApp refused it");
  await expect(refusal).toContainText("The starter library’s text goes on sending.");
  await refusal.getByRole("button", { name: "Choose Marketing" }).click();
  await expect(page.getByLabel("Marketing")).toBeChecked();
  await expect(refusal).toContainText("Nothing in this text shows it any more.");
});

test("the reviewers' own words are quoted, and capitals are repaired where they stand", async ({ page, sandboxURL, noViolations }) => {
  const { path } = await shop(page.request, sandboxURL);
  await submit(page.request, path, SHOUTS);
  await until(page.request, path, /WhatsApp refused it/);
  await page.goto(path);
  await expect(page.locator(".ed.is-awake")).toBeVisible();
  const refusal = note(page, "WhatsApp refused it");
  await expect(refusal).toContainText("the text has a form it does not accept.");
  await expect(refusal.locator("q")).toContainText("The body is written in capital letters.");
  await expect(refusal).not.toContainText("INVALID_FORMAT");
  await noViolations(page);
  await refusal.getByRole("link", { name: "Show in: Message" }).click();
  await expect(page.locator("#body")).toBeFocused();
  await refusal.getByRole("button", { name: "Write it in small letters" }).click();
  await expect(body(page)).toHaveValue("Bonjour, votre colis <<order_number|attendu>> est arrivé. Merci de votre confiance.");
});

test("each finding the provider would refuse has its repair, in the text's language", async ({ page }) => {
  await open(page.request);
  await page.goto(`/templates/${STATUS}/fr?brand=${await brandOf(page.request)}`);
  await expect(page.locator(".ed.is-awake")).toBeVisible();
  const found = page.locator("#body-found");
  await body(page).fill("<<first_name|à vous>>, votre colis avec <<carrier|nous>> <<order_number|attendu>> arrive chez vous");
  await found.getByRole("button", { name: "Put words there" }).click();
  await found.getByRole("button", { name: "Put a comma between" }).click();
  await expect(body(page)).toHaveValue("Bonjour <<first_name|à vous>>, votre colis avec <<carrier|nous>>, <<order_number|attendu>> arrive chez vous");
  await body(page).fill("Your parcel is here with the best of our wishes, see bit.ly/x for your password.");
  await expect(found).toContainText("“your, parcel, with” read as another language than this text’s");
  await expect(found).toContainText("“bit.ly” hides where the link leads");
  await expect(found).toContainText("“password”: a message that seems to ask for this is refused as a fraud.");
});

test("paused, stopped and made marketing: the text's page, the list and the overview say what that means @plain", async ({
  page,
  sandboxURL,
  noViolations,
}) => {
  const { path, happens, read } = await shop(page.request, sandboxURL);
  await submit(page.request, path, GOOD);
  await until(page.request, path, /Approved and sending/);

  await happens(1, { status: "PAUSED" });
  await page.goto(path);
  await reloadUntil(page, note(page, "WhatsApp paused it for three hours"));
  await expect(note(page, "paused it")).toContainText("The starter library’s text goes on sending.");
  await ship(page.request, { order: "71001", phone: "+33639982011", status: STATUS });
  expect(await read("+33639982011")).not.toContain("bien arrivé. À très vite");
  await page.goto("/overview");
  const notice = page.getByRole("region", { name: "Needs attention" });
  await expect(notice).toContainText("WhatsApp has paused the text Delivered (French)");
  await noViolations(page);
  await notice.locator(".note", { hasText: "Delivered (French)" }).getByRole("link").click();
  await expect(page).toHaveURL(/\/templates\/delivered\/fr\?brand=/);
  await page.goto("/templates");
  await expect(listed(page)).toContainText(/French.*Paused\s*the library’s sends/s);

  await happens(1, { status: "APPROVED" });
  await page.goto(path);
  await reloadUntil(page, page.getByText("Approved and sending"));
  await page.goto("/overview");
  await expect(page.getByText("WhatsApp has paused the text")).toHaveCount(0);

  await happens(1, { category: "MARKETING" });
  await page.goto(path);
  await reloadUntil(page, note(page, "WhatsApp has moved it to Marketing"));
  await page.goto("/templates");
  await expect(listed(page)).toContainText("counts as Marketing");
  await page.goto("/overview");
  await expect(notice).toContainText("WhatsApp counts the text Delivered (French) as marketing now.");
  await ship(page.request, { order: "71002", phone: "+33639982012", status: STATUS });
  await until(page.request, "/messages?q=71002&tab=not_sent", /No consent to advertising/);

  await happens(1, { status: "DISABLED" });
  await page.goto(path);
  await reloadUntil(page, note(page, "WhatsApp stopped it for good"));
  await expect(note(page, "WhatsApp stopped it for good")).toContainText("The starter library’s text goes on sending.");
  await noViolations(page);
  await page.goto("/overview");
  await expect(notice).toContainText("WhatsApp has stopped the text Delivered (French) for good.");
});

test("refused, paused and marketing texts look right everywhere", async ({ page, browser, baseURL, sandboxURL }) => {
  test.setTimeout(240_000);
  const { path, say, happens } = await shop(page.request, sandboxURL);
  const pages = [path, path.replace("?", "/history?"), "/templates", "/overview"];
  const wrong = [];
  const look = async (state) => {
    for (const each of looks) {
      const context = await lookInto(browser, baseURL, each, await page.context().storageState());
      const tab = await context.newPage();
      const complaints = listen(tab, []);
      for (const address of pages) {
        await tab.goto(address);
        const name = `${state} ${address.split("?")[0]} ${JSON.stringify(each)}`;
        const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (wide > 0) wrong.push(`${name}: ${wide} px too wide`);
        wrong.push(...(await violations(tab)).map((what) => `${name}: ${what}`));
      }
      wrong.push(...complaints);
      await context.close();
    }
  };
  await say(1, "reject", { reason: "PROMOTIONAL" });
  await submit(page.request, path, SELLS);
  await until(page.request, path, /WhatsApp refused it/);
  await look("refused");
  await submit(page.request, path, GOOD);
  await until(page.request, path, /Approved and sending/);
  await happens(2, { status: "PAUSED", category: "MARKETING" });
  await until(page.request, path, /WhatsApp paused it/);
  await until(page.request, path, /WhatsApp has moved it to Marketing/);
  await look("paused");
  expect(wrong).toEqual([]);
});

test("other words for what is missing take effect at once, and so does an earlier version @plain", async ({ page, sandboxURL, noViolations }) => {
  const { path, read } = await shop(page.request, sandboxURL);
  await submit(page.request, path, GOOD);
  await until(page.request, path, /Approved and sending/);
  await page.goto(path);
  const other = GOOD.replace("à vous", "chère cliente");
  await body(page).fill(other);
  expect((await press(page, /^Save draft/)).status()).toBe(303);
  const draft = note(page, "A draft that takes effect as soon as it is submitted.");
  await expect(draft).toContainText("No new review: only the words that stand in for missing values changed.");
  await noViolations(page);
  expect((await press(page, /for review$/)).status()).toBe(303);
  await expect(page.getByRole("status").filter({ hasText: "No new review: WhatsApp has this very text already" })).toBeVisible();
  const stands = note(page, "Approved and sending");
  await expect(stands).toContainText("No new review: only the words that stand in for missing values changed.");
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Version 2");
  await noViolations(page);
  await ship(page.request, { order: "72001", phone: "+33639982021", status: STATUS, name: "" });
  expect(await read("+33639982021")).toBe("Bonjour chère cliente, votre colis 72001 est bien arrivé. À très vite.");

  await page.goto(path.replace("?", "/history?"));
  await expect(page.locator(".changes")).toContainText("In effect without a new review: to WhatsApp the text of Version 1");
  await noViolations(page);
  await page.locator("summary", { hasText: "Bring this version back" }).first().click();
  expect((await press(page, "Make it the draft")).status()).toBe(303);
  await expect(body(page)).toHaveValue(GOOD);
  await expect(draft).toBeVisible();
  expect((await press(page, /for review$/)).status()).toBe(303);
  await expect(stands).toBeVisible();
  await ship(page.request, { order: "72002", phone: "+33639982022", status: STATUS, name: "" });
  expect(await read("+33639982022")).toContain("Bonjour à vous, votre colis 72002");
});

test("the answer comes into the open page by itself, is said, and nothing typed is lost", async ({ page, sandboxURL, noViolations }) => {
  const { path, say } = await shop(page.request, sandboxURL);
  await say(1, "hold");
  await submit(page.request, path, GOOD);
  await page.goto(path);
  await expect(page.locator(".ed.is-awake")).toBeVisible();
  await expect(note(page, "With WhatsApp since")).toBeVisible();
  await page.evaluate(() => (window.here = true));
  await body(page).fill(SELLS);
  await say(1, "approve");
  await expect(note(page, "Approved and sending")).toBeVisible({ timeout: 15_000 });
  const said = page.locator("#review-said");
  await expect(said).toHaveText("WhatsApp has approved the text. It sends from now on.");
  await expect(page.locator("#review-tabs [aria-current=page]")).toContainText("Approved");
  await expect(page.getByRole("link", { name: "Try it on a phone" })).toBeVisible();
  await expect(body(page)).toHaveValue(SELLS);
  await noViolations(page);

  // A refusal comes with its places and repairs, which work.
  await say(2, "hold");
  expect((await press(page, /for review$/)).status()).toBe(303);
  await expect(note(page, "With WhatsApp since")).toBeVisible();
  await page.evaluate(() => (window.here = true));
  await body(page).fill(`${SELLS} À bientôt.`);
  await say(2, "reject", { reason: "PROMOTIONAL" });
  const refusal = note(page, "WhatsApp refused it");
  await expect(refusal).toContainText("it advertises, and was submitted as utility.", { timeout: 15_000 });
  await expect(said).toContainText("WhatsApp refused it");
  await expect(refusal).toContainText("Version 1 goes on sending.");
  await noViolations(page);
  await refusal.getByRole("button", { name: "Take the sentence out" }).first().click();
  await expect(body(page)).toHaveValue(`${SELLS.replace(" Profitez de 10 % de remise !", "")} À bientôt.`);
  await expect(refusal).toContainText("Nothing in this text shows it any more. Submit it again.");
  expect(await page.evaluate(() => window.here)).toBe(true);
});

test("the answer comes into a French page in French", async ({ page, sandboxURL, inLook }) => {
  const { path, say } = await shop(page.request, sandboxURL);
  await say(1, "hold");
  await submit(page.request, path, GOOD);
  await inLook({ width: 360, scheme: "dark", language: "fr" }, async (tab) => {
    await tab.goto(path);
    await expect(tab.locator(".ed.is-awake")).toBeVisible();
    await say(1, "approve");
    await expect(tab.locator("#review-said")).toHaveText("WhatsApp a approuvé le texte. Il est en service dès maintenant.", { timeout: 15_000 });
    await expect(note(tab, "Approuvé et en service")).toBeVisible();
    expect(await violations(tab)).toEqual([]);
  });
});
