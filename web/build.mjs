// Builds the browser code: TypeScript in web/ becomes ES modules in static/js/.
// The result is committed, so that running Statehouse needs no Node; CI builds
// again and fails when the committed files differ.

import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, "static", "js");
const entries = ["app", "designer", "execution", "inbox", "maprun", "alias", "import", "logs"];

rmSync(out, { recursive: true, force: true });
const result = await build({
  absWorkingDir: root,
  preserveSymlinks: true, // names of chunks follow from paths, which a linked node_modules would change
  entryPoints: entries.map((name) => join("web", `${name}.ts`)),
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "linked",
  charset: "utf8",
  entryNames: "[name]",
  chunkNames: "chunk-[hash]",
  metafile: true,
  logLevel: "warning",
});

// Budgets, gzipped, of what a page loads before it is asked for more (EXPERIENCE: bytes).
const budgets = { app: 40, inbox: 40, maprun: 40, alias: 40, import: 40, logs: 40, execution: 70, designer: 150 };
const size = (file) => gzipSync(readFileSync(join(root, file))).length;
const eager = (file, seen = new Set()) => {
  if (seen.has(file)) return seen;
  seen.add(file);
  for (const i of result.metafile.outputs[file].imports) {
    if (i.kind === "import-statement" && !i.external) eager(i.path, seen);
  }
  return seen;
};
let failed = false;
for (const name of entries) {
  const files = eager(`static/js/${name}.js`);
  const kib = [...files].reduce((sum, f) => sum + size(f), 0) / 1024;
  const over = kib > budgets[name];
  failed ||= over;
  console.log(`${name}.js ${kib.toFixed(1)} KB gzipped of ${budgets[name]}${over ? " – over budget" : ""}`);
}
const total = readdirSync(out).reduce((sum, f) => sum + statSync(join(out, f)).size, 0);
console.log(`static/js ${(total / 1024).toFixed(0)} KB in all`);
if (failed) process.exit(1);
