import { expect, test } from "./fixture.js";

const BUDGET = 250_000;

// What a browser that was never here before takes over the wire until the page is at rest.
test("the first page load stays within its budget", async ({ page }) => {
  const sizes = {};
  const answers = [];
  page.on("requestfinished", (request) => {
    const { pathname } = new URL(request.url());
    const ending = pathname.match(/\.(\w+)$/)?.[1] ?? "html";
    answers.push(
      Promise.all([request.sizes(), request.response()]).then(([{ responseBodySize }, response]) => {
        sizes[ending] = (sizes[ending] ?? 0) + responseBodySize;
        if (["html", "css", "js", "wasm"].includes(ending)) {
          expect(response.headers()["content-encoding"], pathname).toBe("br");
        }
      }),
    );
  });
  await page.goto("/sign-in", { waitUntil: "networkidle" });
  await Promise.all(answers);

  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  const parts = Object.entries(sizes).map(([ending, size]) => `${ending} ${kilobytes(size)}`);
  console.log(`first page load: ${kilobytes(total)} of ${kilobytes(BUDGET)} (${parts.join(", ")})`);
  expect(Object.keys(sizes)).toEqual(expect.arrayContaining(["html", "css", "js", "wasm"]));
  expect(total).toBeLessThan(BUDGET);
});
