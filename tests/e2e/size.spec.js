import { expect, test } from "./fixture.js";

/** HTML + CSS + JS + wasm (and fonts), as they travel. */
const BUDGET = 250_000;

/** A page without an account, a page without islands, and those that wake the browser's part. */
const pages = ["/sign-in", "/overview", "/tracking", "/templates/out_for_delivery/en"];

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

// What a browser that was never here before takes over the wire until the page is at rest.
test("the first page load stays within its budget", async ({ account, inLook }) => {
  void account;
  const kinds = new Set();
  for (const path of pages) {
    await inLook({ width: 1440, scheme: "light", language: "en" }, async (page) => {
      const sizes = await firstLoad(page, path);
      const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
      const parts = Object.entries(sizes).map(([kind, size]) => `${kind} ${kilobytes(size)}`);
      console.log(`first load of ${path}: ${kilobytes(total)} of ${kilobytes(BUDGET)} (${parts.join(", ")})`);
      expect(total, path).toBeLessThan(BUDGET);
      for (const kind of Object.keys(sizes)) kinds.add(kind);
    });
  }
  // A page that lost its style or never woke would be small too.
  expect([...kinds]).toEqual(expect.arrayContaining(["html", "css", "js", "wasm"]));
});

async function firstLoad(page, path) {
  const sizes = {};
  const answers = [];
  page.on("requestfinished", (request) => {
    answers.push(
      Promise.all([request.sizes(), request.response()]).then(([{ responseBodySize }, response]) => {
        const { pathname } = new URL(request.url());
        const kind = pathname.match(/\.(\w+)$/)?.[1] ?? "html";
        sizes[kind] = (sizes[kind] ?? 0) + responseBodySize;
        if (["html", "css", "js", "wasm"].includes(kind) && response.status() === 200) {
          expect(response.headers()["content-encoding"], pathname).toBe("br");
        }
      }),
    );
  });
  await page.goto(path, { waitUntil: "networkidle" });
  await Promise.all(answers);
  return sizes;
}
