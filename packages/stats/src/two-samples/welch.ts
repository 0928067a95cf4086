import { checkAlpha, checkFinite } from "../check-arguments.ts";
import { tCritical, tTwoSided } from "../distributions/student-t.ts";
import type { Interval } from "../intervals/interval.ts";
import { mean, variance } from "../moments.ts";

export interface Welch {
  /** mean(a) − mean(b). */
  effect: number;
  t: number;
  /** Welch–Satterthwaite degrees of freedom. */
  df: number;
  p: number;
  ci: Interval;
}

/**
 * Welch's t-test of two means without equal variances (Welch 1947). Both samples need two values, else all is NaN. Two
 * constant samples: p is 1 when equal and 0 when not, the interval is the difference itself.
 */
export function welch(a: readonly number[], b: readonly number[], alpha = 0.05): Welch {
  checkAlpha(alpha);
  checkFinite("welch's values", a);
  checkFinite("welch's values", b);
  const effect = mean(a) - mean(b);
  if (a.length < 2 || b.length < 2) return { effect, t: Number.NaN, df: Number.NaN, p: Number.NaN, ci: [Number.NaN, Number.NaN] };
  const va = variance(a) / a.length;
  const vb = variance(b) / b.length;
  const se = Math.sqrt(va + vb);
  if (se === 0) return { effect, t: effect === 0 ? 0 : effect * Infinity, df: Number.NaN, p: effect === 0 ? 1 : 0, ci: [effect, effect] };
  const df = (va + vb) ** 2 / (va ** 2 / (a.length - 1) + vb ** 2 / (b.length - 1));
  const half = tCritical(alpha, df) * se;
  return { effect, t: effect / se, df, p: tTwoSided(effect / se, df), ci: [effect - half, effect + half] };
}
