import { expect, test } from "vitest";
import type { Interval } from "../intervals/interval.ts";
import { seededRandom } from "../simulation/random.ts";
import { expectClose, readVectors } from "../vectors/vectors.ts";
import { betaBinomialMixtureBound } from "./beta-binomial-mixture.ts";
import { bettingCs } from "./betting-cs.ts";
import { doubleStitchingBound } from "./double-stitching.ts";
import { eDetector } from "./e-detector.ts";
import { empiricalProcessLilBound } from "./empirical-process-lil.ts";
import { gammaExponentialMixtureBound } from "./gamma-exponential-mixture.ts";
import { normalMixtureBound } from "./normal-mixture.ts";
import { predmixEmpiricalBernsteinCs, predmixHoeffdingCs } from "./predictable-mixture.ts";

interface BoundCase {
  kind: string;
  v: number[];
  t: number[];
  alpha: number;
  v_opt: number;
  g: number;
  h: number;
  c: number;
  q: number;
  t_min: number;
  t_opt: number;
  one_sided: number[];
  two_sided?: number[];
  bound: number[];
  x: number[];
  at_index0: number[];
  predmix_empbern: Interval[];
  predmix_hoeffding: Interval[];
  "betting_cs_default(breaks=1000)": Interval[];
}

const vectors = readVectors<BoundCase>("confidence_sequences");

test.each(vectors.cases.map((sample, index) => [`${index}: ${sample.kind}, alpha ${sample.alpha}`, sample] as const))("vector %s", (_name, sample) => {
  const relTol = vectors.rel_tol;
  const { v, t, alpha } = sample;
  switch (sample.kind) {
    case "normal_mixture_bound":
      expectClose(normalMixtureBound(v, alpha, sample.v_opt), sample.one_sided, relTol);
      expectClose(normalMixtureBound(v, alpha, sample.v_opt, 0.05, false), sample.two_sided ?? [], relTol);
      break;
    case "beta_binomial_mixture_bound":
      expectClose(betaBinomialMixtureBound(v, alpha, sample.v_opt, sample.g, sample.h), sample.one_sided, relTol);
      break;
    case "gamma_exponential_mixture_bound":
      expectClose(gammaExponentialMixtureBound(v, alpha, sample.v_opt, sample.c), sample.one_sided, relTol);
      break;
    case "quantile empirical_process_lil_bound":
      expectClose(empiricalProcessLilBound(t, alpha, sample.t_min), sample.bound, relTol);
      break;
    case "quantile double_stitching_bound":
      expectClose(doubleStitchingBound(sample.q, t, alpha, sample.t_opt), sample.bound, relTol);
      break;
    case "mean_cs":
      expectMeanCs(sample, relTol);
      break;
    default:
      throw new Error(`a vector of an unknown kind: ${sample.kind}`);
  }
});

function expectMeanCs({ x, alpha, at_index0: at, ...expected }: BoundCase, relTol: number): void {
  const bernstein = predmixEmpiricalBernsteinCs(x, alpha);
  const hoeffding = predmixHoeffdingCs(x, alpha);
  const betting = bettingCs(x, alpha);
  for (const [position, index] of at.entries()) {
    expectClose(bernstein[index] ?? [], expected.predmix_empbern[position] ?? [], relTol, "empirical Bernstein");
    expectClose(hoeffding[index] ?? [], expected.predmix_hoeffding[position] ?? [], relTol, "Hoeffding");
    const [lo, hi] = betting[index] ?? [Number.NaN, Number.NaN];
    const [expectedLo, expectedHi] = expected["betting_cs_default(breaks=1000)"][position] ?? [0, 0];
    expect(Math.abs(lo - expectedLo)).toBeLessThan(0.002);
    expect(Math.abs(hi - expectedHi)).toBeLessThan(0.002);
  }
}

test("a bound at one time is a number", () => {
  expect(normalMixtureBound(100, 0.05, 100)).toBe(normalMixtureBound([100], 0.05, 100)[0]);
  expect(empiricalProcessLilBound(99, 0.05, 100)).toBe(Infinity);
});

const meanSequences = { predmixEmpiricalBernsteinCs, predmixHoeffdingCs, bettingCs: (x: number[], alpha: number) => bettingCs(x, alpha, { breaks: 200 }) };

test.each(Object.entries(meanSequences))("%s never leaves the true mean in 95 %% of runs, however often one looks", (_name, sequence) => {
  const random = seededRandom(17);
  const runs = 200;
  for (const mean of [0.1, 0.5]) {
    let missed = 0;
    for (let run = 0; run < runs; run += 1) {
      const x = Array.from({ length: 300 }, () => random.bernoulli(mean));
      // The intersection of all intervals holds the mean exactly if each of them did.
      const [lo, hi] = sequence(x, 0.05).at(-1) ?? [0, 1];
      if (mean < lo || mean > hi) missed += 1;
    }
    expect(missed / runs).toBeLessThanOrEqual(0.06);
  }
});

test.each(Object.entries(meanSequences))("%s of nothing is nothing, of one value nearly everything; other values are refused", (_name, sequence) => {
  expect(sequence([], 0.05)).toEqual([]);
  const [[lo, hi] = [1, 0]] = sequence([1], 0.05);
  expect(hi - lo).toBeGreaterThan(0.7);
  expect(() => sequence([0.5, 1.1], 0.05)).toThrow("number 2 is 1.1");
});

test("a normal mixture boundary is crossed in at most alpha of random walks", () => {
  const random = seededRandom(23);
  const bounds = normalMixtureBound(
    Array.from({ length: 1_000 }, (_, i) => i + 1),
    0.05,
    100,
  );
  const runs = 400;
  let crossed = 0;
  for (let run = 0; run < runs; run += 1) {
    let walk = 0;
    if (bounds.some((bound) => (walk += random.normal()) >= bound)) crossed += 1;
  }
  expect(crossed / runs).toBeLessThanOrEqual(0.06);
});

test("shapes that make no boundary are refused", () => {
  expect(() => normalMixtureBound(1, 0.05, 0)).toThrow(RangeError);
  expect(() => normalMixtureBound(1, 0.05, 1, 0.6)).toThrow(RangeError);
  expect(() => betaBinomialMixtureBound(1, 0.05, 1, 0, 1)).toThrow(RangeError);
  expect(() => gammaExponentialMixtureBound(1, 0.05, 1, 0)).toThrow(RangeError);
  expect(() => empiricalProcessLilBound(1, 0.05, 0)).toThrow(RangeError);
  expect(() => doubleStitchingBound(1, 10, 0.05, 10)).toThrow(RangeError);
  expect(() => bettingCs([0.5], 0.05, { breaks: 0 })).toThrow(RangeError);
});

interface DetectorCase {
  x: number[];
  m0: number;
  grid: number[];
  esr_path: [number, number][];
  first_alarm_A1000: number;
}

const detectors = readVectors<DetectorCase>("e_detector");

test.each(detectors.cases)("e-detector with m0 = $m0 agrees with the vector", ({ x, m0, grid, esr_path: path, first_alarm_A1000: firstAlarm }) => {
  const detector = eDetector({ m0, grid, threshold: 1000 });
  const states = x.map((value) => detector.update(value));
  expectClose(
    path.map(([n]) => states[n - 1]?.m ?? Number.NaN),
    path.map(([, m]) => m),
    detectors.rel_tol,
  );
  expect(states.findIndex(({ alarm }) => alarm) + 1).toBe(firstAlarm);
});

/** Blocks of 20 with the null at 1.25 × a baseline of 5 %: share of runs that alarm after the change, and their median delay in scores. */
function runDetector(seed: number, rate: number, scored: number, runs: number): { alarmed: number; medianDelay: number } {
  const random = seededRandom(seed);
  const delays: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const detector = eDetector({ m0: 0.0625, threshold: 500 });
    for (let at = 0; at < 2_000; at += 20) detector.update(random.binomial(20, 0.05) / 20);
    for (let at = 0; at < scored; at += 20) {
      if (!detector.update(random.binomial(20, rate) / 20).alarm) continue;
      delays.push(at + 20);
      break;
    }
  }
  const sorted = delays.toSorted((a, b) => a - b);
  return { alarmed: delays.length / runs, medianDelay: sorted[Math.floor(sorted.length / 2)] ?? Infinity };
}

test("an e-detector on blocks rarely alarms within 20,000 steady scores and finds a doubled or tripled rate", () => {
  expect(runDetector(31, 0.05, 20_000, 200).alarmed).toBeLessThanOrEqual(0.02);
  const doubled = runDetector(37, 0.1, 10_000, 200);
  expect(doubled.alarmed).toBe(1);
  expect(doubled.medianDelay).toBeLessThanOrEqual(500);
  expect(runDetector(41, 0.15, 10_000, 200).medianDelay).toBeLessThanOrEqual(240);
});

test("at the null itself the average run to a false alarm is at least the threshold", () => {
  const random = seededRandom(43);
  let total = 0;
  const runs = 200;
  for (let run = 0; run < runs; run += 1) {
    const detector = eDetector({ m0: 0.2, threshold: 100 });
    while (!detector.update(random.bernoulli(0.2)).alarm);
    total += detector.state.n;
  }
  expect(total / runs).toBeGreaterThanOrEqual(100);
});

test("a reset forgets the alarm and may take a new baseline", () => {
  const detector = eDetector({ m0: 0.05, threshold: 100 });
  while (!detector.update(1).alarm);
  detector.reset(0.5);
  expect(detector.state).toEqual({ m: 0, alarm: false, n: 0 });
  for (let i = 0; i < 50; i += 1) detector.update(0.5);
  expect(detector.state.alarm).toBe(false);
});

test("a stream that is all bad for ever stays finite", () => {
  const detector = eDetector({ m0: 0.01, threshold: 100 });
  for (let i = 0; i < 5_000; i += 1) detector.update(1);
  expect(Number.isFinite(detector.state.m)).toBe(true);
  expect(() => detector.update(1.5)).toThrow(RangeError);
  expect(() => eDetector({ m0: 0, threshold: 1 })).toThrow(RangeError);
  expect(() => eDetector({ m0: 0.1, grid: [0.9], threshold: 1 })).toThrow(RangeError);
});
