import type { Interval } from "../intervals/interval.ts";
import { bernsteinBets } from "./bets.ts";
import { type MeanCsOptions, checkUnit, runningIntersection } from "./mean-cs.ts";

export interface BettingCsOptions extends MeanCsOptions {
  /** Candidate means 0, 1/breaks, …, 1: limits are exact to 1/breaks, outwards. */
  breaks?: number;
}

/** Fraction of the capital that a bet may risk at most. */
const RISK = 0.5;
const MAX_BREAKS = 100_000;

/**
 * The tightest confidence sequence here for a mean in [0, 1]: against every candidate mean a gambler bets that the truth is higher
 * and one that it is lower; candidates against which neither has won 1/alpha remain. Waudby-Smith & Ramdas 2023, §4, hedged
 * capital. One interval after every value, O(n · breaks).
 */
export function bettingCs(x: readonly number[], alpha = 0.05, { isRunning = true, breaks = 1000 }: BettingCsOptions = {}): Interval[] {
  checkUnit(x, alpha);
  if (!(Number.isSafeInteger(breaks) && breaks >= 1 && breaks <= MAX_BREAKS)) throw new RangeError(`breaks is a whole number from 1 to ${MAX_BREAKS}`);
  const higher = new Float64Array(breaks + 1).fill(1);
  const lower = new Float64Array(breaks + 1).fill(1);
  const bets = bernsteinBets(x, alpha / 2);
  const intervals = x.map((value, i) => {
    bet(higher, lower, value, bets[i] ?? 0);
    return remaining(higher, lower, 2 / alpha);
  });
  return isRunning ? runningIntersection(intervals) : intervals;
}

function bet(higher: Float64Array, lower: Float64Array, value: number, free: number): void {
  const breaks = higher.length - 1;
  for (let k = 0; k <= breaks; k += 1) {
    const m = k / breaks;
    higher[k] = (higher[k] ?? 0) * (1 + Math.min(free, RISK / m) * (value - m));
    lower[k] = (lower[k] ?? 0) * (1 - Math.min(free, RISK / (1 - m)) * (value - m));
  }
}

/** From the first to the last candidate that stands, one step wider on both sides: between candidates nothing was tested. */
function remaining(higher: Float64Array, lower: Float64Array, limit: number): Interval {
  const breaks = higher.length - 1;
  const stands = (k: number): boolean => Math.max(higher[k] ?? 0, lower[k] ?? 0) <= limit;
  let first = 0;
  while (first <= breaks && !stands(first)) first += 1;
  if (first > breaks) return [0, 1];
  let last = breaks;
  while (!stands(last)) last -= 1;
  return [Math.max(0, (first - 1) / breaks), Math.min(1, (last + 1) / breaks)];
}
