// What every browser test starts from: a running server, an account, and a page that may not complain.
//
//   import { expect, looks, test } from "./fixture.js";
//   test("a brand gets a name @plain", async ({ page, account, noViolations }) => { … });

import AxeBuilder from "@axe-core/playwright";
import { expect, test as base } from "@playwright/test";
import { startFacteur } from "./server.js";

export { expect };

/** The four corners of how a page may look: use with `inLook`. */
export const looks = [360, 1440].flatMap((width) =>
  ["light", "dark"].flatMap((scheme) => ["en", "fr"].map((language) => ({ width, scheme, language }))),
);

export const lookName = ({ width, scheme, language }) => `${width}-${scheme}-${language}`;

const locales = { en: "en-GB", fr: "fr-FR" };
let accounts = 0;

export const test = base.extend({
  /** The worker's server: `{baseURL, sandboxURL, command(...args), log()}`. */
  facteur: [
    // eslint-disable-next-line no-empty-pattern
    async ({}, use) => {
      const facteur = await startFacteur();
      await use(facteur);
      await facteur.stop();
    },
    { scope: "worker" },
  ],

  baseURL: async ({ facteur }, use) => use(facteur.baseURL),
  sandboxURL: async ({ facteur }, use) => use(facteur.sandboxURL),

  /** Texts or patterns on the console that a test expects: `test.use({ forgive: [/…/] })`. */
  forgive: [[], { option: true }],

  /** Errors on the console, panics of the wasm and refusals of the content policy fail the test. */
  page: async ({ page, forgive, facteur }, use, info) => {
    const complaints = listen(page, forgive);
    await use(page);
    if (info.status !== info.expectedStatus) {
      await info.attach("server log", { body: facteur.log(), contentType: "text/plain" });
    }
    expect(complaints, "the page complained on the console").toEqual([]);
  },

  /** Signs up through the form: `signUp(page, {name})` gives `{email, password, name}`. */
  signUp: async ({}, use) => use(signUp),

  /** Signs in through the form: `signIn(page, {email, password})`. */
  signIn: async ({}, use) => use(signIn),

  /** The page's fresh account, signed in. */
  account: async ({ page }, use) => use(await signUp(page)),

  /** No accessibility violation (WCAG 2.2 AA) on the page as it is now. Looks at nothing where scripts do not run: axe is one. */
  noViolations: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled === false ? async () => {} : noViolations),

  /** Calls back with a page of its own in one of `looks`, signed in like `page`. */
  inLook: async ({ browser, context, baseURL, forgive }, use) =>
    use(async (look, visit) => {
      const other = await browser.newContext({
        baseURL,
        storageState: await context.storageState(),
        viewport: { width: look.width, height: look.width < 600 ? 740 : 900 },
        colorScheme: look.scheme,
        locale: locales[look.language],
        timezoneId: "Europe/Paris",
      });
      try {
        const page = await other.newPage();
        const complaints = listen(page, forgive);
        await visit(page);
        expect(complaints, `the page complained on the console (${lookName(look)})`).toEqual([]);
      } finally {
        await other.close();
      }
    }),
});

/** The list that fills with what a page complains about. */
function listen(page, forgive) {
  const complaints = [];
  const complain = (text) => {
    // Chromium's own word for a page answered with 4xx; tests look at the status themselves.
    if (text.startsWith("Failed to load resource") || forgive.some((pattern) => text.match(pattern))) return;
    complaints.push(text);
  };
  page.on("console", (message) => message.type() === "error" && complain(message.text()));
  page.on("pageerror", (error) => complain(String(error)));
  return complaints;
}

async function signUp(page, { name = "Maison Lune" } = {}) {
  accounts += 1;
  const account = {
    name,
    email: `owner-${process.pid}-${accounts}@shop.example`,
    password: "correct horse battery staple",
  };
  await page.goto("/sign-up");
  const form = page.locator("form:has(input[type=password])");
  for (const field of await form.locator("input:visible, select:visible").all()) {
    const key = await field.getAttribute("name");
    if (key === "email") await field.fill(account.email);
    else if (/password/.test(key)) await field.fill(account.password);
    else if (/country/.test(key)) await field.selectOption("FR");
    else if (/name|company|account/.test(key)) await field.fill(account.name);
  }
  await form.locator("button[type=submit], button:not([type])").first().click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-up"));
  return account;
}

async function signIn(page, { email, password }) {
  await page.goto("/sign-in");
  const form = page.locator("form:has(input[type=password])");
  await form.locator("input[name=email]").fill(email);
  await form.locator("input[type=password]").fill(password);
  await form.locator("button[type=submit], button:not([type])").first().click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

async function noViolations(page, { exclude = [] } = {}) {
  let axe = new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
  for (const selector of exclude) axe = axe.exclude(selector);
  const { violations } = await axe.analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n    ${node.target.join(" ")}\n    ${node.html.slice(0, 160)}`),
  );
  expect(found, `accessibility of ${page.url()}`).toEqual([]);
}
