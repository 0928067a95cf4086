import { expect, test } from "vitest";
import type { Interval } from "../intervals/interval.ts";
import { expectClose, readVectors } from "../vectors/vectors.ts";
import { association } from "./association.ts";
import { fisherExact } from "./fisher-exact.ts";
import { type RiskTable, riskRatio } from "./risk-ratio.ts";

interface ValuesCase {
  good: number[];
  bad: number[];
  chi2: number;
  dof: number;
  p: number;
  cramers_v: number;
  js_distance_base2: number;
  psi_pseudo_half: number;
  g_test: number;
}

interface TableCase {
  table_rows_exposed_unexposed_cols_bad_good: RiskTable;
  fisher_p: number;
  risk_ratio: number;
  risk_ratio_ci_katz: Interval;
  odds_ratio: number;
}

const vectors = readVectors<ValuesCase | TableCase>("root_cause_tables");

test.each(vectors.cases.map((sample, index) => [index, sample] as const))("root cause table, vector %i", (_index, sample) => {
  if ("good" in sample) {
    const result = association(sample.good, sample.bad);
    expectClose(
      [result.chi2, result.dof, result.p, result.cramersV, result.jsDistance, result.psi, result.g],
      [sample.chi2, sample.dof, sample.p, sample.cramers_v, sample.js_distance_base2, sample.psi_pseudo_half, sample.g_test],
      vectors.rel_tol,
    );
    return;
  }
  const result = riskRatio(sample.table_rows_exposed_unexposed_cols_bad_good);
  expectClose(
    [result.rr, ...result.ciKatz, result.oddsRatio, result.fisherP],
    [sample.risk_ratio, ...sample.risk_ratio_ci_katz, sample.odds_ratio, sample.fisher_p],
    vectors.rel_tol,
  );
});

test("nothing to compare is no association", () => {
  const none = { chi2: 0, dof: 0, p: 1, cramersV: 0, jsDistance: 0, psi: 0, g: 0 };
  expect(association([], [])).toEqual(none);
  expect(association([5], [7])).toEqual(none);
  expect(association([5, 3], [0, 0])).toEqual(none);
  expect(association([5, 0, 3], [1, 0, 2])).toEqual(association([5, 3], [1, 2]));
  expect(() => association([1], [1, 2])).toThrow(RangeError);
  expect(() => association([1, -1], [1, 2])).toThrow(RangeError);
});

test("an empty cell keeps a finite interval; an empty row has no rate", () => {
  expect(
    riskRatio([
      [5, 5],
      [0, 20],
    ]),
  ).toMatchObject({ rr: Infinity, oddsRatio: Infinity });
  expect(
    riskRatio([
      [5, 5],
      [0, 20],
    ]).ciKatz.every(Number.isFinite),
  ).toBe(true);
  expect(
    riskRatio([
      [0, 5],
      [3, 20],
    ]).rr,
  ).toBe(0);
  expect(
    riskRatio([
      [0, 0],
      [3, 20],
    ]),
  ).toMatchObject({ rr: Number.NaN, ciKatz: [0, Infinity], fisherP: 1 });
  expect(() =>
    riskRatio([
      [1.5, 0],
      [3, 20],
    ]),
  ).toThrow(RangeError);
});

// scipy.stats.fisher_exact
test.each([
  [[8, 2, 1, 5], 0.03496503496503495],
  [[3, 3, 3, 3], 1],
  [[0, 10, 10, 0], 1.082508822446902e-5],
  [[1000, 2000, 1200, 2100], 0.011961201783093046],
  [[1_000_000, 2_000_000, 1_001_500, 2_000_000], 0.38706995088272494],
] as const)("Fisher's exact test of %j", ([a, b, c, d], expected) => {
  expectClose(fisherExact(a, b, c, d), expected, 1e-7);
});

test("Fisher's exact test of millions walks only the tails", () => {
  const started = performance.now();
  fisherExact(1_000_000, 2_000_000, 1_001_500, 2_000_000);
  expect(performance.now() - started).toBeLessThan(500);
});
