import { checkAlpha, checkCounts } from "../check-arguments.ts";
import { normalCritical, normalTwoSided } from "../distributions/normal.ts";
import type { Interval } from "../intervals/interval.ts";
import { wilson } from "../intervals/wilson.ts";

export interface TwoProportions {
  /** Pooled z statistic of k1/n1 − k2/n2 and its two-sided p-value; NaN and 1 when nothing varies. */
  z: number;
  p: number;
  /** Interval of the difference k1/n1 − k2/n2 (Newcombe 1998, method 10: from two Wilson intervals). */
  diffNewcombe: Interval;
  /** Interval of the ratio (k1/n1) / (k2/n2) on the log scale, ½ added to every count, so that 0 successes have one. */
  ratioLogAdj: Interval;
}

/** Compares k1 of n1 with k2 of n2. Without data in one of them: z NaN, p NaN, the widest intervals. */
export function twoProportions(k1: number, n1: number, k2: number, n2: number, alpha = 0.05): TwoProportions {
  checkCounts(k1, n1);
  checkCounts(k2, n2);
  checkAlpha(alpha);
  if (n1 === 0 || n2 === 0) return { z: Number.NaN, p: Number.NaN, diffNewcombe: [-1, 1], ratioLogAdj: [0, Infinity] };
  const p1 = k1 / n1;
  const p2 = k2 / n2;
  const pooled = (k1 + k2) / (n1 + n2);
  const z = (p1 - p2) / Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  return {
    z,
    p: pooled === 0 || pooled === 1 ? 1 : normalTwoSided(z),
    diffNewcombe: newcombe([p1, ...wilson(k1, n1, alpha)], [p2, ...wilson(k2, n2, alpha)]),
    ratioLogAdj: logRatio(k1 + 0.5, n1 + 0.5, k2 + 0.5, n2 + 0.5, alpha),
  };
}

type Estimate = [point: number, lo: number, hi: number];

function newcombe([p1, lo1, hi1]: Estimate, [p2, lo2, hi2]: Estimate): Interval {
  const difference = p1 - p2;
  return [difference - Math.hypot(p1 - lo1, hi2 - p2), difference + Math.hypot(hi1 - p1, p2 - lo2)];
}

function logRatio(k1: number, n1: number, k2: number, n2: number, alpha: number): Interval {
  const log = Math.log(k1 / n1 / (k2 / n2));
  const half = normalCritical(alpha) * Math.sqrt(1 / k1 - 1 / n1 + 1 / k2 - 1 / n2);
  return [Math.exp(log - half), Math.exp(log + half)];
}
