import { checkAlpha } from "../check-arguments.ts";
import type { Interval } from "../intervals/interval.ts";

export interface MeanCsOptions {
  /** Whether an interval may only shrink with time (still valid, and tighter). */
  isRunning?: boolean;
}

/** Throws unless x are values in [0, 1]. */
export function checkUnit(x: readonly number[], alpha: number): void {
  checkAlpha(alpha);
  const at = x.findIndex((value) => !(value >= 0 && value <= 1));
  if (at >= 0) throw new RangeError(`a confidence sequence of a bounded mean needs values in [0, 1]; number ${at + 1} is ${x[at]}`);
}

/** Intersects every interval with those before it. */
export function runningIntersection(intervals: readonly Interval[]): Interval[] {
  let [lo, hi] = [0, 1];
  return intervals.map(([from, to]) => {
    lo = Math.max(lo, from);
    hi = Math.min(hi, to);
    return [lo, hi];
  });
}
