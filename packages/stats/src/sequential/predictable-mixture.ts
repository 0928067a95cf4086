import type { Interval } from "../intervals/interval.ts";
import { bernsteinBets } from "./bets.ts";
import { type MeanCsOptions, checkUnit, runningIntersection } from "./mean-cs.ts";

/** λ of the empirical Bernstein sequence stays below this, for ψ to stay finite. */
const LARGEST_BET = 0.5;

/**
 * Confidence sequence of a mean in [0, 1], one interval after every value, valid at all times at once. Adapts to the variance.
 * Waudby-Smith & Ramdas 2023, "Estimating means of bounded random variables by betting", Theorem 2. O(n).
 */
export function predmixEmpiricalBernsteinCs(x: readonly number[], alpha = 0.05, { isRunning = true }: MeanCsOptions = {}): Interval[] {
  checkUnit(x, alpha);
  return twoSided(x, isRunning, (values) => bernsteinLower(values, alpha / 2));
}

/** The same without looking at the variance: wider unless values are near 0 and 1. Waudby-Smith & Ramdas 2023, Proposition 1. O(n). */
export function predmixHoeffdingCs(x: readonly number[], alpha = 0.05, { isRunning = true }: MeanCsOptions = {}): Interval[] {
  checkUnit(x, alpha);
  return twoSided(x, isRunning, (values) => hoeffdingLower(values, alpha / 2));
}

/** The upper limit is the lower one of 1 − x. */
function twoSided(x: readonly number[], isRunning: boolean, lower: (values: readonly number[]) => number[]): Interval[] {
  const below = lower(x);
  const above = lower(x.map((value) => 1 - value));
  const intervals = below.map((lo, i): Interval => [lo, 1 - (above[i] ?? 0)]);
  return isRunning ? runningIntersection(intervals) : intervals;
}

function bernsteinLower(x: readonly number[], alpha: number): number[] {
  let [total, weights, weighted, cost] = [0, 0, 0, 0];
  return bernsteinBets(x, alpha).map((free, i) => {
    const value = x[i] ?? 0;
    const bet = Math.min(free, LARGEST_BET);
    const before = i === 0 ? 0 : total / i;
    total += value;
    weights += bet;
    weighted += bet * value;
    cost += (value - before) ** 2 * (-Math.log1p(-bet) - bet);
    return Math.max(0, (weighted - Math.log(1 / alpha) - cost) / weights);
  });
}

function hoeffdingLower(x: readonly number[], alpha: number): number[] {
  let [weights, weighted, cost] = [0, 0, 0];
  return x.map((value, i) => {
    const t = i + 1;
    const bet = Math.min(1, Math.sqrt((8 * Math.log(1 / alpha)) / (t * Math.log1p(t))));
    weights += bet;
    weighted += bet * value;
    cost += (bet * bet) / 8;
    return Math.max(0, (weighted - Math.log(1 / alpha) - cost) / weights);
  });
}
