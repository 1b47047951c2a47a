// What stands around every page: its menus, and where the focus goes.

import { expect, test } from "./fixture.js";

test("Escape and a press elsewhere close a menu", async ({ page, account }) => {
  await page.goto("/messages");
  const menus = page.locator("details.menu > summary");
  const count = await menus.count();
  expect(count, "brand, filter and account").toBeGreaterThan(2);
  for (let index = 0; index < count; index += 1) {
    const summary = menus.nth(index);
    const menu = summary.locator("..");
    await summary.click();
    await expect(menu).toHaveAttribute("open", "");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Escape");
    await expect(menu).not.toHaveAttribute("open");
    await expect(summary).toBeFocused();
    await summary.click();
    await page.mouse.click(900, 850);
    await expect(menu).not.toHaveAttribute("open");
  }
});

test("Escape leaves the dialog for the link that opened it", async ({ page, account }) => {
  await page.goto("/tracking");
  const opener = page.getByRole("link", { name: "Activate WhatsApp" });
  await opener.click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("heading")).toBeFocused();
  expect(await dialog.getByRole("heading").evaluate((heading) => getComputedStyle(heading).outlineStyle)).toBe("none");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(opener).toBeFocused();
});
