/**
 * Groundedness triage: how well it ranks responses to documents it has not seen, and how long it takes. The data are not part of
 * this repository: give the folder that holds ground_begin.jsonl (BEGIN) and ground_wice.jsonl (WiCE). With --write the weights are
 * trained on all of both and written. Run: npx tsx tests/bench/groundedness.ts [FOLDER] [--write]
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { groundednessTriage } from "@telltale/score";
import { auroc } from "@telltale/stats";
import { featureNames } from "../../packages/score/src/groundedness/features.ts";
import { probability } from "../../packages/score/src/groundedness/triage-model.ts";
import { weights } from "../../packages/score/src/groundedness/weights.ts";
import { fitLogistic } from "./fit-logistic.ts";
import { type Figure, report } from "./report.ts";
import { examplesOf, type GroundedRow, readGrounded, RIDGE, scoresOnUnseen } from "./unseen-documents.ts";

const SPLITS = 5;
const reach: Record<string, number> = { begin: 0.94, wice: 0.76 };

const [folder] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
let kept = report("Time", [speed()]);
if (folder !== undefined) {
  const rows = Object.keys(reach).flatMap((set) => readGrounded(folder, set));
  if (process.argv.includes("--write")) write(rows);
  kept = report("AUROC on documents not trained on", unseen(rows)) && kept;
  kept =
    report(
      "AUROC of the weights as they are, on the documents they were trained on",
      Object.keys(reach).map((set) => shipped(rows, set)),
    ) && kept;
}
process.exit(kept ? 0 : 1);

/** Split by document, never by row: five folds, five times. */
function unseen(rows: readonly GroundedRow[]): Figure[] {
  const areas = new Map<string, number[]>(Object.keys(reach).map((set) => [set, []]));
  for (let split = 0; split < SPLITS; split += 1) {
    const scores = scoresOnUnseen(rows, split);
    for (const [set, list] of areas)
      list.push(
        areaOf(
          rows.filter((row) => row.set === set),
          (row) => scores.get(row) ?? Number.NaN,
        ),
      );
  }
  return [...areas].map(([set, list]) => figure(set, list.reduce((sum, area) => sum + area, 0) / list.length));
}

function shipped(rows: readonly GroundedRow[], set: string): Figure {
  return figure(
    set,
    areaOf(
      rows.filter((row) => row.set === set),
      ({ features }) => probability(weights, features),
    ),
  );
}

function areaOf(rows: readonly GroundedRow[], score: (row: GroundedRow) => number): number {
  return auroc(
    rows.map(({ isGrounded }) => (isGrounded ? 1 : 0)),
    rows.map(score),
  );
}

function figure(set: string, value: number): Figure {
  return { what: set, value, unit: "AUROC", against: { what: "reach", value: reach[set] ?? 1 }, better: "higher" };
}

function write(rows: readonly GroundedRow[]): void {
  const model = fitLogistic(featureNames, examplesOf(rows), RIDGE);
  const rounded = JSON.stringify(model, (_, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(6)) : value), 2);
  const sets = Object.keys(reach).map((set) => `${rows.filter((row) => row.set === set).length} of ${set}`);
  writeFileSync(
    join(import.meta.dirname, "../../packages/score/src/groundedness/weights.ts"),
    `// Written by tests/bench/groundedness.ts --write: trained on ${sets.join(" and ")} (BEGIN: CC BY 4.0 and CDLA-Sharing 1.0; WiCE: annotations ODC-BY 1.0).
import type { TriageModel } from "./triage-model.ts";

export const weights: TriageModel = ${rounded};
`,
  );
  console.log("weights written; format them with oxfmt");
}

function sentence(i: number): string {
  return `The committee of ${i} members met in Lisbon and decided that the budget of ${i * 7} euros is enough. `;
}

function speed(): Figure {
  const context = Array.from({ length: 4_000 }, (_, i) => sentence(i)).join("");
  const response = Array.from({ length: 150 }, (_, i) => sentence(i * 3 + 1)).join("");
  const started = process.cpuUsage();
  groundednessTriage({ response, contexts: [context] });
  const { user, system } = process.cpuUsage(started);
  return {
    what: `${Math.round(context.length / 1000)} kB context, ${Math.round(response.length / 1000)} kB response`,
    value: (user + system) / 1_000,
    unit: "ms CPU",
    against: { what: "limit", value: 3_000 },
    better: "lower",
  };
}
