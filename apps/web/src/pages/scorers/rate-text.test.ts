import { expect, test } from "vitest";
import { intervalText, judgesText, labelsText, shareText } from "./rate-text.ts";

test("a rate without labels is not passed off as corrected", () => {
  expect(labelsText({ scorer: "polite", corrected: null, n_labels: 0, labels_for_3_points: null })).toMatch(/feedback named polite/);
  expect(labelsText({ scorer: "polite", corrected: null, n_labels: 2, labels_for_3_points: null })).toMatch(/2 labels are too few/);
});

test("says how many labels are missing for ±3%, or that labels cannot do it", () => {
  const rate = { scorer: "polite", corrected: 0.75, n_labels: 55 };
  expect(labelsText({ ...rate, labels_for_3_points: 400 })).toBe("Labels needed for ±3%: about 400 in all, 345 more than there are.");
  expect(labelsText({ ...rate, labels_for_3_points: 50 })).toMatch(/within/);
  expect(labelsText({ ...rate, labels_for_3_points: null })).toMatch(/cannot/);
});

test("says what was not counted, and nothing where there is only one judge", () => {
  expect(judgesText({ version: 2, not_counted: [] })).toBe("");
  expect(judgesText({ version: null, not_counted: [] })).toBe("");
  const others = [
    { version: 1, n_traces: 1400 },
    { version: null, n_traces: 50 },
  ];
  expect(judgesText({ version: 2, not_counted: others })).toBe(
    "Of version 2; not counted are traces judged otherwise: 1,400 of version 1, 50 on which something else says something of this name. ",
  );
});

test("unknown is a dash", () => {
  expect(shareText(null)).toBe("–");
  expect(intervalText({ ci_low: null, ci_high: 0.9 })).toBe("–");
  expect(intervalText({ ci_low: 0.638, ci_high: 0.853 })).toBe("63.8% – 85.3%");
});
