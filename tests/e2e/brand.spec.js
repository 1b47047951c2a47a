// A brand's page: who it is, its logo, its number, its quiet hours.

import { deflateSync, crc32 } from "node:zlib";
import { expect, looks, lookName, test } from "./fixture.js";
import { open } from "./shop.js";
import { submit } from "./steps.js";

/** A PNG of one colour. */
function png(width, height, [red, green, blue]) {
  const chunk = (kind, data) => {
    const body = Buffer.concat([Buffer.from(kind), data]);
    const ends = Buffer.alloc(8);
    ends.writeUInt32BE(data.length, 0);
    ends.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from([red, green, blue]))]);
  const pixels = Buffer.concat(Array.from({ length: height }, () => line));
  const magic = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([magic, chunk("IHDR", header), chunk("IDAT", deflateSync(pixels)), chunk("IEND", Buffer.alloc(0))]);
}

const file = (name, buffer) => ({ name, mimeType: "image/png", buffer });

/** The page of the account's own brand. */
async function brandPage(page) {
  await open(page.request);
  await page.goto("/settings/brands");
  await page.locator("main ul.list a").first().click();
  await expect(page.getByRole("heading", { name: "Identity" })).toBeVisible();
}

test("a brand gets a logo, a colour and a place for questions @plain", async ({ page, noViolations }) => {
  await brandPage(page);
  await page.getByLabel("Name", { exact: true }).fill("Maison Lune");
  await page.getByLabel("Colour").fill("#f9c520");
  await page.getByLabel("E-mail for questions").fill("aide@lune.example");
  await page.locator("[name=logo]").setInputFiles(file("logo.png", png(300, 300, [31, 111, 92])));
  expect((await submit(page, "save")).status()).toBe(303);
  await expect(page.getByRole("status")).toContainText("Saved");
  await expect(page.locator("img.logo--own").first()).toBeVisible();
  expect(await page.locator("main img.logo--own").evaluate((img) => img.naturalWidth)).toBe(256);
  await expect(page.getByText("darkened to 4.5")).toBeVisible();
  await noViolations(page);
});

test("a picture that is none is named, and what was typed stays @plain", async ({ page, noViolations }) => {
  await brandPage(page);
  await page.getByLabel("Name", { exact: true }).fill("Maison Étoile");
  const svg = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>");
  await page.locator("[name=logo]").setInputFiles(file("logo.png", svg));
  expect((await submit(page, "save")).status()).toBe(422);
  await expect(page.locator("[name=logo]")).toHaveAccessibleDescription(/PNG, JPEG or WebP/);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Maison Étoile");
  // The boxes of the other form stand as they are stored.
  await expect(page.getByLabel("Out for delivery")).toBeChecked();
  await noViolations(page);

  await page.locator("[name=logo]").setInputFiles(file("logo.png", Buffer.alloc(5 * 1024 * 1024, 0x89)));
  expect((await submit(page, "save")).status()).toBe(422);
  await expect(page.locator("[name=logo]")).toHaveAccessibleDescription(/512 KiB/);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Maison Étoile");
});

test("quiet hours are set, and say what is wrong with them @plain", async ({ page }) => {
  await brandPage(page);
  const night = page.locator("#hours");
  await night.getByRole("switch").check();
  await night.getByLabel("From").fill("22:30");
  await night.getByLabel("Until").fill("22:30");
  expect((await submit(page, "save_hours")).status()).toBe(422);
  await expect(night.getByLabel("Until")).toHaveAccessibleDescription(/another time/);
  await expect(night.getByRole("switch")).toBeChecked();
  await night.getByLabel("Until").fill("07:15");
  await night.getByLabel("Delayed").check();
  expect((await submit(page, "save_hours")).status()).toBe(303);
  await expect(night.getByLabel("From")).toHaveValue("22:30");
  await expect(night.getByRole("switch")).toBeChecked();
  await expect(night.getByLabel("Delayed")).toBeChecked();
});

test("a sandbox number says that all is well", async ({ page, noViolations }) => {
  await brandPage(page);
  const section = page.locator("#sender");
  if ((await section.getByRole("button", { name: "Test the number" }).count()) === 0) {
    await submit(page, "connect_sandbox");
  }
  await expect(async () => {
    expect((await submit(page, "check_sender")).status()).toBe(303);
    await expect(section).toContainText("All is well.", { timeout: 500 });
  }).toPass({ timeout: 15_000 });
  await expect(section).toContainText("Quality: high.");
  await expect(section).toContainText("Last asked for and confirmed");
  await noViolations(page);
});

test("the page fits every look", async ({ page, inLook, noViolations }) => {
  await brandPage(page);
  const address = new URL(page.url()).pathname;
  for (const look of looks) {
    await inLook(look, async (other) => {
      await other.goto(address);
      await expect(other.locator("#hours")).toBeVisible();
      const wide = await other.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide, lookName(look)).toBeLessThanOrEqual(0);
      await noViolations(other);
    });
  }
});
