// A header's own picture or document: uploaded, shown, served, and what is refused; with and without scripts.

import { expect, looks, lookName, test, violations } from "./fixture.js";
import { file, png } from "./files.js";
import { isForm } from "./steps.js";
import { brandOf, open, send as activate, ship } from "./shop.js";

const GOOD = "Hello <<first_name|there>>, your parcel from <<companyname>> is on its way to you today.";
const PDF = Buffer.from("%PDF-1.4\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n");

async function editor(page) {
  const brand = await brandOf(page.request);
  const path = `/templates/out_for_delivery/en?brand=${brand}`;
  await page.goto(path);
  return path;
}

const body = (page) => page.getByLabel("Message", { exact: true });
const chosen = (page) => page.locator("[name=header_file]");
const header = (page) => page.locator("[name=header_text]");

/** Chooses a kind of header; the radio lies under its words. */
const kind = (page, word) => page.locator(`label[for=header_kind-${word}]`).click();

async function press(page, name) {
  const answered = page.waitForResponse(isForm);
  await page.getByRole("button", { name }).first().click();
  const response = await answered;
  await page.waitForLoadState();
  return response;
}

test("a picture is uploaded, shown, saved, and everybody can fetch it @plain", async ({ page, noViolations }) => {
  await open(page.request);
  const path = await editor(page);
  await expect(chosen(page)).toBeHidden();
  await kind(page, "image");
  await body(page).fill(GOOD);
  const only = page.getByText("only the sandbox can fetch files from there");
  await expect(only).toBeVisible();
  await chosen(page).setInputFiles(file("Été à la plage.png", png(900, 470, [31, 111, 92])));
  expect((await press(page, "Upload")).status()).toBe(200);
  await expect(header(page)).toHaveValue(/\/media\/[0-9a-f]{32}\/Ete-a-la-plage\.png$/);
  await expect(page.getByText("Uploaded: its address stands above.")).toBeVisible();
  // Said of this very address now.
  await expect(only).toHaveCount(0);
  await expect(page.locator("[id=header_text-found]")).toContainText("Only this machine can fetch it");
  await expect(body(page)).toHaveValue(GOOD);
  const shown = page.locator(".glass--whatsapp img.bub__picture");
  await expect.poll(() => shown.evaluate((img) => img.naturalWidth)).toBe(900);
  await noViolations(page);
  const address = await header(page).inputValue();
  expect((await press(page, /^Save draft/)).status()).toBe(303);
  await expect(header(page)).toHaveValue(address);

  const fetched = await page.request.get(address);
  expect(fetched.status()).toBe(200);
  const { "content-type": type, "x-content-type-options": sniff, "content-security-policy": policy, "cache-control": kept } = fetched.headers();
  expect([type, sniff]).toEqual(["image/png", "nosniff"]);
  expect(policy).toContain("sandbox");
  expect(kept).toContain("immutable");
  expect((await page.request.get(address.replace("Ete", "Hiver"))).status()).toBe(404);
  expect(path).toContain("out_for_delivery");
});

test("a file that was chosen goes with Save, and a document is only ever saved @plain", async ({ page }) => {
  await open(page.request);
  await editor(page);
  await kind(page, "image");
  await body(page).fill(GOOD);
  await chosen(page).setInputFiles({ name: "return label.pdf", mimeType: "application/pdf", buffer: PDF });
  expect((await press(page, /^Save draft/)).status()).toBe(303);
  // What it is decides, not what was chosen for it.
  await expect(page.locator("#header_kind-document")).toBeChecked();
  await expect(header(page)).toHaveValue(/\/return-label\.pdf$/);
  const fetched = await page.request.get(await header(page).inputValue());
  expect(fetched.headers()["content-disposition"]).toBe('attachment; filename="return-label.pdf"');
  expect(fetched.headers()["content-type"]).toBe("application/pdf");
  await expect(page.locator(".glass--whatsapp")).toContainText("return-label.pdf");
});

test("hostile files are refused by name, and nothing typed is lost @plain", async ({ page, noViolations }) => {
  await open(page.request);
  await editor(page);
  await kind(page, "image");
  await body(page).fill(GOOD);
  await header(page).fill("https://shop.example/old.png");
  for (const [buffer, says] of [
    [Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), "no PNG, JPEG or PDF"],
    [png(6_500, 1, [0, 0, 0]), "6,000 pixels"],
    [Buffer.from("%PDF-1.4\n<< /OpenAction << /S /JavaScript /JS (x) >> >>\n%%EOF"), "runs scripts"],
    [Buffer.from("%PDF-1.4\nand then nothing"), "ends in the middle"],
    [Buffer.concat([PDF, Buffer.alloc(11 * 1024 * 1024), Buffer.from("%%EOF")]), "larger than is allowed"],
  ]) {
    await chosen(page).setInputFiles(file("photo.png", buffer));
    expect((await press(page, /for review$/)).status()).toBe(422);
    await expect(chosen(page)).toHaveAccessibleDescription(new RegExp(says));
    await expect(body(page)).toHaveValue(GOOD);
    await expect(header(page)).toHaveValue("https://shop.example/old.png");
  }
  await noViolations(page);
  // Nothing was chosen at all.
  expect((await press(page, "Upload")).status()).toBe(422);
  await expect(chosen(page)).toHaveAccessibleDescription(/Choose a file first/);
});

test("a customer gets the picture, and another one needs no new review", async ({ page, sandboxURL }) => {
  await open(page.request);
  await activate(page.request, "FR:out_for_delivery");
  const brand = await brandOf(page.request);
  const path = `/templates/out_for_delivery/fr?brand=${brand}`;
  await page.goto(path);
  await kind(page, "image");
  await body(page).fill("Bonjour <<first_name|à vous>>, votre colis est en route et arrive chez vous dans la journée.");
  await chosen(page).setInputFiles(file("a.png", png(300, 200, [200, 30, 30])));
  expect((await press(page, /for review$/)).status()).toBe(303);
  await expect(page.getByText("Approved and sending")).toBeVisible({ timeout: 20_000 });
  const first = await header(page).inputValue();
  const seen = async (order, phone) => {
    await ship(page.request, { order, phone, status: "out_for_delivery" });
    const messages = async () => (await (await page.request.get(`${sandboxURL}/control/messages?to=${phone}`)).json()).data;
    await expect.poll(async () => JSON.stringify(await messages()), { timeout: 20_000 }).toContain("/media/");
    return JSON.stringify(await messages());
  };
  expect(await seen("73001", "+33639982031")).toContain(first);
  await chosen(page).setInputFiles(file("b.png", png(300, 200, [30, 30, 200])));
  expect((await press(page, /for review$/)).status()).toBe(303);
  await expect(page.getByText("No new review: to WhatsApp it is the very text of version 1.")).toBeVisible();
  const second = await header(page).inputValue();
  expect(second).not.toBe(first);
  expect(await seen("73002", "+33639982032")).toContain(second);
});

test("the upload stands well in every look", async ({ page, inLook }) => {
  test.setTimeout(120_000);
  await open(page.request);
  const path = await editor(page);
  for (const look of looks) {
    await inLook(look, async (tab) => {
      await tab.goto(path);
      await kind(tab, "image");
      await expect(tab.locator("[name=header_file]")).toBeVisible();
      // What lies under the bars of a small screen is none of its faults.
      await tab.evaluate(() => window.scrollTo(0, 0));
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(wide, lookName(look)).toBeLessThanOrEqual(0);
      expect(await violations(tab), lookName(look)).toEqual([]);
    });
  }
});
