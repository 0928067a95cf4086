import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { findScorer, scorers } from "../scorers/registry.ts";
import measured from "./measured.json" with { type: "json" };
import { type Scorecard, scorecardsOf, whyNotMeasured } from "./scorecard.ts";
import { scorerPage } from "./scorer-page.ts";

test("the page on built-in scorers is what the scorers say (node scripts/make-scorer-docs.mjs writes it)", () => {
  expect(readFileSync(new URL("../../../../docs/scorers.md", import.meta.url), "utf8")).toBe(scorerPage());
});

test.each(scorers.map((scorer) => [scorer.name, scorer] as const))(
  "%s has an example that it accepts, and a scorecard or a reason why not",
  (_name, scorer) => {
    expect(scorer.problemOf(scorer.example ?? {})).toBeUndefined();
    expect(scorer.instructions !== undefined).toBe(scorer.usesModel);
    if (scorecardsOf(scorer).length === 0) expect(whyNotMeasured(scorer)).toContain("Not measured");
  },
);

test("every scorecard is of a scorer that there is, with figures inside of their intervals", () => {
  const all: Record<string, readonly Scorecard[]> = measured;
  expect(Object.keys(all).filter((name) => findScorer(name) === undefined)).toEqual([]);
  for (const { n, positives, balanced_accuracy, sensitivity, specificity, auroc } of Object.values(all).flat()) {
    expect(positives).toBeLessThan(n);
    for (const rate of [balanced_accuracy, sensitivity, specificity, ...(auroc === null ? [] : [auroc])]) {
      expect(rate.low).toBeLessThanOrEqual(rate.value);
      expect(rate.high).toBeGreaterThanOrEqual(rate.value);
    }
    expect(balanced_accuracy.value).toBeCloseTo((sensitivity.value + specificity.value) / 2, 2);
  }
});
