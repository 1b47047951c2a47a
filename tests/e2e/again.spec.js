// What failed for a reason somebody mended is sent again: all of it by a form, one by its page.

import { expect, looks, test } from "./fixture.js";
import { brandOf, done, open, send, ship, until } from "./shop.js";

/** The number's account is stopped: the first message fails, and the next wait until the number is well again. */
async function stranded(request, sandboxURL, count) {
  await open(request);
  await send(request, "FR:delivered");
  const brand = await brandOf(request);
  const fault = { kind: "error", code: 131031, match: "*", count };
  for (let n = 0; n < count; n += 1) {
    await request.post(`${sandboxURL}/control/faults`, { data: { ...fault, match: `+3363998130${n}`, count: 1 } });
    await ship(request, { order: `AGAIN-${n}`, status: "delivered", phone: `+3363998130${n}` });
    await until(request, `/messages?q=AGAIN-${n}&state=failed`, /msg_\w+/);
    await done(request, `/settings/brands/${brand}`, "check_sender");
  }
  return brand;
}

const read = async (request, sandboxURL, phone) =>
  (await (await request.get(`${sandboxURL}/control/messages?to=${encodeURIComponent(phone)}`)).json()).data.length;

test("all that waits is looked at, sent again and told once @plain", async ({ page, sandboxURL, noViolations }) => {
  const request = page.request;
  await stranded(request, sandboxURL, 2);
  await page.goto("/overview");
  await expect(page.getByText("2 messages failed for a reason somebody can mend")).toBeVisible();
  await page.goto("/messages");
  await page.getByRole("link", { name: /To send again/ }).click();
  await expect(page.getByRole("link", { name: /AGAIN-1/ }).first()).toBeVisible();
  await noViolations(page);
  await page.getByRole("link", { name: "Send them again" }).click();
  await expect(page.getByRole("heading", { name: "2 messages go out again." })).toBeVisible();
  await expect(page.getByText(/At most 0\.32\sEUR/)).toBeVisible();
  await noViolations(page);

  // A filter narrows what would go, and says so when nothing is left.
  await page.getByText("Which messages").click();
  await page.getByLabel("Reason").selectOption("number_paused");
  await page.getByLabel("Failed since").fill("2026-01-01");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("heading", { name: "2 messages go out again." })).toBeVisible();
  await page.getByLabel("Failed until").fill("2026-01-02");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByText("None of those that wait fits these filters")).toBeVisible();
  await page.getByRole("link", { name: "All of them" }).click();

  await page.getByRole("button", { name: "Send 2 messages again" }).click();
  await expect(page).toHaveURL(/\/messages\/again\/rpl_/);
  await expect(page.getByText("2 messages were sent again.")).toBeVisible();
  await expect(page.getByText(/Ada Morel, \d/)).toBeVisible();
  await noViolations(page);
  for (const phone of ["+33639981300", "+33639981301"]) {
    await expect.poll(() => read(request, sandboxURL, phone), { timeout: 20_000 }).toBe(1);
  }
  await page.goto("/messages/again");
  await expect(page.getByText("Nothing to send again")).toBeVisible();
  await expect(page.getByRole("link", { name: "2 of 2 sent again" })).toBeVisible();
  await noViolations(page);
});

test("one message is sent again from its page @phone @plain", async ({ page, sandboxURL }) => {
  const request = page.request;
  await stranded(request, sandboxURL, 1);
  const log = await (await request.get("/messages?q=AGAIN-0")).text();
  await page.goto(log.match(/\/messages\/msg_\w+/)[0]);
  const form = page.locator("form:has(> input[name=act][value=replay])");
  await form.getByRole("button").click();
  await expect(page).toHaveURL(/done=sent_again/);
  await expect(form).toHaveCount(0);
  await expect.poll(() => read(request, sandboxURL, "+33639981300"), { timeout: 20_000 }).toBe(1);
  await until(request, "/messages?q=AGAIN-0&state=read", /msg_\w+/);
});

test("the page of what waits looks right in every look", async ({ page, sandboxURL, inLook }) => {
  const request = page.request;
  await stranded(request, sandboxURL, 1);
  for (const look of looks) {
    await inLook(look, async (other) => {
      await other.goto("/messages/again");
      const { wide, room } = await other.evaluate(() => ({
        wide: document.documentElement.scrollWidth,
        room: document.documentElement.clientWidth,
      }));
      expect(wide).toBeLessThanOrEqual(room);
      await expect(other.getByRole("button", { name: look.language === "fr" ? "Renvoyer 1 message" : "Send 1 message again" })).toBeVisible();
    });
  }
});
