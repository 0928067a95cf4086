import { normalCdf } from "../distributions/normal.ts";
import { atEach, bestOneSidedRho, bestRho, checkMixture, solveBound } from "./bounds.ts";

/**
 * Boundary for a sub-Gaussian sum at intrinsic time `v` (its accumulated variance): with probability 1 − alpha the sum stays below
 * it (within ± it when two-sided) at all times at once. Tightest near `vOpt`. Howard, Ramdas, McAuliffe & Sekhon 2021,
 * "Time-uniform, nonparametric, nonasymptotic confidence sequences", §3.2.
 */
export function normalMixtureBound<T extends number | readonly number[]>(v: T, alpha: number, vOpt: number, alphaOpt = 0.05, isOneSided = true) {
  checkMixture(alpha, vOpt, alphaOpt);
  const rho = isOneSided ? bestOneSidedRho(vOpt, alphaOpt) : bestRho(vOpt, alphaOpt);
  return atEach(v, (time) => {
    if (!isOneSided) return Math.sqrt((time + rho) * (Math.log1p(time / rho) + 2 * Math.log(1 / alpha)));
    const total = time + rho;
    return solveBound((s) => Math.log((4 * rho) / total) / 2 + (s * s) / (2 * total) + Math.log(normalCdf(s / Math.sqrt(total))), alpha);
  });
}
