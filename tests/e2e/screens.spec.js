// The pictures of docs/screens; not a test: script/screens runs it.

import { lookName, looks, test } from "./fixture.js";

/** Pages to take, by the picture's name. Sandbox pages have no account. */
const screens = {
  "sign-in": "/sign-in",
};

test("take the pictures @screens", async ({ account, facteur, inLook }) => {
  test.setTimeout(600_000);
  void account;
  for (const look of looks) {
    await inLook(look, async (page) => {
      for (const [name, path] of Object.entries(screens)) {
        await page.goto(path.replace("sandbox:", facteur.sandboxURL));
        await page.screenshot({ path: `../../docs/screens/${name}-${lookName(look)}.png`, fullPage: true });
      }
    });
  }
});
