import { checkAlpha } from "../check-arguments.ts";
import { atEach } from "./bounds.ts";

/**
 * Time-uniform bound of the distance between the empirical distribution function of t values and the true one: for every
 * quantile and every t ≥ tMin at once. Infinite before tMin. Howard & Ramdas 2022, "Sequential estimation of quantiles",
 * Theorem 2; `a` trades early for late.
 */
export function empiricalProcessLilBound<T extends number | readonly number[]>(t: T, alpha: number, tMin: number, a = 0.85) {
  checkAlpha(alpha);
  if (!(tMin >= 1)) throw new RangeError(`tMin is 1 or more; got ${tMin}`);
  if (!(a > Math.SQRT1_2)) throw new RangeError(`a is above √½; got ${a}`);
  const c = smallestC(alpha, a);
  return atEach(t, (time) => (time < tMin ? Infinity : a * Math.sqrt((Math.log1p(Math.log(time / tMin)) + c) / time)));
}

/** The smallest C whose error bound, at its best η, is alpha. The bound falls in C. */
function smallestC(alpha: number, a: number): number {
  let [lo, hi] = [0, 5];
  while (leastError(hi, a) > alpha) [lo, hi] = [hi, hi * 2];
  for (let step = 0; step < 100 && hi - lo > 1e-13 * hi; step += 1) {
    const middle = (lo + hi) / 2;
    if (leastError(middle, a) > alpha) lo = middle;
    else hi = middle;
  }
  return (lo + hi) / 2;
}

/** Minimum over η of 4 exp(−γ²C) (1 + 1 / ((γ² − 1) ln η)), by golden section: it has one valley. */
function leastError(c: number, a: number): number {
  const error = (eta: number): number => {
    const gamma2 = (2 / eta) * (a - Math.sqrt((2 * (eta - 1)) / c)) ** 2;
    return gamma2 <= 1 ? Infinity : 4 * Math.exp(-gamma2 * c) * (1 + 1 / ((gamma2 - 1) * Math.log(eta)));
  };
  const golden = (Math.sqrt(5) - 1) / 2;
  let [lo, hi] = [1, largestEta(c, a)];
  let [left, right] = [hi - golden * (hi - lo), lo + golden * (hi - lo)];
  let [errorLeft, errorRight] = [error(left), error(right)];
  for (let step = 0; step < 80; step += 1) {
    if (errorLeft <= errorRight) {
      [hi, right, errorRight] = [right, left, errorLeft];
      left = hi - golden * (hi - lo);
      errorLeft = error(left);
    } else {
      [lo, left, errorLeft] = [left, right, errorRight];
      right = lo + golden * (hi - lo);
      errorRight = error(right);
    }
  }
  return Math.min(errorLeft, errorRight);
}

/** Where √(η/2) + √(2(η − 1)/C) reaches a: beyond it γ² ≤ 1. */
function largestEta(c: number, a: number): number {
  let [lo, hi] = [1, 2 * a * a];
  for (let step = 0; step < 80; step += 1) {
    const middle = (lo + hi) / 2;
    if (Math.sqrt(middle / 2) + Math.sqrt((2 * (middle - 1)) / c) < a) lo = middle;
    else hi = middle;
  }
  return (lo + hi) / 2;
}
