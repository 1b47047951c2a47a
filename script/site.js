// Packs the site: script/site.js FROM TO
//
// FROM holds what wasm-bindgen and wasm-opt made. TO receives
//   pkg/facteur.<hash>.{js,wasm,css}   minified; the name changes with the content, so browsers may keep them for ever
//   pkg/editor.<hash>.{js,wasm}        the second bundle of islands
//   hash.txt, <bundle>.hash.txt        the hashes, in the form that Leptos reads: of the style, of a bundle
//   everything of public/              under its own name
// each with .br and .gz beside it when that is smaller. TO is replaced as a whole, at the end.

import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const [from, to] = process.argv.slice(2);
const next = `${to}.next`;
const bundles = ["facteur", "editor"];
// Older browsers have no view transitions either; these are the first with nesting, :has and cascade layers.
const target = ["chrome120", "firefox121", "safari17.2"];

async function script(name) {
  const source = readFileSync(join(from, `${name}.js`), "utf8");
  const { code } = await transform(source, { minify: true, format: "esm", target, legalComments: "none" });
  return Buffer.from(code);
}

/** Addresses on this site (`/font/…`) stay what they are. Not the option `external`: it would match paths of files, too. */
const stay = {
  name: "stay",
  setup: ({ onResolve }) => onResolve({ filter: /^\// }, ({ kind, path }) => kind === "url-token" && { path, external: true }),
};

async function style() {
  const result = await build({
    entryPoints: ["style/main.css"],
    bundle: true,
    minify: true,
    write: false,
    target,
    plugins: [stay],
    legalComments: "none",
  });
  return Buffer.from(result.outputFiles[0].contents);
}

function write(path, content) {
  const file = join(next, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  const packed = { br: brotliCompressSync(content, { params: quality }), gz: gzipSync(content, { level: 9 }) };
  for (const [ending, bytes] of Object.entries(packed)) {
    if (bytes.length < content.length) writeFileSync(`${file}.${ending}`, bytes);
  }
}

rmSync(next, { recursive: true, force: true });
/** Writes parts under names of their hashes, and the list of these. */
function hashed(name, parts, list) {
  let hashes = "";
  for (const [ending, content] of Object.entries(parts)) {
    const hash = createHash("sha256").update(content).digest("base64url").slice(0, 16);
    hashes += `${ending}: ${hash}\n`;
    write(`pkg/${name}.${hash}.${ending}`, content);
  }
  writeFileSync(join(next, list), hashes);
}

mkdirSync(next, { recursive: true });
hashed("facteur", { css: await style() }, "hash.txt");
for (const name of bundles) {
  hashed(name, { js: await script(name), wasm: readFileSync(join(from, `${name}.wasm`)) }, `${name}.hash.txt`);
}
// Imported by the script under their own relative names.
if (existsSync(join(from, "snippets"))) cpSync(join(from, "snippets"), join(next, "pkg/snippets"), { recursive: true });
for (const file of readdirSync("public", { recursive: true, withFileTypes: true })) {
  const path = join(file.parentPath ?? file.path, file.name);
  if (file.isFile()) write(path.slice("public/".length), readFileSync(path));
}
rmSync(to, { recursive: true, force: true });
mkdirSync(dirname(to), { recursive: true });
renameSync(next, to);
