import { scored, skipped } from "../../outcome.ts";
import { againstReference, wordsOf } from "./against-reference.ts";

/** Words of either text beyond which the table would be too large. */
const MAX_WORDS = 5_000;

/** Lin 2004: F1 of the longest common subsequence of words. */
export const rougeL = againstReference(
  "RougeL",
  "Longest common sequence of words with the expected answer, from 0 to 1 (ROUGE-L F1).",
  { kind: "number", min: 0, max: 1 },
  (answer, expected) => {
    const [given, wanted] = [wordsOf(answer), wordsOf(expected)];
    if (given.length > MAX_WORDS || wanted.length > MAX_WORDS) return skipped("nothing_to_judge");
    const common = longestCommon(given, wanted);
    const total = given.length + wanted.length;
    return scored({ value: total === 0 ? 1 : (2 * common) / total, rationale: `The longest common sequence has ${common} words.` });
  },
);

/** Length of the longest common subsequence, two rows at a time. */
function longestCommon(a: readonly string[], b: readonly string[]): number {
  let before = new Uint32Array(b.length + 1);
  for (const word of a) {
    const row = new Uint32Array(b.length + 1);
    for (const [at, other] of b.entries()) {
      row[at + 1] = word === other ? (before[at] ?? 0) + 1 : Math.max(before[at + 1] ?? 0, row[at] ?? 0);
    }
    before = row;
  }
  return before[b.length] ?? 0;
}
