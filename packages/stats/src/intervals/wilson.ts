import { checkAlpha, checkCounts } from "../check-arguments.ts";
import { normalCritical } from "../distributions/normal.ts";
import { type Interval, withinUnit } from "./interval.ts";

/**
 * Wilson's score interval for k successes in n trials (Wilson 1927). The default for a rate: right on average down to a
 * handful of trials. `n` = 0 gives [0, 1]; weighted counts need not be whole.
 */
export function wilson(k: number, n: number, alpha = 0.05): Interval {
  checkCounts(k, n);
  checkAlpha(alpha);
  if (n === 0) return [0, 1];
  const z2 = normalCritical(alpha) ** 2;
  const centre = (k + z2 / 2) / (n + z2);
  const half = Math.sqrt(z2 * ((k * (n - k)) / n + z2 / 4)) / (n + z2);
  // At the ends the limit is exactly 0 or 1; the formula leaves a rounding error.
  return withinUnit(k === 0 ? 0 : centre - half, k === n ? 1 : centre + half);
}
