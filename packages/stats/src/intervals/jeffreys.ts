import { checkAlpha, checkCounts } from "../check-arguments.ts";
import { betaInverse } from "../special/incomplete-beta.ts";
import type { Interval } from "./interval.ts";

/**
 * Equal-tailed interval of the posterior Beta(k + ½, n − k + ½) (Brown, Cai, DasGupta 2001). The limits at k = 0 and
 * k = n are the posterior's own, not 0 and 1; `n` = 0 gives the prior's interval.
 */
export function jeffreys(k: number, n: number, alpha = 0.05): Interval {
  checkCounts(k, n);
  checkAlpha(alpha);
  return [betaInverse(alpha / 2, k + 0.5, n - k + 0.5), 1 - betaInverse(alpha / 2, n - k + 0.5, k + 0.5)];
}
