import { gammaP } from "../special/incomplete-gamma.ts";
import { logGamma } from "../special/log-gamma.ts";
import { atEach, bestOneSidedRho, checkMixture, solveBound } from "./bounds.ts";

/**
 * One-sided boundary for a sub-exponential sum with scale `c` (heavier tails than normal, such as empirical Bernstein sums).
 * Howard et al. 2021, §3.2, Proposition 9.
 */
export function gammaExponentialMixtureBound<T extends number | readonly number[]>(v: T, alpha: number, vOpt: number, c: number, alphaOpt = 0.05) {
  checkMixture(alpha, vOpt, alphaOpt);
  if (!(c > 0)) throw new RangeError(`c is above 0; got ${c}`);
  const c2 = c * c;
  const shape = bestOneSidedRho(vOpt, alphaOpt) / c2;
  const leading = shape * Math.log(shape) - logGamma(shape) - Math.log(gammaP(shape, shape));
  return atEach(v, (time) =>
    solveBound((s) => {
      const reached = (c * s + time) / c2;
      const total = time / c2 + shape;
      return leading + logGamma(total) + Math.log(gammaP(total, reached + shape)) - total * Math.log(reached + shape) + reached;
    }, alpha),
  );
}
