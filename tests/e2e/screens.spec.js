// The pictures of docs/screens; not a test: script/screens runs it.

import { fileURLToPath } from "node:url";
import { lookName, looks, test } from "./fixture.js";

const folder = fileURLToPath(new URL("../../docs/screens/", import.meta.url));

/** Pages by the picture's name, seen by the demo account; `sandbox:` stands for the sandbox's address. */
const screens = {
  "sign-in": "/sign-in",
  overview: "/overview",
  tracking: "/tracking",
  messages: "/messages",
  connections: "/connections",
  billing: "/billing",
  settings: "/settings",
  phones: "sandbox:/phones",
};

test("take the pictures @screens", async ({ page, facteur, signIn, inLook }) => {
  test.setTimeout(600_000);
  await signIn(page, JSON.parse(await facteur.command("demo", "--json")));
  for (const look of looks) {
    await inLook(look, async (page) => {
      for (const [name, path] of Object.entries(screens)) {
        await page.goto(path.replace("sandbox:", facteur.sandboxURL));
        await page.screenshot({ path: `${folder}${name}-${lookName(look)}.png`, fullPage: true });
      }
    });
  }
});
