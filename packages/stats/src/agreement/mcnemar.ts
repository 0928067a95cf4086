import { binomialCdf, binomialPmf } from "../distributions/binomial.ts";

/**
 * McNemar's exact test of two raters (or a judge before and after) on the same items: `b` and `c` count the pairs where only
 * one of the two is right. Two-sided; 1 when they never differ.
 */
export function mcnemarExact(b: number, c: number): number {
  const n = b + c;
  return n === 0 ? 1 : Math.min(1, 2 * binomialCdf(Math.min(b, c), n, 0.5));
}

/** The mid-p version: counts half of what was seen itself, so that its real error is near the level (Fagerland et al. 2013). */
export function mcnemarMidP(b: number, c: number): number {
  const n = b + c;
  return n === 0 ? 1 : Math.min(1, mcnemarTail(Math.min(b, c), n));
}

function mcnemarTail(least: number, n: number): number {
  if (2 * least === n) return 1;
  return 2 * binomialCdf(least, n, 0.5) - binomialPmf(least, n, 0.5);
}
