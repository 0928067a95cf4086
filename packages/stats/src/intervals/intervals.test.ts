import fc from "fast-check";
import { expect, test } from "vitest";
import { expectClose, readVectors } from "../vectors/vectors.ts";
import { agrestiCoull } from "./agresti-coull.ts";
import { clopperPearson } from "./clopper-pearson.ts";
import type { Interval } from "./interval.ts";
import { jeffreys } from "./jeffreys.ts";
import { quantileInterval } from "./quantile-interval.ts";
import { wilson } from "./wilson.ts";

interface BinomialCase {
  k: number;
  n: number;
  alpha: number;
  wilson: Interval;
  beta: Interval;
  agresti_coull: Interval;
  jeffreys: Interval;
}

interface QuantileCase {
  x_sorted: number[];
  q: number;
  lo_index1: number;
  hi_index1: number;
  lo: number;
  hi: number;
  coverage: number;
}

const binomial = readVectors<BinomialCase>("binomial_ci");
const quantiles = readVectors<QuantileCase>("quantile_ci");

test.each(binomial.cases)("binomial intervals of $k in $n agree with the vector", ({ k, n, alpha, ...expected }) => {
  expectClose(wilson(k, n, alpha), expected.wilson, binomial.rel_tol, "wilson");
  expectClose(clopperPearson(k, n, alpha), expected.beta, binomial.rel_tol, "clopperPearson");
  expectClose(agrestiCoull(k, n, alpha), expected.agresti_coull, binomial.rel_tol, "agrestiCoull");
  expectClose(jeffreys(k, n, alpha), expected.jeffreys, binomial.rel_tol, "jeffreys");
});

const intervals = { wilson, clopperPearson, agrestiCoull, jeffreys };

test.each(Object.entries(intervals))("%s is ordered, inside [0, 1], around k/n and symmetric", (name, interval) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 1e-6, max: 0.9, noNaN: true }),
      (n, share, alpha) => {
        const k = Math.round(n * share);
        const [lo, hi] = interval(k, n, alpha);
        const [mirrorLo, mirrorHi] = interval(n - k, n, alpha);
        expect(lo >= 0 && lo <= hi && hi <= 1).toBe(true);
        if (name !== "jeffreys") expect(lo <= k / n + 1e-9 && k / n <= hi + 1e-9).toBe(true);
        expect(lo).toBeCloseTo(1 - mirrorHi, 9);
        expect(hi).toBeCloseTo(1 - mirrorLo, 9);
      },
    ),
  );
});

test.each(Object.entries(intervals))("%s of nothing is as wide as it can be, and refuses what cannot be", (name, interval) => {
  const [lo, hi] = interval(0, 0, 0.05);
  expect(hi - lo).toBeGreaterThan(0.99);
  for (const [k, n, alpha] of [
    [3, 2, 0.05],
    [-1, 2, 0.05],
    [1, 2, 0],
    [1, 2, 1],
    [Number.NaN, 2, 0.05],
    [1, Infinity, 0.05],
  ] as const) {
    expect(() => interval(k, n, alpha), `${name}(${k}, ${n}, ${alpha})`).toThrow(RangeError);
  }
});

test.each(quantiles.cases)("the interval of the $q quantile agrees with the vector, in any order", ({ x_sorted: x, q, ...expected }) => {
  const shuffled = x.toReversed();
  const interval = quantileInterval(shuffled, q, 0.05);
  expect(interval).toMatchObject({ lo: expected.lo, hi: expected.hi, loIndex1: expected.lo_index1, hiIndex1: expected.hi_index1 });
  expectClose(interval.coverage, expected.coverage, quantiles.rel_tol, "coverage");
});

test("a quantile limit beyond the sample is infinite, and nothing is known from nothing", () => {
  expect(quantileInterval([1, 2, 3], 0.99, 0.05)).toMatchObject({ hi: Infinity, hiIndex1: 4 });
  expect(quantileInterval([1, 2, 3], 0.01, 0.05)).toMatchObject({ lo: -Infinity, loIndex1: 0 });
  expect(quantileInterval([], 0.5, 0.05)).toMatchObject({ lo: -Infinity, hi: Infinity, coverage: 1 });
  expect(() => quantileInterval([1, Number.NaN], 0.5)).toThrow("number 2 is NaN");
});
