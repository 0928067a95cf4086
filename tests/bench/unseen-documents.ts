import { createHash } from "node:crypto";
import { contextOf, featureNames, featuresOf } from "../../packages/score/src/groundedness/features.ts";
import { probability } from "../../packages/score/src/groundedness/triage-model.ts";
import { sentencesIn } from "../../packages/score/src/groundedness/words.ts";
import { type Example, fitLogistic } from "./fit-logistic.ts";
import { readLines } from "./read-lines.ts";

/** Ridge penalty and weight of a whole data set, in examples: both sets count the same. */
export const RIDGE = 10;
const SET_WEIGHT = 1_000;
const FOLDS = 5;

/** A response to a document, as the triage sees it. */
export interface GroundedRow {
  set: string;
  document: string;
  features: number[];
  isGrounded: boolean;
}

export function readGrounded(folder: string, set: string): GroundedRow[] {
  return readLines<{ context: string | string[]; response: string; grounded: boolean }>(folder, `ground_${set}`).map(({ context, response, grounded }) => {
    const texts = [context].flat();
    const document = createHash("sha256").update(JSON.stringify(texts)).digest("hex");
    return { set, document, features: featuresOf(response, contextOf(texts.flatMap(sentencesIn))), isGrounded: grounded };
  });
}

/** What a triage says of each row that was trained on the other documents only. Split by document, never by row. */
export function scoresOnUnseen(rows: readonly GroundedRow[], split: number): Map<GroundedRow, number> {
  const foldOf = ({ document }: GroundedRow): number => createHash("sha256").update(`${split}${document}`).digest().readUInt32LE() % FOLDS;
  const scores = new Map<GroundedRow, number>();
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const model = fitLogistic(featureNames, examplesOf(rows.filter((row) => foldOf(row) !== fold)), RIDGE);
    for (const row of rows) if (foldOf(row) === fold) scores.set(row, probability(model, row.features));
  }
  return scores;
}

export function examplesOf(rows: readonly GroundedRow[]): Example[] {
  const sizes = new Map<string, number>();
  for (const { set } of rows) sizes.set(set, (sizes.get(set) ?? 0) + 1);
  return rows.map(({ set, features, isGrounded }) => ({ features, isPositive: isGrounded, weight: SET_WEIGHT / (sizes.get(set) ?? 1) }));
}
