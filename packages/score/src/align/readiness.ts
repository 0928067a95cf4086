import type { Half } from "./split-labels.ts";

/** Labels in all before an alignment is worth anything, as for the narrowest corrected rate. */
export const MIN_LABELS = 30;
/** Of each verdict in each half: without both there is nothing to learn from, and no rate to hold the result against. */
export const MIN_OF_EACH = 4;

export interface Readiness {
  labels: number;
  needed: number;
  /** Why it cannot begin, in one sentence; `undefined` = it can. */
  problem: string | undefined;
}

/** Whether there are enough labels that say pass or fail. `name` is the scorer's, for the sentence. */
export function readiness(name: string, labels: readonly { half: Half; humanPass: boolean }[]): Readiness {
  const needed = MIN_LABELS;
  const facts = { labels: labels.length, needed };
  if (labels.length < needed) {
    return {
      ...facts,
      problem: `Alignment needs at least ${needed} traces on which people said pass or fail under the name ${name}; there are ${labels.length}, so label ${needed - labels.length} more.`,
    };
  }
  for (const [half, words] of [
    ["training", "to learn from"],
    ["held_back", "to be measured by"],
  ] as const) {
    for (const pass of [true, false]) {
      const count = labels.filter((label) => label.half === half && label.humanPass === pass).length;
      if (count >= MIN_OF_EACH) continue;
      return {
        ...facts,
        problem: `Of the half of the labels ${words}, ${count} ${count === 1 ? "is" : "are"} a ${pass ? "pass" : "fail"} and at least ${MIN_OF_EACH} are needed: label more traces that people ${pass ? "pass" : "fail"}.`,
      };
    }
  }
  return { ...facts, problem: undefined };
}
