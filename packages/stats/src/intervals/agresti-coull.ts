import { checkAlpha, checkCounts } from "../check-arguments.ts";
import { normalCritical } from "../distributions/normal.ts";
import { type Interval, withinUnit } from "./interval.ts";

/** Agresti and Coull's interval (1998): Wald's after z²/2 successes and failures were added. Clipped to [0, 1]; `n` = 0 gives [0, 1]. */
export function agrestiCoull(k: number, n: number, alpha = 0.05): Interval {
  checkCounts(k, n);
  checkAlpha(alpha);
  if (n === 0) return [0, 1];
  const z = normalCritical(alpha);
  const trials = n + z * z;
  const p = (k + (z * z) / 2) / trials;
  const half = z * Math.sqrt((p * (1 - p)) / trials);
  return withinUnit(p - half, p + half);
}
