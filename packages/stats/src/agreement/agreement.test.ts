import { expect, test } from "vitest";
import type { Interval } from "../intervals/interval.ts";
import { seededRandom } from "../simulation/random.ts";
import { expectClose, readVectors } from "../vectors/vectors.ts";
import { agreement } from "./agreement.ts";
import type { Confusion } from "./confusion.ts";
import { krippendorffAlpha } from "./krippendorff-alpha.ts";
import { mcnemarExact, mcnemarMidP } from "./mcnemar.ts";
import { kendallTauB, spearman } from "./rank-correlation.ts";
import { weightedKappa } from "./weighted-kappa.ts";

interface BinaryCase {
  human: number[];
  judge: number[];
  judge_score: number[];
  kappa: number;
  mcc: number;
  f1: number;
  balanced_acc: number;
  auroc: number;
  auprc: number;
  brier: number;
  confusion: Confusion;
  tpr_wilson: Interval;
  tnr_wilson: Interval;
  mcnemar_exact_p: number;
  kripp_nominal: number;
}

interface OrdinalCase {
  ordinal: 1;
  r1: number[];
  r2: number[];
  r3: (number | null)[];
  kappa_quadratic_12: number;
  kappa_linear_12: number;
  spearman_12: number;
  kendall_tau_b_12: number;
  kripp_ordinal_123: number;
  kripp_interval_123: number;
}

const vectors = readVectors<BinaryCase | OrdinalCase>("agreement");
const binary = vectors.cases.filter((sample): sample is BinaryCase => !("ordinal" in sample));
const ordinal = vectors.cases.filter((sample): sample is OrdinalCase => "ordinal" in sample);

test.each(binary.map((sample, index) => [index, sample] as const))("judge against human, vector %i", (_index, sample) => {
  const result = agreement(sample.human, sample.judge, sample.judge_score);
  expect(result.confusion).toEqual(sample.confusion);
  expectClose(
    [
      result.kappa,
      result.mcc,
      result.f1,
      result.balancedAccuracy,
      result.auroc ?? Number.NaN,
      result.auprc ?? Number.NaN,
      result.brier ?? Number.NaN,
      result.mcnemarExactP,
    ],
    [sample.kappa, sample.mcc, sample.f1, sample.balanced_acc, sample.auroc, sample.auprc, sample.brier, sample.mcnemar_exact_p],
    vectors.rel_tol,
  );
  expectClose([...result.tprWilson, ...result.tnrWilson], [...sample.tpr_wilson, ...sample.tnr_wilson], vectors.rel_tol);
  expectClose(krippendorffAlpha([sample.human, sample.judge], "nominal"), sample.kripp_nominal, vectors.rel_tol);
});

test.each(ordinal.map((sample, index) => [index, sample] as const))("ordered grades, vector %i", (_index, { r1, r2, r3, ...expected }) => {
  expectClose(
    [weightedKappa(r1, r2, "quadratic"), weightedKappa(r1, r2, "linear"), spearman(r1, r2), kendallTauB(r1, r2)],
    [expected.kappa_quadratic_12, expected.kappa_linear_12, expected.spearman_12, expected.kendall_tau_b_12],
    vectors.rel_tol,
  );
  expectClose(krippendorffAlpha([r1, r2, r3], "ordinal"), expected.kripp_ordinal_123, vectors.rel_tol);
  expectClose(krippendorffAlpha([r1, r2, r3], "interval"), expected.kripp_interval_123, vectors.rel_tol);
});

test("what the data do not determine is NaN, never 0", () => {
  const allPass = agreement([1, 1, 1], [1, 1, 1]);
  expect(allPass).toMatchObject({
    kappa: Number.NaN,
    mcc: Number.NaN,
    f1: 1,
    balancedAccuracy: Number.NaN,
    mcnemarExactP: 1,
    tnrWilson: [0, 1],
    auroc: undefined,
  });
  expect(agreement([], [])).toMatchObject({ n: 0, kappa: Number.NaN, f1: Number.NaN, tprWilson: [0, 1] });
  expect(agreement([1, 1], [1, 0], [0.9, 0.1]).auroc).toBeNaN();
  expect(spearman([1, 1, 1], [1, 2, 3])).toBeNaN();
  expect(kendallTauB([1, 1, 1], [1, 2, 3])).toBeNaN();
  expect(weightedKappa([2, 2], [2, 2])).toBeNaN();
  expect(
    krippendorffAlpha([
      [1, 1],
      [1, 1],
    ]),
  ).toBeNaN();
  expect(
    krippendorffAlpha([
      [1, null],
      [null, 2],
    ]),
  ).toBeNaN();
});

test("true and false count as 1 and 0; other verdicts and lengths are refused", () => {
  expect(agreement([true, false], [true, true]).confusion).toEqual([1, 1, 0, 0]);
  expect(() => agreement([1, 2], [1, 1])).toThrow("number 2 is 2");
  expect(() => agreement([1], [1, 1])).toThrow("the same length");
  expect(() => agreement([1, 0], [1, 1], [0.5])).toThrow("the same length");
});

test("perfect and reversed order are 1 and −1", () => {
  expect(kendallTauB([1, 2, 3, 4], [10, 20, 30, 40])).toBe(1);
  expect(kendallTauB([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1);
  expect(spearman([1, 2, 3, 4], [4, 3, 2, 1])).toBeCloseTo(-1, 14);
});

test("τ-b without all pairs is τ-b over all pairs", () => {
  const random = seededRandom(3);
  const a = Array.from({ length: 200 }, () => Math.floor(random.uniform() * 12));
  const b = a.map((value) => value + Math.floor(random.uniform() * 8));
  let [concordant, tiedA, tiedB] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    for (let j = 0; j < i; j += 1) {
      const [byA, byB] = [Math.sign((a[i] ?? 0) - (a[j] ?? 0)), Math.sign((b[i] ?? 0) - (b[j] ?? 0))];
      concordant += byA * byB;
      if (byA !== 0) tiedA += 1;
      if (byB !== 0) tiedB += 1;
    }
  }
  expect(kendallTauB(a, b)).toBeCloseTo(concordant / Math.sqrt(tiedA * tiedB), 12);
});

test("a grade that nobody used widens the scale when the scale is given", () => {
  const [a, b] = [
    [1, 1, 4, 4, 2],
    [1, 4, 4, 2, 2],
  ];
  expect(weightedKappa(a, b, "linear", [1, 2, 3, 4])).not.toBeCloseTo(weightedKappa(a, b, "linear"), 3);
  expect(() => weightedKappa(a, b, "linear", [1, 2, 3])).toThrow("grade 4 is not on the scale");
});

test("the kappa interval covers the true kappa", () => {
  const random = seededRandom(5);
  const [truePassRate, sensitivity, specificity] = [0.7, 0.9, 0.8];
  const judgePass = truePassRate * sensitivity + (1 - truePassRate) * (1 - specificity);
  const agreed = truePassRate * sensitivity + (1 - truePassRate) * specificity;
  const chance = truePassRate * judgePass + (1 - truePassRate) * (1 - judgePass);
  const kappa = (agreed - chance) / (1 - chance);
  let covered = 0;
  const runs = 1_000;
  for (let run = 0; run < runs; run += 1) {
    const human = Array.from({ length: 150 }, () => random.bernoulli(truePassRate));
    const judge = human.map((verdict) => random.bernoulli(verdict === 1 ? sensitivity : 1 - specificity));
    const [lo, hi] = agreement(human, judge).kappaCi;
    if (lo <= kappa && kappa <= hi) covered += 1;
  }
  expect(covered / runs).toBeGreaterThan(0.92);
});

test("McNemar's tests: exact and mid-p", () => {
  expect(mcnemarExact(0, 0)).toBe(1);
  expect(mcnemarMidP(0, 0)).toBe(1);
  expect(mcnemarExact(1, 9)).toBeCloseTo(0.021484375, 12);
  expect(mcnemarMidP(1, 9)).toBeCloseTo(0.01171875, 12);
  expect(mcnemarMidP(4, 4)).toBe(1);
});
