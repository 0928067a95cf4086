import { expect, test } from "vitest";
import { doneShare, doneText, estimateText, suggestedCount } from "./progress-text.ts";

const estimate = { kind: "corrected", rate: 0.8, ci_low: 0.739, ci_high: 0.861, n_traces: 2000, n_labels: 37, half_width: 0.03, labels_needed: 89 } as const;

test("how far it is, and what the wanted interval takes", () => {
  expect(doneText({ pending: 63, done: 37, skipped: 0 })).toBe("37 of 100");
  expect(doneText({ pending: 60, done: 37, skipped: 3 })).toBe("37 of 97, 3 skipped");
  expect(doneShare({ pending: 0, done: 0, skipped: 2 })).toBe(1);
  expect(estimateText(estimate)).toBe("interval now ±6.1%, about 52 more labels for ±3%");
  expect(estimateText({ ...estimate, ci_low: 0.78, ci_high: 0.82 })).toBe("interval now ±2%, within the ±3% wanted");
  expect(estimateText({ ...estimate, labels_needed: null })).toBe("interval now ±6.1%; labels alone cannot reach ±3%");
  expect(estimateText({ ...estimate, ci_low: null, ci_high: null, labels_needed: 120 })).toBe("about 120 labels for ±3%");
  expect(estimateText({ ...estimate, kind: "none" })).toBe("enters no estimate");
});

test("a queue is suggested as large as what is missing, within reason", () => {
  const suggested = (needed: number | null) => suggestedCount({ n_labels: 37, labels_for_3_points: needed });
  expect([suggested(89), suggested(40), suggested(9_000), suggested(null), suggested(30)]).toEqual([60, 20, 500, 100, 100]);
});
