import { expect, test } from "vitest";
import type { Interval } from "../intervals/interval.ts";
import { seededRandom } from "../simulation/random.ts";
import { expectClose, readVectors } from "../vectors/vectors.ts";
import { clusterEffect } from "./cluster-effect.ts";
import { kolmogorovTail } from "./kolmogorov.ts";
import { ksTest } from "./ks-test.ts";
import { mannWhitney } from "./mann-whitney.ts";
import { twoProportions } from "./two-proportions.ts";
import { welch } from "./welch.ts";

interface SamplesCase {
  a: number[];
  b: number[];
  t: number;
  df: number;
  p: number;
  ci95: Interval;
  mannwhitney_p: number;
  ks_D: number;
  ks_p_exact: number;
  ks_p_asymp: number;
}

const samples = readVectors<SamplesCase>("welch_mwu_ks");

test.each(samples.cases.map((sample, index) => [index, sample] as const))("two samples, vector %i", (_index, { a, b, ...expected }) => {
  const relTol = samples.rel_tol;
  const result = welch(a, b, 0.05);
  expectClose([result.t, result.df, result.p], [expected.t, expected.df, expected.p], relTol, "welch");
  expectClose(result.ci, expected.ci95, relTol, "ci");
  expectClose(mannWhitney(a, b).p, expected.mannwhitney_p, relTol, "mannWhitney");
  const ks = ksTest(a, b);
  expectClose([ks.d, ks.pExact, ks.pAsymp], [expected.ks_D, expected.ks_p_exact, expected.ks_p_asymp], relTol, "ksTest");
});

const proportions = readVectors<{
  k1: number;
  n1: number;
  k2: number;
  n2: number;
  z: number;
  p_two_sided: number;
  diff_newcombe: Interval;
  ratio_log_adj: Interval;
}>("two_proportions");

test.each(proportions.cases)("$k1 of $n1 against $k2 of $n2 agrees with the vector", ({ k1, n1, k2, n2, ...expected }) => {
  const result = twoProportions(k1, n1, k2, n2, 0.05);
  expectClose([result.z, result.p], [expected.z, expected.p_two_sided], proportions.rel_tol);
  expectClose(result.diffNewcombe, expected.diff_newcombe, proportions.rel_tol);
  expectClose(result.ratioLogAdj, expected.ratio_log_adj, proportions.rel_tol);
});

interface ClusterCase {
  cluster: number[];
  treated: number[];
  y: number[];
  effect: number;
  se_naive_ols: number;
  se_hc1: number;
  se_cluster_cr1: number;
  se_cluster_cr0: number;
}

const clusters = readVectors<ClusterCase>("cluster_se");

test.each(clusters.cases.map((sample, index) => [index, sample] as const))(
  "clustered standard errors, vector %i",
  (_index, { y, treated, cluster, ...expected }) => {
    const result = clusterEffect({ y, treated, cluster });
    expectClose(
      [result.effect, result.seNaive, result.seHc1, result.seCr0, result.seCr1],
      [expected.effect, expected.se_naive_ols, expected.se_hc1, expected.se_cluster_cr0, expected.se_cluster_cr1],
      clusters.rel_tol,
    );
  },
);

test("edges of welch: too few values, constants, values that are none", () => {
  expect(welch([1], [1, 2])).toMatchObject({ p: Number.NaN, ci: [Number.NaN, Number.NaN] });
  expect(welch([], [])).toMatchObject({ effect: Number.NaN });
  expect(welch([2, 2], [2, 2])).toMatchObject({ effect: 0, p: 1, ci: [0, 0] });
  expect(welch([3, 3], [2, 2])).toMatchObject({ effect: 1, t: Infinity, p: 0 });
  expect(() => welch([1, Infinity], [1, 2])).toThrow(RangeError);
});

// scipy.stats.mannwhitneyu(method="exact") gives these.
test("small samples without ties have the exact Mann–Whitney p-value", () => {
  expect(mannWhitney([1, 2, 3], [4, 5, 6])).toEqual({ u: 0, p: expect.closeTo(0.1, 14), superiority: 0, method: "exact" });
  expect(mannWhitney([1.1, 2.2, 5.5, 8.8], [3.3, 4.4, 6.6, 7.7, 9.9]).p).toBeCloseTo(0.4126984126984127, 12);
});

test("equal values are no difference to Mann–Whitney, an empty sample is unknown", () => {
  expect(mannWhitney([1, 1, 1], [1, 1])).toMatchObject({ p: 1, superiority: 0.5 });
  expect(mannWhitney([], [1])).toMatchObject({ u: Number.NaN, p: Number.NaN });
});

test("the exact p-value of the largest possible KS distance is two paths of all", () => {
  expect(ksTest([1, 2, 3], [4, 5, 6])).toMatchObject({ d: 1, pExact: expect.closeTo(0.1, 14) });
  expect(ksTest([1, 1, 1], [1, 1, 1, 1])).toMatchObject({ d: 0, p: 1 });
  expect(ksTest([], [1]).p).toBeNaN();
});

// scipy.stats.kstwo.sf
test.each([
  [0.2, 20, 0.352720173623415],
  [0.05, 100, 0.9532159710635725],
  [0.3, 40, 0.0010904155041397967],
  [0.17, 140, 0.0005246108687519814],
  [0.045, 300, 0.5624186378285355],
  [0.03, 1000, 0.3226902143914636],
  [0.01, 10_000, 0.2682191277029192],
  [0.009, 20_000, 0.07785289326070222],
  [0.02, 10_000, 0.0006616848639387309],
])("P(D ≥ %f) for n = %i", (d, n, expected) => {
  expectClose(kolmogorovTail(d, n), expected, 1e-7);
});

test("two proportions: nothing varies, nothing is known", () => {
  expect(twoProportions(0, 10, 0, 20)).toMatchObject({ p: 1 });
  expect(twoProportions(0, 0, 1, 2)).toMatchObject({ p: Number.NaN, diffNewcombe: [-1, 1], ratioLogAdj: [0, Infinity] });
  expect(twoProportions(0, 50, 10, 50).ratioLogAdj.every(Number.isFinite)).toBe(true);
});

test("clusters of one row each are independent rows; one cluster says nothing", () => {
  const y = [1, 0, 1, 1, 0, 0];
  const treated = [1, 1, 1, 0, 0, 0];
  const alone = clusterEffect({ y, treated, cluster: ["a", "b", "c", "d", "e", "f"] });
  expect(alone.seCr1).toBeCloseTo(alone.seHc1 * Math.sqrt(6 / 6), 12);
  expect(clusterEffect({ y, treated, cluster: y.map(() => 0) }).seCr0).toBeNaN();
  expect(clusterEffect({ y, treated: y.map(() => 1), cluster: y }).effect).toBeNaN();
});

test("a hundred thousand values a side take no longer than sorting them", () => {
  const random = seededRandom(1);
  const a = Array.from({ length: 100_000 }, () => random.normal());
  const b = Array.from({ length: 100_000 }, () => random.normal() + 0.02);
  const started = performance.now();
  expect(mannWhitney(a, b).p).toBeLessThan(0.05);
  expect(ksTest(a, b).pExact).toBeNaN();
  expect(welch(a, b).p).toBeLessThan(0.05);
  expect(performance.now() - started).toBeLessThan(3_000);
});
