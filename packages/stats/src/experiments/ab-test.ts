import { checkAlpha } from "../check-arguments.ts";
import { tCritical, tTwoSided } from "../distributions/student-t.ts";
import type { Interval } from "../intervals/interval.ts";
import { type ArmStatistic, type ProportionArm, adjustedArms, isProportionArm, meanArm, proportionArm, ratioArm } from "./arm-statistic.ts";
import { asymptoticCsHalfwidth, asymptoticCsP } from "./asymptotic-cs.ts";

type Pair<T> = readonly [control: T, treatment: T];

export interface AbTestInput {
  /** Outcomes per unit of assignment, control first; `{k, n}` (successes of units) for a proportion. */
  post: Pair<readonly number[] | ProportionArm>;
  /** The same units' outcome before the experiment, in the same order: gives `cuped`. */
  pre?: Pair<readonly number[]>;
  /** Denominators of the same units, in the same order: gives `ratio` (sum of post / sum of denominator). */
  denominator?: Pair<readonly number[]>;
  /**
   * What kind of metric (`mean`, `proportion`: 0/1 outcomes, variance p(1 − p)), or which scale the headline figures have
   * (`relative`, `absolute`). Headlines are relative unless `absolute` is asked for; both are always beside them.
   */
  kind?: "mean" | "proportion" | "relative" | "absolute";
  /** Units at which the sequential interval is tightest. */
  tuning?: number;
  alpha?: number;
}

export interface AbFigures {
  /** Treatment − control, divided by control's mean when relative. */
  effect: number;
  ci: Interval;
  p: number;
  stddev: number;
}

export interface AbResult extends AbFigures {
  relative: AbFigures;
  absolute: AbFigures;
}

export interface AbTest {
  /** Fixed horizon: valid when looked at once. */
  welch: AbResult;
  /** Always valid: may be looked at any time. */
  sequential: AbResult;
  /** Fixed horizon, variance reduced with the period before. */
  cuped?: AbResult;
  /** Fixed horizon, ratio of sums by the delta method. */
  ratio?: AbResult;
}

/**
 * Treatment against control as GrowthBook computes it (gbstats 0.8): Welch's test, the asymptotic confidence sequence, CUPED
 * (Deng et al. 2013) and ratios by the delta method (Deng et al. 2018). What cannot be judged (fewer than two units in an
 * arm, no variance, a control mean of 0 on the relative scale) has an infinite interval and p = 1. O(n).
 */
export function abTest({ post, pre, denominator, kind = "mean", tuning = 5000, alpha = 0.05 }: AbTestInput): AbTest {
  checkAlpha(alpha);
  const arms: Pair<ArmStatistic> = [outcome(post[0], kind), outcome(post[1], kind)];
  const result = (of: Pair<ArmStatistic>, figures: Figures): AbResult => {
    const relative = figures(of, true);
    const absolute = figures(of, false);
    return { ...(kind === "absolute" ? absolute : relative), relative, absolute };
  };
  const fixed: Figures = (of, isRelative) => fixedHorizon(of, isRelative, alpha);
  const anytime: Figures = (of, isRelative) => alwaysValid(of, isRelative, tuning, alpha);
  return {
    welch: result(arms, fixed),
    sequential: result(arms, anytime),
    ...(pre === undefined ? {} : { cuped: result(adjustedArms([rows(post[0]), rows(post[1])], pre), fixed) }),
    ...(denominator === undefined ? {} : { ratio: result([ratioArm(rows(post[0]), denominator[0]), ratioArm(rows(post[1]), denominator[1])], fixed) }),
  };
}

type Figures = (arms: Pair<ArmStatistic>, isRelative: boolean) => AbFigures;

function outcome(arm: readonly number[] | ProportionArm, kind: AbTestInput["kind"]): ArmStatistic {
  if (isProportionArm(arm)) return proportionArm(arm);
  return kind === "proportion" ? proportionArm({ k: arm.reduce((sum, value) => sum + value, 0), n: arm.length }) : meanArm(arm);
}

function rows(arm: readonly number[] | ProportionArm): readonly number[] {
  if (isProportionArm(arm)) throw new RangeError("CUPED and ratios need one value per unit, not counts");
  return arm;
}

function fixedHorizon(arms: Pair<ArmStatistic>, isRelative: boolean, alpha: number): AbFigures {
  const { effect, variance } = difference(arms, isRelative);
  if (!(variance > 0) || !Number.isFinite(effect)) return unjudged(effect);
  const stddev = Math.sqrt(variance);
  const df = degreesOfFreedom(arms);
  const half = tCritical(alpha, df) * stddev;
  return { effect, ci: [effect - half, effect + half], p: tTwoSided(effect / stddev, df), stddev };
}

function alwaysValid(arms: Pair<ArmStatistic>, isRelative: boolean, tuning: number, alpha: number): AbFigures {
  const { effect, variance } = difference(arms, isRelative);
  if (!(variance > 0) || !Number.isFinite(effect)) return unjudged(effect);
  const n = arms[0].n + arms[1].n;
  const half = asymptoticCsHalfwidth(variance * n, n, tuning, alpha);
  return { effect, ci: [effect - half, effect + half], p: asymptoticCsP(effect / Math.sqrt(variance), n, tuning, alpha), stddev: Math.sqrt(variance) };
}

function difference([a, b]: Pair<ArmStatistic>, isRelative: boolean): { effect: number; variance: number } {
  const isThin = a.n < 2 || b.n < 2;
  const base = a.baseline;
  if (!isRelative) return { effect: b.mean - a.mean, variance: isThin ? Number.NaN : b.variance / b.n + a.variance / a.n };
  return {
    effect: base === 0 ? Number.NaN : (b.mean - a.mean) / base,
    variance: isThin ? Number.NaN : (b.variance / b.n + a.varianceTimes(b.baseline / base) / a.n) / base ** 2,
  };
}

/** Welch–Satterthwaite, from the variances on the absolute scale for both scales, as gbstats does. */
function degreesOfFreedom([a, b]: Pair<ArmStatistic>): number {
  const va = a.variance / a.n;
  const vb = b.variance / b.n;
  return (va + vb) ** 2 / (va ** 2 / (a.n - 1) + vb ** 2 / (b.n - 1));
}

function unjudged(effect: number): AbFigures {
  return { effect, ci: [-Infinity, Infinity], p: 1, stddev: 0 };
}
