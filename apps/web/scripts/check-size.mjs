// Fails when the JavaScript that the first page needs grows past the budget. Run after `vite build`.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 150;
const dist = join(import.meta.dirname, "..", "dist");
const manifest = JSON.parse(await readFile(join(dist, ".vite", "manifest.json"), "utf8"));

/** The entry, what it imports statically, and the route that `/` leads to with its static imports. */
const firstLoad = new Set();
for (const start of ["index.html", "src/pages/traces/TracesPage.tsx"]) visit(start);

function visit(key) {
  const chunk = manifest[key];
  if (chunk === undefined) throw new Error(`check-size: no chunk "${key}" in the manifest; was the page moved?`);
  if (firstLoad.has(chunk.file)) return;
  firstLoad.add(chunk.file);
  for (const next of chunk.imports ?? []) visit(next);
}

let total = 0;
const sizes = [];
for (const file of firstLoad) {
  const bytes = gzipSync(await readFile(join(dist, file)), { level: 9 }).byteLength;
  total += bytes;
  sizes.push({ file, kB: (bytes / 1000).toFixed(1) });
}
for (const { file, kB } of sizes.toSorted((a, b) => Number(b.kB) - Number(a.kB))) console.log(`${kB.padStart(8)} kB  ${file}`);
const kB = total / 1000;
console.log(`${kB.toFixed(1).padStart(8)} kB  first load, gzip (budget ${BUDGET_KB} kB)`);
if (kB > BUDGET_KB) {
  console.error("First load is over the budget: load something later.");
  process.exit(1);
}
