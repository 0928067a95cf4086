import { checkAlpha } from "../check-arguments.ts";
import { zeta } from "../special/zeta.ts";
import { atEach } from "./bounds.ts";

export interface StitchingShape {
  /** Spacing of the grid over quantiles, in logit units. */
  delta?: number;
  /** Exponent with which error is spent over epochs, above 1. */
  s?: number;
  /** Ratio of neighbouring epochs in time, above 1. */
  eta?: number;
}

/**
 * Bound of |t · (F̂ₜ(Q(p)) − p)| for every quantile p and every time t at once, tightest from tOpt on; divide by t for a
 * distance in probability. Howard & Ramdas 2022, "Sequential estimation of quantiles", Theorem 3.
 */
export function doubleStitchingBound<T extends number | readonly number[]>(
  quantile: number,
  t: T,
  alpha: number,
  tOpt: number,
  { delta = 0.5, s = 1.4, eta = 2 }: StitchingShape = {},
) {
  checkAlpha(alpha);
  if (!(quantile > 0 && quantile < 1)) throw new RangeError(`a quantile lies between 0 and 1; got ${quantile}`);
  if (!(tOpt >= 1 && delta > 0 && s > 1 && eta > 1)) throw new RangeError("tOpt is 1 or more, delta above 0, s and eta above 1");
  const z = zeta(s);
  const k1 = (eta ** 0.25 + eta ** -0.25) / Math.SQRT2;
  const k2 = (Math.sqrt(eta) + 1) / 2;
  const logit = Math.log(quantile / (1 - quantile));
  return atEach(t, (time) => {
    const from = Math.max(time, tOpt);
    const r = quantile >= 0.5 ? quantile : Math.min(0.5, expit(logit + 2 * delta * Math.sqrt((tOpt * eta) / from)));
    const spread = r * (1 - r);
    const j = (Math.sqrt(from / tOpt) * Math.abs(logit)) / (2 * delta) + 1;
    const level = s * Math.log(Math.log((eta * from) / tOpt)) + s * Math.log(j) + Math.log((2 * z * (2 * z + 1)) / (alpha * Math.log(eta) ** s));
    const skew = (k2 * (1 - 2 * quantile) * level) / 3;
    return delta * Math.sqrt((eta * from * spread) / tOpt) + Math.sqrt(k1 * k1 * spread * from * level + skew * skew) + skew;
  });
}

function expit(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
