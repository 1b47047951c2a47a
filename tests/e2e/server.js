// Starts `facteur serve` for a test: its own data folder, ports chosen by the system, the sandbox in the same process.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const STARTS_WITHIN_MS = 30_000;

/**
 * Resolves once both addresses have been printed.
 * @param {Record<string, string>} settings environment settings beside those below
 * @returns {Promise<{baseURL: string, sandboxURL: string, data: string, log: () => string,
 *   command: (...args: string[]) => Promise<string>, stop: () => Promise<void>}>}
 */
export async function startFacteur(settings = {}) {
  const binary = process.env.FACTEUR_BIN;
  if (!binary) throw new Error("FACTEUR_BIN is not set: run the browser tests with `script/test browser`");
  const data = mkdtempSync(join(tmpdir(), "facteur-e2e-"));
  const env = {
    PATH: process.env.PATH,
    RUST_BACKTRACE: "1",
    RUST_LOG: process.env.RUST_LOG ?? "info",
    SITE_ROOT: process.env.SITE_ROOT,
    DATABASE_URL: `sqlite://${data}/facteur.db`,
    LISTEN_ADDR: "127.0.0.1:0",
    SANDBOX: "on",
    SANDBOX_ADDR: "127.0.0.1:0",
    ...settings,
  };
  const child = spawn(binary, ["serve"], { cwd: data, env, stdio: ["ignore", "pipe", "pipe"] });
  const lines = [];
  const exited = new Promise((resolve) => child.once("exit", (code, signal) => resolve(signal ?? code)));

  const addresses = new Promise((resolve, reject) => {
    const found = {};
    const read = (line) => {
      lines.push(line);
      const [, what, url] = line.match(/^(listening|sandbox phones) on (http:\/\/[^/\s]+)/) ?? [];
      if (!url) return;
      found[what === "listening" ? "baseURL" : "sandboxURL"] = url;
      if (found.baseURL && found.sandboxURL) resolve(found);
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", read);
    const fail = (why) => reject(new Error(`facteur serve ${why}:\n${lines.slice(-40).join("\n")}`));
    child.once("error", (error) => fail(error.message));
    exited.then((code) => fail(`ended with ${code} before it was listening`));
    setTimeout(() => fail("printed no addresses in time"), STARTS_WITHIN_MS).unref();
  });

  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await exited;
    clearTimeout(late);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    const { baseURL, sandboxURL } = await addresses;
    const command = (...args) => run(binary, args, { cwd: data, env: { ...env, BASE_URL: baseURL, SANDBOX_URL: sandboxURL } });
    return { baseURL, sandboxURL, data, log: () => lines.join("\n"), command, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs another command of the binary beside the server, and gives what it wrote to stdout. */
function run(binary, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let err = "";
    child.stdout.on("data", (bytes) => (out += bytes));
    child.stderr.on("data", (bytes) => (err += bytes));
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve(out) : reject(new Error(`facteur ${args.join(" ")} ended with ${code}:\n${err}`)),
    );
  });
}
