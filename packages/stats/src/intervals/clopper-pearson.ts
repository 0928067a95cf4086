import { checkAlpha, checkCounts } from "../check-arguments.ts";
import { betaInverse } from "../special/incomplete-beta.ts";
import type { Interval } from "./interval.ts";

/** Clopper and Pearson's exact interval (1934): covers at least 1 − alpha always, so it is wide. `n` = 0 gives [0, 1]. */
export function clopperPearson(k: number, n: number, alpha = 0.05): Interval {
  checkCounts(k, n);
  checkAlpha(alpha);
  const lo = k === 0 ? 0 : betaInverse(alpha / 2, k, n - k + 1);
  // Through the mirror image: 1 − x keeps the digits of an upper limit close to 1.
  const hi = k === n ? 1 : 1 - betaInverse(alpha / 2, n - k, k + 1);
  return [lo, hi];
}
