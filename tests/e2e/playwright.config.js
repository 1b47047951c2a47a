import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

// Debian's Chromium; without the flags it would look for its maker's servers at every start.
const launchOptions = {
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    // As root Chromium refuses to start with its sandbox.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ],
};

const wide = { viewport: { width: 1440, height: 900 }, colorScheme: "light", locale: "en-GB" };
const narrow = { viewport: { width: 360, height: 740 }, colorScheme: "dark", locale: "fr-FR", hasTouch: true };

export default defineConfig({
  testDir: ".",
  outputDir: join(tmpdir(), `facteur-browser-tests-${process.getuid?.()}`),
  // One server for each worker; each test signs up an account of its own.
  workers: 2,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  reporter: process.stdout.isTTY ? "line" : "dot",
  // Two browsers, two servers and their sandboxes on two cores: what fails is tried once more, and told as flaky.
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  use: { launchOptions, actionTimeout: 10_000, navigationTimeout: 20_000, trace: "retain-on-failure", screenshot: "only-on-failure", timezoneId: "Europe/Paris" },
  projects: [
    // Every spec at a desk; those tagged @phone also on a phone, in French and in the dark;
    // those tagged @plain also where scripts do not run.
    { name: "desk", use: wide, grepInvert: /@screens/ },
    { name: "phone", use: narrow, grep: /@phone/, grepInvert: /@screens/ },
    { name: "plain", use: { ...wide, javaScriptEnabled: false }, grep: /@plain/, grepInvert: /@screens/ },
    // The pictures of docs/screens: script/screens.
    ...(process.env.SCREENS ? [{ name: "screens", use: wide, grep: /@screens/ }] : []),
  ],
});
