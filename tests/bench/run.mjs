// `npm run bench [-- names… [--flags]]`: each benchmark prints its figures with a ratio to a limit or a peer of the same run.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { prepare } from "../../scripts/prepare.mjs";

/** Modules that the benchmarks share; everything else in this folder is one. */
const shared = new Set([
  "fit-logistic.ts",
  "large-trace-data.ts",
  "mlflow-peer.ts",
  "overview-data.ts",
  "page-timing.ts",
  "read-lines.ts",
  "reads-data.ts",
  "report.ts",
  "send-load.ts",
  "unseen-documents.ts",
]);
/** Takes long and is asked for by name. */
const byName = new Set(["kill9", "scorecards", "scoring"]);

const all = readdirSync(import.meta.dirname).flatMap((name) => (name.endsWith(".ts") && !shared.has(name) ? [name.slice(0, -3)] : []));
const given = process.argv.slice(2);
const firstFlag = given.findIndex((argument) => argument.startsWith("--"));
const [wanted, flags] = firstFlag < 0 ? [given, []] : [given.slice(0, firstFlag), given.slice(firstFlag)];
const unknown = wanted.find((name) => !all.includes(name));
if (unknown !== undefined) {
  console.error(`bench: no benchmark "${unknown}"; there are ${all.join(", ")}.`);
  process.exit(2);
}
await prepare();

let missed = false;
for (const name of wanted.length > 0 ? wanted : all.filter((candidate) => !byName.has(candidate))) {
  const file = join(import.meta.dirname, `${name}.ts`);
  if (!existsSync(file)) continue;
  const { status } = spawnSync(process.execPath, ["--import", "tsx", file, ...flags], { stdio: ["ignore", "inherit", "inherit"] });
  missed ||= status !== 0;
}
process.exit(missed ? 1 : 0);
