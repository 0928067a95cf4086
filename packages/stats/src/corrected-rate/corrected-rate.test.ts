import { expect, test } from "vitest";
import type { Interval } from "../intervals/interval.ts";
import { type Random, seededRandom } from "../simulation/random.ts";
import { expectClose, readVectors } from "../vectors/vectors.ts";
import { type CorrectedRateInput, correctedRate } from "./corrected-rate.ts";
import { labelsNeeded } from "./labels-needed.ts";
import { rateMethods } from "./registry.ts";

interface RateCase {
  Y_human: number[];
  judge_on_labelled: number[];
  judge_on_unlabelled_sum: number;
  N_unlabelled: number;
  alpha: number;
  classical_ci: Interval;
  ppi_lam1_point: number;
  ppi_lam1_ci: Interval;
  ppi_pp_point: number;
  ppi_pp_ci: Interval;
  rogan_gladen: number;
  rg_delta_ci: Interval;
  lang_reiczigel_ci: Interval;
}

const vectors = readVectors<RateCase>("bias_corrected_rate");

test.each(vectors.cases.map((sample, index) => [index, sample] as const))("corrected rate, vector %i", (_index, sample) => {
  const input = {
    human: sample.Y_human,
    judgeOnLabelled: sample.judge_on_labelled,
    judgePassUnlabelled: sample.judge_on_unlabelled_sum,
    nUnlabelled: sample.N_unlabelled,
    alpha: sample.alpha,
  };
  const relTol = vectors.rel_tol;
  expectClose(correctedRate({ ...input, method: "classical" }).ci, sample.classical_ci, relTol, "classical");
  const ppi = correctedRate({ ...input, method: "ppi" });
  expectClose([ppi.point, ...ppi.ci], [sample.ppi_lam1_point, ...sample.ppi_lam1_ci], relTol, "ppi");
  const tuned = correctedRate({ ...input, method: "ppi_pp" });
  expectClose([tuned.point, ...tuned.ci], [sample.ppi_pp_point, ...sample.ppi_pp_ci], relTol, "ppi_pp");
  const roganGladen = correctedRate({ ...input, method: "rogan_gladen" });
  expectClose([roganGladen.point, ...roganGladen.ci], [sample.rogan_gladen, ...sample.rg_delta_ci], relTol, "rogan_gladen");
  expectClose(correctedRate({ ...input, method: "lang_reiczigel" }).ci, sample.lang_reiczigel_ci, relTol, "lang_reiczigel");
});

interface Setting {
  labels: number;
  judged: number;
  pass: number;
  tpr: number;
  tnr: number;
  /** Mean width of the reference. */
  width: number;
}

const settings: Setting[] = [
  { labels: 30, judged: 2000, pass: 0.9, tpr: 0.95, tnr: 0.9, width: 0.182 },
  { labels: 50, judged: 2000, pass: 0.9, tpr: 0.95, tnr: 0.8, width: 0.138 },
  { labels: 100, judged: 2000, pass: 0.9, tpr: 0.95, tnr: 0.8, width: 0.094 },
  { labels: 200, judged: 5000, pass: 0.9, tpr: 0.95, tnr: 0.8, width: 0.064 },
  { labels: 100, judged: 2000, pass: 0.97, tpr: 0.97, tnr: 0.7, width: 0.064 },
  { labels: 100, judged: 2000, pass: 0.7, tpr: 0.9, tnr: 0.85, width: 0.13 },
  { labels: 100, judged: 2000, pass: 0.9, tpr: 0.8, tnr: 0.6, width: 0.113 },
];

function draw(random: Random, { labels, judged, pass, tpr, tnr }: Setting): CorrectedRateInput {
  const human = Array.from({ length: labels }, () => random.bernoulli(pass));
  const judgeOnLabelled = human.map((verdict) => random.bernoulli(verdict === 1 ? tpr : 1 - tnr));
  const nUnlabelled = judged - labels;
  return { human, judgeOnLabelled, nUnlabelled, judgePassUnlabelled: random.binomial(nUnlabelled, pass * tpr + (1 - pass) * (1 - tnr)) };
}

test.each(settings)("covers the truth: $labels labels, $judged judged, pass $pass, TPR $tpr, TNR $tnr", (setting) => {
  const random = seededRandom(2026);
  const runs = 4_000;
  let covered = 0;
  let width = 0;
  for (let run = 0; run < runs; run += 1) {
    const [lo, hi] = correctedRate(draw(random, setting)).ci;
    if (lo <= setting.pass && setting.pass <= hi) covered += 1;
    width += (hi - lo) / runs;
  }
  expect(covered / runs).toBeGreaterThanOrEqual(0.94);
  expect(width / setting.width).toBeCloseTo(1, 1);
});

test("labels drawn mostly from judge fails leave the rate where it is", () => {
  const random = seededRandom(8);
  const setting = { pass: 0.9, tpr: 0.95, tnr: 0.8 };
  const runs = 1_000;
  let covered = 0;
  for (let run = 0; run < runs; run += 1) {
    const items = Array.from({ length: 1_000 }, () => {
      const human = random.bernoulli(setting.pass);
      const judge = random.bernoulli(human === 1 ? setting.tpr : 1 - setting.tnr);
      return { human, judge, isLabelled: random.uniform() < (judge === 1 ? 0.05 : 0.5) };
    });
    const labelled = items.filter(({ isLabelled }) => isLabelled);
    const rest = items.filter(({ isLabelled }) => !isLabelled);
    const { ci } = correctedRate({
      human: labelled.map(({ human }) => human),
      judgeOnLabelled: labelled.map(({ judge }) => judge),
      judgePassUnlabelled: rest.reduce((sum, { judge }) => sum + judge, 0),
      nUnlabelled: rest.length,
    });
    if (ci[0] <= setting.pass && setting.pass <= ci[1]) covered += 1;
  }
  expect(covered / runs).toBeGreaterThanOrEqual(0.94);
});

test("unequal chances inside a verdict are weighed back", () => {
  // Passes of half a stratum were labelled four times as often: without the chances its rate looks like 0.8.
  const human = [...Array<number>(80).fill(1), ...Array<number>(20).fill(0)];
  const input = { human, judgeOnLabelled: human.map(() => 1), judgePassUnlabelled: 900, nUnlabelled: 900 };
  const inclusionProbability = human.map((verdict) => (verdict === 1 ? 0.4 : 0.1));
  expect(correctedRate(input).point).toBeCloseTo(0.8, 12);
  const weighed = correctedRate({ ...input, inclusionProbability });
  expect(weighed.point).toBeCloseTo(0.5, 12);
  const [lo, hi] = weighed.ci;
  const [plainLo, plainHi] = correctedRate(input).ci;
  expect(hi - lo).toBeGreaterThan(plainHi - plainLo);
  expect(() => correctedRate({ ...input, inclusionProbability, method: "ppi" })).toThrow("use post_stratified");
});

test("scores instead of verdicts: PPI++ covers their mean", () => {
  const random = seededRandom(12);
  const runs = 600;
  let covered = 0;
  for (let run = 0; run < runs; run += 1) {
    const judgeAndHuman = (): [number, number] => {
      const human = random.uniform() ** 2;
      return [Math.min(1, Math.max(0, human + 0.1 + random.normal() / 10)), human];
    };
    const labelled = Array.from({ length: 120 }, judgeAndHuman);
    const scores = Array.from({ length: 1_000 }, () => judgeAndHuman()[0]);
    const { ci } = correctedRate({
      human: labelled.map(([, human]) => human),
      judgeOnLabelled: labelled.map(([judge]) => judge),
      judgePassUnlabelled: scores.reduce((sum, score) => sum + score, 0),
      judgeSquaresUnlabelled: scores.reduce((sum, score) => sum + score * score, 0),
      nUnlabelled: scores.length,
      method: "ppi_pp",
    });
    if (ci[0] <= 1 / 3 && 1 / 3 <= ci[1]) covered += 1;
  }
  expect(covered / runs).toBeGreaterThanOrEqual(0.93);
});

test("with nothing labelled the interval is as wide as what the judge leaves open", () => {
  const nothing = { human: [], judgeOnLabelled: [], judgePassUnlabelled: 0, nUnlabelled: 0 };
  expect(correctedRate(nothing)).toEqual({ point: Number.NaN, ci: [0, 1] });
  const unlabelled = { ...nothing, judgePassUnlabelled: 90, nUnlabelled: 100 };
  expect(correctedRate(unlabelled)).toEqual({ point: 0.5, ci: [expect.closeTo(0.047, 3), expect.closeTo(0.953, 3)] });
  for (const { name } of rateMethods.slice(1)) {
    const { point } = correctedRate({ ...unlabelled, method: name as "ppi" });
    expect(point, name).toBeNaN();
  }
});

test("a judge no better than a coin, or labels of one kind, do not divide by zero", () => {
  const coin = { human: [1, 1, 0, 0], judgeOnLabelled: [1, 0, 1, 0], judgePassUnlabelled: 50, nUnlabelled: 100 };
  expect(correctedRate({ ...coin, method: "rogan_gladen" })).toEqual({ point: Number.NaN, ci: [0, 1] });
  const onlyPasses = { human: [1, 1], judgeOnLabelled: [1, 1], judgePassUnlabelled: 100, nUnlabelled: 100 };
  expect(correctedRate({ ...onlyPasses, method: "lang_reiczigel" })).toEqual({ point: Number.NaN, ci: [0, 1] });
  const { point, ci } = correctedRate(onlyPasses);
  expect(point).toBe(1);
  expect(ci[0]).toBeLessThan(0.5);
});

test("what cannot be is refused", () => {
  const input: CorrectedRateInput = { human: [1, 0], judgeOnLabelled: [1, 0], judgePassUnlabelled: 5, nUnlabelled: 10 };
  expect(() => correctedRate({ ...input, judgePassUnlabelled: 11 })).toThrow(RangeError);
  expect(() => correctedRate({ ...input, human: [1] })).toThrow("the same length");
  expect(() => correctedRate({ ...input, human: [1, 0.5] })).toThrow("number 2 is 0.5");
  expect(() => correctedRate({ ...input, alpha: 0 })).toThrow(RangeError);
  expect(() => correctedRate({ ...input, method: "guess" as "ppi" })).toThrow("no method guess; there are post_stratified");
});

test("every method has a name of its own", () => {
  expect(new Set(rateMethods.map(({ name }) => name)).size).toBe(rateMethods.length);
});

test("the number of labels needed is the number that gives the width", () => {
  const setting = { labels: 100, judged: 20_000, pass: 0.9, tpr: 0.95, tnr: 0.8, width: 0 };
  const random = seededRandom(77);
  const needed = Array.from({ length: 41 }, () => labelsNeeded({ ...draw(random, setting), halfWidth: 0.03 }) ?? Infinity).toSorted((a, b) => a - b)[20] ?? 0;
  expect(needed).toBeGreaterThan(150);
  expect(needed).toBeLessThan(400);
  const widths = Array.from({ length: 41 }, () => {
    const [lo, hi] = correctedRate(draw(random, { ...setting, labels: needed })).ci;
    return hi - lo;
  }).toSorted((a, b) => a - b);
  expect(widths[20]).toBeGreaterThan(0.05);
  expect(widths[20]).toBeLessThan(0.07);
});

test("more labels than there are items cannot be needed", () => {
  const input = { human: [1, 0, 1, 0], judgeOnLabelled: [1, 1, 0, 0], judgePassUnlabelled: 48, nUnlabelled: 96 };
  expect(labelsNeeded({ ...input, halfWidth: 0.01 })).toBeUndefined();
  expect(labelsNeeded({ ...input, halfWidth: 0.4 })).toBeLessThan(20);
  expect(labelsNeeded({ human: [], judgeOnLabelled: [], judgePassUnlabelled: 0, nUnlabelled: 0, halfWidth: 0.1 })).toBeUndefined();
  expect(() => labelsNeeded({ ...input, halfWidth: 0 })).toThrow(RangeError);
});
