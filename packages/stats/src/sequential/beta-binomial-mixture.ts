import { betaI } from "../special/incomplete-beta.ts";
import { logBeta } from "../special/log-gamma.ts";
import { atEach, bestOneSidedRho, bestRho, checkMixture, solveBound } from "./bounds.ts";

/**
 * Boundary for a sum of bounded (sub-Bernoulli) differences in [−g, h]: tighter than the normal mixture for rare events, with
 * v = g · h · n. Howard et al. 2021, §3.2, Proposition 7.
 */
export function betaBinomialMixtureBound<T extends number | readonly number[]>(
  v: T,
  alpha: number,
  vOpt: number,
  g: number,
  h: number,
  alphaOpt = 0.05,
  isOneSided = true,
) {
  checkMixture(alpha, vOpt, alphaOpt);
  if (!(g > 0 && h > 0)) throw new RangeError(`g and h are above 0; got ${g} and ${h}`);
  const rho = isOneSided ? bestOneSidedRho(vOpt, alphaOpt) : bestRho(vOpt, alphaOpt);
  const r = Math.max(rho - g * h, 1e-3 * g * h);
  const x = isOneSided ? h / (g + h) : 1;
  const normalizer = logIncompleteBeta(r / (g * (g + h)), r / (h * (g + h)), x);
  return atEach(v, (time) =>
    solveBound(
      (s) =>
        (time / (g * h)) * Math.log(g + h) -
        ((time + h * s) / (h * (g + h))) * Math.log(g) -
        ((time - g * s) / (g * (g + h))) * Math.log(h) +
        logIncompleteBeta((r + time - g * s) / (g * (g + h)), (r + time + h * s) / (h * (g + h)), x) -
        normalizer,
      alpha,
      time / g,
    ),
  );
}

function logIncompleteBeta(a: number, b: number, x: number): number {
  return logBeta(a, b) + (x === 1 ? 0 : Math.log(betaI(x, a, b)));
}
