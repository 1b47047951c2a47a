// The customer's own page, and the console's page of consent.

import { expect, looks, lookInto, test, violations } from "./fixture.js";
import { brandOf, done, open, send, ship, until } from "./shop.js";

const PHONE = "+33639980077";

/** A shop that tells of deliveries, with a customer who got one message; answers the link of their page. */
async function customer(facteur, request) {
  await open(request);
  await send(request, "FR:delivered");
  const brand = await brandOf(request);
  await ship(request, { order: "C-1", status: "delivered", phone: PHONE });
  await until(request, "/messages?q=C-1&state=read", /msg_\w+/);
  const link = (await facteur.command("link", "--brand", brand, "--to", PHONE)).trim();
  return { brand, link };
}

/** Loads nothing but itself, weighs little, scrolls nowhere, and axe finds nothing. */
/** How wide a page is, and how wide it may be: runs in the page. */
const width = () => ({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth });

async function looksRight(page, link) {
  const loaded = [];
  page.on("request", (request) => loaded.push(request.url()));
  const response = await page.goto(link);
  expect(response.status(), link).toBe(200);
  const weight = (await response.body()).length;
  expect(loaded.filter((url) => !url.endsWith("favicon.svg"))).toHaveLength(1);
  expect(weight, "the whole page, unpacked").toBeLessThan(100_000);
  const { scrollWidth, clientWidth } = await page.evaluate(width);
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
  expect(await violations(page)).toEqual([]);
  return weight;
}

test("the customer's page looks right in every look, and in German", async ({ browser, baseURL, facteur, playwright }) => {
  const request = await playwright.request.newContext({ baseURL });
  const { link } = await customer(facteur, request);
  let heaviest = 0;
  for (const look of [...looks, { width: 360, scheme: "light", language: "de" }]) {
    const context = await lookInto(browser, baseURL, { ...look, language: look.language === "fr" ? "fr" : "en" });
    const page = await context.newPage();
    heaviest = Math.max(heaviest, await looksRight(page, `${link}?lang=${look.language}`));
    await expect(page.locator("html")).toHaveAttribute("lang", look.language);
    const stop = { en: "Stop everything", fr: "Tout arrêter", de: "Alles abbestellen" }[look.language];
    await expect(page.getByRole("button", { name: stop })).toBeVisible();
    await expect(page.getByText("C-1").first()).toBeVisible();
    await page.locator("[name=choice][value=own]").check();
    expect(await violations(page)).toEqual([]);
    await context.close();
  }
  console.log(`the customer's page weighs ${(heaviest / 1000).toFixed(1)} kB unpacked and loads nothing else`);
});

test("a customer stops, the next parcel is not sent and the log says why; undoing makes the next one go @plain", async ({ page, facteur }) => {
  const request = page.request;
  const { link } = await customer(facteur, request);
  await page.goto(`${link}?lang=en`);
  await page.getByRole("button", { name: "Stop everything" }).click();
  await expect(page.getByRole("status")).toContainText("does not write to you any more");
  await expect(page.locator("[name=choice][value=nothing]")).toBeChecked();
  await ship(request, { order: "C-2", status: "delivered", phone: PHONE });
  await until(request, "/messages?q=C-2&tab=not_sent", /C-2(?:.|\n)*The customer opted out/);

  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("status")).toContainText("as it was before");
  await ship(request, { order: "C-3", status: "delivered", phone: PHONE });
  await until(request, "/messages?q=C-3&state=read", /msg_\w+/);

  await page.locator("[name=choice][value=essential]").check();
  await page.getByRole("button", { name: "Save my choice" }).click();
  await expect(page.getByRole("status")).toContainText("Saved");
  await ship(request, { order: "C-4", status: "delivered", phone: PHONE });
  await until(request, "/messages?q=C-4&tab=not_sent", /The customer switched Delivered off/);

  // The merchant sees each step with its proof.
  await page.goto(`/consent?q=${encodeURIComponent(PHONE)}`);
  for (const words of ["Stop everything", "page-2026-11b/en", "Customer, on their page"]) {
    await expect(page.getByText(words).first()).toBeVisible();
  }
});

test("a link that opens nothing says so, in the reader's language", async ({ browser, baseURL }) => {
  const context = await lookInto(browser, baseURL, { width: 360, scheme: "light", language: "fr" });
  const page = await context.newPage();
  const response = await page.goto("/u/nothing");
  expect(response.status()).toBe(404);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Ce lien ne fonctionne pas");
  expect(await violations(page)).toEqual([]);
  await context.close();
});

test("a member writes down a no, finds it, takes a file in and saves the ledger @plain", async ({ page, account, noViolations }) => {
  void account;
  await page.goto("/consent");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Consent");
  await page.getByText("Record an opt-out or a consent").click();
  const form = page.locator("form:has(> input[name=act][value=record])");
  await form.locator("[name=phone]").fill("06 39 98 00 77");
  await form.locator("[name=country]").selectOption("FR");
  await form.locator("[name=text]").fill("Called on Tuesday");
  await form.getByRole("button").click();
  await expect(page.getByText("It is in force from now on.")).toBeVisible();
  await noViolations(page);

  await page.getByText("Import a file", { exact: true }).click();
  const file = (text) => ({ name: "consents.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  const head = "phone,country,purpose,source,text,time\n";
  await page.locator("#file").setInputFiles(file(`${head}12,FR,tracking,checkout,Yes,2026-01-02\n`));
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("Line 2:")).toBeVisible();
  await noViolations(page);
  await page.locator("#file").setInputFiles(file(`${head}+33639980078,,marketing,checkout,Offers please,2026-01-02\n`));
  await page.getByRole("button", { name: "Import", exact: true }).click();
  await expect(page.getByText("All lines were imported.")).toBeVisible();
  await expect(page.getByText("Offers please").first()).toBeVisible();

  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export as proof" }).click();
  expect((await saved).suggestedFilename()).toBe("consent.csv");
});

test("the console's page looks right in every look", async ({ page, account, inLook }) => {
  void account;
  const request = page.request;
  const brand = await brandOf(request);
  const lines = "phone,source,text,time\n+33639980078,checkout,Write to me about my parcels please,2026-01-02";
  await done(request, "/consent", "import", { brand, lines });
  for (const look of looks) {
    await inLook(look, async (tab) => {
      for (const path of ["/consent", "/consent?q=%2B33639980078", "/consent?q=nobody"]) {
        expect((await tab.goto(path)).status()).toBe(200);
        for (const fold of await tab.locator("details.fold > summary").all()) await fold.click();
        const { scrollWidth, clientWidth } = await tab.evaluate(width);
        expect(scrollWidth, path).toBeLessThanOrEqual(clientWidth);
        expect(await violations(tab), path).toEqual([]);
      }
    });
  }
});
