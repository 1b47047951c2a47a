// What every browser test starts from: a running server, an account, and a page that may not complain.
//
//   import { expect, looks, test } from "./fixture.js";
//   test("a brand gets a name @plain", async ({ page, account, noViolations }) => { … });

import AxeBuilder from "@axe-core/playwright";
import { expect, test as base } from "@playwright/test";
import { startFacteur } from "./server.js";
import { formOf } from "./steps.js";

export { expect };

/** Every way a page may look: use with `inLook`. */
export const looks = [360, 1440].flatMap((width) =>
  ["light", "dark"].flatMap((scheme) => ["en", "fr"].map((language) => ({ width, scheme, language }))),
);

export const lookName = ({ width, scheme, language }) => `${width}-${scheme}-${language}`;

let accounts = 0;

export const test = base.extend({
  /** The worker's server: `{baseURL, sandboxURL, command(...args), log()}`. */
  facteur: [
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
      const other = await lookInto(browser, baseURL, look, await context.storageState());
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

/** A browser context in a look, with the cookies of `storageState`. */
export async function lookInto(browser, baseURL, { width, scheme, language }, storageState) {
  const context = await browser.newContext({
    baseURL,
    storageState,
    viewport: { width, height: width < 600 ? 740 : 900 },
    colorScheme: scheme,
    locale: { en: "en-GB", fr: "fr-FR" }[language],
    timezoneId: "Europe/Paris",
    // Nothing is measured or pictured halfway.
    reducedMotion: "reduce",
  });
  // The choice of the language menu: stronger than what the person's settings or the browser say.
  await context.addCookies([{ name: "lang", value: language, url: baseURL }]);
  return context;
}

/** The list that fills with what a page complains about. */
export function listen(page, forgive) {
  const complaints = [];
  const complain = (text) => {
    // Chromium's own word for a page answered with 4xx; tests look at the status themselves.
    // A navigation that ends before its fade does is none of the page's business.
    if (text.includes("Transition was skipped")) return;
    if (text.startsWith("Failed to load resource") || forgive.some((pattern) => text.match(pattern))) return;
    complaints.push(text);
  };
  page.on("console", (message) => message.type() === "error" && complain(message.text()));
  page.on("pageerror", (error) => complain(String(error)));
  return complaints;
}

async function signUp(page, { name = "Maison Lune", country = "FR" } = {}) {
  accounts += 1;
  const account = {
    name,
    email: `owner-${process.pid}-${accounts}@shop.example`,
    password: "correct horse battery staple",
  };
  await page.goto("/sign-up");
  await page.locator("[name=name]").fill("Ada Morel");
  await page.locator("[name=email]").fill(account.email);
  await page.locator("[name=password]").fill(account.password);
  await page.locator("[name=account]").fill(account.name);
  await page.locator("[name=company_country]").selectOption(country);
  await formOf(page, "sign_up").getByRole("button").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-up"));
  return account;
}

async function signIn(page, { email, password }) {
  await page.goto("/sign-in");
  await page.locator("[name=email]").fill(email);
  await page.locator("[name=password]").fill(password);
  await formOf(page, "sign_in").getByRole("button").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** What axe finds, one line each; with `rules` it looks for those alone. */
export async function violations(page, { rules } = {}) {
  const axe = new AxeBuilder({ page });
  const { violations } = await (rules ? axe.withRules(rules) : axe.withTags(RULES)).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n    ${node.target.join(" ")}\n    ${node.html.slice(0, 160)}\n    ${summary(node)}`),
  );
}

const summary = (node) => [...node.any, ...node.all, ...node.none].map(({ message }) => message).join("; ").slice(0, 240);

async function noViolations(page) {
  expect(await violations(page), `accessibility of ${page.url()}`).toEqual([]);
}
