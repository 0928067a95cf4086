// Fails when the JavaScript that a first page needs grows past the budget. Run after `vite build`.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 150;
/** Where people begin: the start page, and the list that links in messages lead to. */
const PAGES = ["src/pages/overview/OverviewPage.tsx", "src/pages/traces/TracesPage.tsx"];
const dist = join(import.meta.dirname, "..", "dist");
const manifest = JSON.parse(await readFile(join(dist, ".vite", "manifest.json"), "utf8"));

let isOver = false;
for (const page of PAGES) {
  const sizes = await Promise.all([...firstLoad(["index.html", page])].map(gzipped));
  const kB = sizes.reduce((sum, { bytes }) => sum + bytes, 0) / 1000;
  isOver ||= kB > BUDGET_KB;
  for (const { file, bytes } of sizes.toSorted((a, b) => b.bytes - a.bytes)) console.log(`${(bytes / 1000).toFixed(1).padStart(8)} kB  ${file}`);
  console.log(`${kB.toFixed(1).padStart(8)} kB  first load of ${page}, gzip (budget ${BUDGET_KB} kB)\n`);
}
if (isOver) {
  console.error("First load is over the budget: load something later.");
  process.exit(1);
}

/** The files of these entries with all they import statically. */
function firstLoad(entries) {
  const files = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (chunk === undefined) throw new Error(`check-size: no chunk "${key}" in the manifest; was the page moved?`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const entry of entries) visit(entry);
  return files;
}

async function gzipped(file) {
  return { file, bytes: gzipSync(await readFile(join(dist, file)), { level: 9 }).byteLength };
}
