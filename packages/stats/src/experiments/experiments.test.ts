import { describe, expect, test } from "vitest";
import type { Interval } from "../intervals/interval.ts";
import { seededRandom } from "../simulation/random.ts";
import { expectClose, readVectors } from "../vectors/vectors.ts";
import { type AbFigures, abTest } from "./ab-test.ts";
import { adjust } from "./adjust.ts";
import { asymptoticCsHalfwidth } from "./asymptotic-cs.ts";
import { sequentialSrm } from "./sequential-srm.ts";
import { srm } from "./srm.ts";

type Expected = Record<string, AbFigures | undefined>;
type AbCase = {
  post: [number[], number[]];
  pre: [number[], number[]];
  denominator: [number[], number[]];
  proportion?: 1;
  k: [number, number];
  n: [number, number];
} & Expected;

const ab = readVectors<AbCase>("ab_growthbook");

describe.each(ab.cases.map((sample, index) => [index, sample] as const))("A/B vector %i", (_index, sample) => {
  test.each(["relative", "absolute"] as const)("agrees with GrowthBook, %s", (kind) => {
    const input = sample.proportion === 1 ? { post: countsOf(sample), kind } : { post: sample.post, pre: sample.pre, denominator: sample.denominator, kind };
    const result = abTest({ ...input, tuning: 5000, alpha: 0.05 });
    expectFigures(result.welch, sample[`welch_${kind}`]);
    expectFigures(result.sequential, sample[`sequential_${kind}_N5000`]);
    expect(result.welch[kind]).toMatchObject({ effect: result.welch.effect });
    if (sample.proportion === 1) return;
    expectFigures(abTest({ ...input, tuning: 500 }).sequential, sample[`sequential_${kind}_N500`]);
    expectFigures(result.cuped, sample[`cuped_${kind}`]);
    expectFigures(result.ratio, sample[`ratio_delta_${kind}`]);
  });
});

function countsOf({ k, n }: AbCase): [{ k: number; n: number }, { k: number; n: number }] {
  return [
    { k: k[0], n: n[0] },
    { k: k[1], n: n[1] },
  ];
}

function expectFigures(actual: AbFigures | undefined, expected: AbFigures | undefined): void {
  if (actual === undefined || expected === undefined) throw new Error("a figure is missing");
  expectClose([actual.effect, ...actual.ci, actual.p, actual.stddev], [expected.effect, ...expected.ci, expected.p, expected.stddev], ab.rel_tol);
}

const ones = (k: number, n: number): number[] => Array.from({ length: n }, (_, i) => (i < k ? 1 : 0));

test("a proportion given as 0 and 1 is the one given as counts", () => {
  const rows = abTest({ post: [ones(30, 100), ones(45, 110)], kind: "proportion" });
  const counts = abTest({
    post: [
      { k: 30, n: 100 },
      { k: 45, n: 110 },
    ],
  });
  expect(rows).toEqual(counts);
});

test("what cannot be judged has an infinite interval and p = 1", () => {
  const unjudged = { ci: [-Infinity, Infinity], p: 1 };
  expect(
    abTest({
      post: [
        [1, 1, 1],
        [1, 1, 1],
      ],
    }).welch,
  ).toMatchObject({ effect: 0, ...unjudged });
  expect(
    abTest({
      post: [
        [0, 0, 0],
        [1, 2, 3],
      ],
    }).welch.relative,
  ).toMatchObject({ effect: Number.NaN, ...unjudged });
  expect(
    abTest({
      post: [
        [0, 0, 0],
        [1, 2, 3],
      ],
    }).welch.absolute.effect,
  ).toBe(2);
  expect(abTest({ post: [[1], [1, 2, 3]] }).sequential).toMatchObject(unjudged);
  expect(abTest({ post: [[], []] }).welch).toMatchObject(unjudged);
  expect(
    abTest({
      post: [
        [1, 2, 4],
        [1, 2, 3],
      ],
      pre: [
        [5, 5, 5],
        [5, 5, 5],
      ],
    }).cuped?.effect,
  ).toBeCloseTo(-1 / 7, 12);
});

const halfwidths = readVectors<{ s2: number; n: number; tuning: number; alpha: number; halfwidth: number }>("asymptotic_cs_halfwidth");

test.each(halfwidths.cases)("the always-valid half width for s2 = $s2, n = $n, tuning $tuning, alpha $alpha", ({ s2, n, tuning, alpha, halfwidth }) => {
  expectClose(asymptoticCsHalfwidth(s2, n, tuning, alpha), halfwidth, halfwidths.rel_tol);
});

test("looking after every batch finds nothing in two equal arms more often than alpha", () => {
  const random = seededRandom(7);
  const runs = 300;
  let wrong = 0;
  for (let run = 0; run < runs; run += 1) {
    const arms: [number[], number[]] = [[], []];
    for (let look = 0; look < 20; look += 1) {
      for (let i = 0; i < 50; i += 1) {
        arms[0].push(random.normal() + 3);
        arms[1].push(random.normal() + 3);
      }
      if (abTest({ post: arms, tuning: 500 }).sequential.p < 0.05) {
        wrong += 1;
        break;
      }
    }
  }
  expect(wrong / runs).toBeLessThanOrEqual(0.06);
});

interface SrmCase {
  observed?: number[];
  sequence: number[];
  weights: number[];
  chi2: number;
  p: number;
  inverse_odds_at: [number, number][];
}

const mismatch = readVectors<SrmCase>("srm");

test.each(mismatch.cases.map((sample, index) => [index, sample] as const))("sample-ratio mismatch, vector %i", (_index, sample) => {
  if (sample.observed !== undefined) {
    const result = srm(sample.observed, sample.weights);
    expectClose([result.chi2, result.p], [sample.chi2, sample.p], mismatch.rel_tol);
    return;
  }
  const test = sequentialSrm(sample.weights);
  let least = 1;
  const at = new Map(sample.inverse_odds_at);
  for (const [index, arm] of sample.sequence.entries()) {
    const { inverseOdds, p, n } = test.update(arm);
    least = Math.min(least, inverseOdds);
    expect(p).toBe(least);
    const expected = at.get(n);
    expect(n).toBe(index + 1);
    if (expected !== undefined) expectClose(inverseOdds, expected, mismatch.rel_tol, `after ${n}`);
  }
});

test("a sequential mismatch is a false alarm in at most alpha of fair splits, and finds an unfair one", () => {
  const random = seededRandom(11);
  const runs = 400;
  let falseAlarms = 0;
  for (let run = 0; run < runs; run += 1) {
    const test = sequentialSrm([0.5, 0.5]);
    for (let i = 0; i < 2_000; i += 1) test.update(random.bernoulli(0.5));
    if (test.state.p < 0.05) falseAlarms += 1;
  }
  expect(falseAlarms / runs).toBeLessThanOrEqual(0.07);
  const unfair = sequentialSrm([1, 1]);
  for (let i = 0; i < 5_000; i += 1) unfair.update(random.bernoulli(0.56));
  expect(unfair.state.p).toBeLessThan(0.001);
});

test("weights may have any scale; an impossible split is refused", () => {
  expect(srm([90, 10], [9, 1])).toEqual({ chi2: 0, p: 1 });
  expect(srm([0, 0], [1, 1])).toEqual({ chi2: 0, p: 1 });
  expect(() => srm([1, 2], [1])).toThrow(RangeError);
  expect(() => srm([1, 2, 3], [1, 1])).toThrow(RangeError);
  expect(() => sequentialSrm([1, 0])).toThrow(RangeError);
  expect(() => sequentialSrm([1, 1]).update(2)).toThrow("no arm 2");
});

interface MultipleCase {
  p: number[];
  fdr_bh: number[];
  fdr_by: number[];
  holm: number[];
  bonferroni: number[];
}

const multiple = readVectors<MultipleCase>("multiple_testing");

test.each(multiple.cases.map((sample, index) => [index, sample] as const))("adjusted p-values, vector %i", (_index, sample) => {
  expectClose(adjust(sample.p, "bh"), sample.fdr_bh, multiple.rel_tol, "bh");
  expectClose(adjust(sample.p, "by"), sample.fdr_by, multiple.rel_tol, "by");
  expectClose(adjust(sample.p, "holm"), sample.holm, multiple.rel_tol, "holm");
  expectClose(adjust(sample.p, "bonferroni"), sample.bonferroni, multiple.rel_tol, "bonferroni");
});

test("adjusting nothing gives nothing, ties stay ties, what is no p-value is refused", () => {
  expect(adjust([], "bh")).toEqual([]);
  expect(adjust([0.02, 0.02], "holm")).toEqual([0.04, 0.04]);
  expect(() => adjust([0.5, Number.NaN], "bh")).toThrow("number 2 is NaN");
});

test("an interval that may be looked at any time is wider than one that may not", () => {
  const [lo, hi]: Interval = abTest({
    post: [
      [1, 2, 3, 4],
      [2, 3, 4, 6],
    ],
  }).sequential.absolute.ci;
  expect(hi - lo).toBeGreaterThan(4);
});
