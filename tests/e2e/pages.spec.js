// Every page in English and French, light and dark, on a phone and at a desk: nothing sticks out, nothing complains,
// nothing keeps anybody out.

import { expect, listen, lookInto, test as base, violations } from "./fixture.js";
import { furnish, open } from "./shop.js";

const PHONE = { width: 360, height: 740 };
const DESK = { width: 1440, height: 900 };
/** Just above a phone, a tablet, and half a screen: the bar is at its fullest for its width. */
const BETWEEN = [728, 768, 1000];
/** axe has been here before. */
const NOTHING = { rules: [] };

/** One account without anything, one with a past, one person who may only look; made once for each worker. */
const test = base.extend({
  fresh: [
    async ({ playwright, facteur }, use) => {
      const request = await playwright.request.newContext({ baseURL: facteur.baseURL });
      await open(request);
      await use({ state: await request.storageState() });
      await request.dispose();
    },
    { scope: "worker" },
  ],
  shop: [
    async ({ playwright, facteur }, use) => {
      const request = await playwright.request.newContext({ baseURL: facteur.baseURL });
      const paths = await furnish(request, facteur);
      await use({ ...paths, state: await request.storageState() });
      await request.dispose();
    },
    { scope: "worker", timeout: 60_000 },
  ],
});

/**
 * Visits in both languages and looks at each page in both schemes at both widths.
 * @param {(page: import("@playwright/test").Page) => Promise<unknown>} visit brings the page there
 */
async function everyLook({ browser, baseURL, state }, visit) {
  const wrong = [];
  for (const language of ["en", "fr"]) {
    const context = await lookInto(browser, baseURL, { ...DESK, scheme: "light", language }, state);
    const page = await context.newPage();
    const complaints = listen(page, []);
    await visit(page);
    await expect(page.locator("html")).toHaveAttribute("lang", language);
    const at = async (look, rules) => {
      const sticksOut = await tooWide(page);
      const keepsOut = rules === NOTHING ? [] : await violations(page, rules);
      for (const what of [...sticksOut, ...keepsOut]) {
        wrong.push(`${new URL(page.url()).pathname}, ${language}, ${look}: ${what}`);
      }
    };
    // Structure does not depend on colours, and colours not on the language: each is looked at where it may differ.
    const colours = { rules: ["color-contrast"] };
    await at("desk, light");
    await page.emulateMedia({ colorScheme: "dark" });
    await at("desk, dark", language === "en" ? colours : NOTHING);
    await page.setViewportSize(PHONE);
    await at("phone, dark", language === "en" ? undefined : NOTHING);
    await page.emulateMedia({ colorScheme: "light" });
    await at("phone, light", language === "en" ? colours : NOTHING);
    for (const width of BETWEEN) {
      await page.setViewportSize({ width, height: 900 });
      await at(`${width} px`, NOTHING);
    }
    wrong.push(...complaints.map((what) => `${page.url()}, ${language}, console: ${what}`));
    await context.close();
  }
  expect(wrong).toEqual([]);
}

/** What makes the page scroll sideways, if it does. */
function tooWide(page) {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const name = (each) => `${each.tagName.toLowerCase()}.${[...each.classList].join(".")}`;
    const widest = [...document.querySelectorAll("body *")]
      .filter((each) => each.getBoundingClientRect().right > clientWidth + 1)
      .slice(0, 4);
    return [`scrolls sideways, ${scrollWidth} of ${clientWidth} px: ${widest.map(name).join(" ")}`];
  });
}

const nobody = { cookies: [], origins: [] };

for (const path of ["/sign-in", "/sign-up"]) {
  test(`${path} looks right`, async ({ browser, baseURL }) => {
    await everyLook({ browser, baseURL, state: nobody }, (page) => page.goto(path));
  });
}

test("a refused sign-up looks right", async ({ browser, baseURL }) => {
  await everyLook({ browser, baseURL, state: nobody }, async (page) => {
    await page.goto("/sign-up");
    await page.locator("form:has([name=account])").evaluate((form) => (form.noValidate = true));
    await page.locator("[name=email]").fill("nobody");
    await page.locator("form:has([name=account]) button[type=submit]").click();
    await expect(page.getByRole("alert")).toBeVisible();
  });
});

for (const path of [
  "/overview",
  "/tracking",
  "/tracking?activate=1",
  "/tracking?channel=sms",
  "/templates",
  "/messages",
  "/messages/again",
  "/messages?q=nothing",
  "/connections",
  "/connections/new",
  "/billing",
  "/simulate",
  "/settings/brands/new",
]) {
  test(`${path} of a new account looks right`, async ({ browser, baseURL, fresh }) => {
    await everyLook({ browser, baseURL, ...fresh }, (page) => page.goto(path));
  });
}

for (const path of [
  "/overview",
  "/tracking",
  "/tracking?country=FR",
  "/messages",
  "/messages?tab=not_sent",
  "/connections",
  "/billing",
  "/status",
  "/settings",
  "/settings/brands",
  "/settings/account",
  "/settings/members",
  "/settings/keys",
  "/settings/sessions",
  "/sign-out",
]) {
  test(`${path} of a shop looks right`, async ({ browser, baseURL, shop }) => {
    await everyLook({ browser, baseURL, ...shop }, (page) => page.goto(path));
  });
}

for (const page of ["brand", "connection", "invoice", "message", "decision"]) {
  test(`the page of one ${page} looks right`, async ({ browser, baseURL, shop }) => {
    await everyLook({ browser, baseURL, ...shop }, (tab) => tab.goto(shop[page]));
  });
}

test("a refused form of the matrix looks right", async ({ browser, baseURL, shop }) => {
  await everyLook({ browser, baseURL, ...shop }, async (page) => {
    await page.goto("/tracking");
    // A second tab saved meanwhile.
    await page.locator("#matrix [name=version]").evaluate((field) => (field.value = "0"));
    await page.locator("#matrix").evaluate((form) => form.submit());
    await expect(page.getByRole("alert")).toBeVisible();
  });
});

test("what does not exist says so", async ({ browser, baseURL, fresh, shop }) => {
  // Another account's message is as unknown as one that never was.
  for (const path of ["/nowhere", shop.message]) {
    await everyLook({ browser, baseURL, ...fresh }, async (page) => {
      expect((await page.goto(path)).status(), path).toBe(404);
    });
  }
});
