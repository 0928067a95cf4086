import { scored } from "../../outcome.ts";
import { againstReference, wordsOf } from "./against-reference.ts";

/** Rajpurkar et al. 2016 (SQuAD): harmonic mean of precision and recall over the words, each counted as often as it occurs. */
export const tokenF1 = againstReference(
  "TokenF1",
  "Overlap of words with the expected answer, from 0 to 1 (F1).",
  { kind: "number", min: 0, max: 1 },
  (answer, expected) => {
    const [given, wanted] = [wordsOf(answer), wordsOf(expected)];
    const counts = new Map<string, number>();
    for (const word of wanted) counts.set(word, (counts.get(word) ?? 0) + 1);
    let shared = 0;
    for (const word of given) {
      const left = counts.get(word) ?? 0;
      if (left > 0) shared += 1;
      counts.set(word, left - 1);
    }
    const total = given.length + wanted.length;
    return scored({
      value: total === 0 ? 1 : (2 * shared) / total,
      rationale: `${shared} words in common; the answer has ${given.length}, the expected one ${wanted.length}.`,
    });
  },
);
