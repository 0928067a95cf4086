import { checkCounts, checkFinite, checkSameLength } from "../check-arguments.ts";
import { covariance, mean, variance } from "../moments.ts";

/** What a comparison needs to know of one arm. */
export interface ArmStatistic {
  n: number;
  mean: number;
  /** Variance of one unit. */
  variance: number;
  /** The mean before any adjustment: what a relative effect is relative to. */
  baseline: number;
  /** Variance of one unit when its outcome, but not its adjustment, counts `ratio` times: the control arm on the relative scale. */
  varianceTimes(ratio: number): number;
}

export interface ProportionArm {
  k: number;
  n: number;
}

export function isProportionArm(arm: readonly number[] | ProportionArm): arm is ProportionArm {
  return !Array.isArray(arm);
}

export function meanArm(values: readonly number[]): ArmStatistic {
  checkFinite("an arm's values", values);
  return plain(values.length, mean(values), variance(values));
}

export function proportionArm({ k, n }: ProportionArm): ArmStatistic {
  checkCounts(k, n);
  const p = k / n;
  return plain(n, p, p * (1 - p));
}

/** Sum of `values` over sum of `denominators`, with the variance of the delta method. */
export function ratioArm(values: readonly number[], denominators: readonly number[]): ArmStatistic {
  checkSameLength("an arm's values and denominators", values, denominators);
  checkFinite("an arm's denominators", denominators);
  const m = mean(values);
  const d = mean(denominators);
  const ratio = m / d;
  const spread = variance(values) / d ** 2 - (2 * covariance(values, denominators) * m) / d ** 3 + (m ** 2 * variance(denominators)) / d ** 4;
  return plain(values.length, ratio, spread);
}

function plain(n: number, mean: number, variance: number): ArmStatistic {
  return { n, mean, variance, baseline: mean, varianceTimes: (ratio) => variance * ratio ** 2 };
}

/** CUPED: post − θ·pre in both arms, θ from the regression over all units (0 when `pre` does not vary). */
export function adjustedArms(
  post: readonly [readonly number[], readonly number[]],
  pre: readonly [readonly number[], readonly number[]],
): [ArmStatistic, ArmStatistic] {
  for (const arm of [0, 1] as const) {
    checkSameLength("an arm's values before and after", post[arm], pre[arm]);
    checkFinite("an arm's values", post[arm]);
    checkFinite("an arm's values before", pre[arm]);
  }
  const allPost = [...post[0], ...post[1]];
  const allPre = [...pre[0], ...pre[1]];
  const spread = variance(allPre);
  const theta = spread > 0 ? covariance(allPost, allPre) / spread : 0;
  const adjusted = (arm: 0 | 1): ArmStatistic => {
    const [after, before, both] = [variance(post[arm]), variance(pre[arm]), covariance(post[arm], pre[arm])];
    const varianceTimes = (ratio: number): number => after * ratio ** 2 - 2 * theta * both * ratio + theta ** 2 * before;
    const baseline = mean(post[arm]);
    return { n: post[arm].length, mean: baseline - theta * mean(pre[arm]), variance: varianceTimes(1), baseline, varianceTimes };
  };
  return [adjusted(0), adjusted(1)];
}
