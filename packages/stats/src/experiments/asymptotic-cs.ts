import { checkAlpha } from "../check-arguments.ts";

/**
 * Half width of an always-valid (asymptotic) confidence interval of a mean, after Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas
 * (arXiv 2103.06476, eq. 9): `s2` is the variance of one value, `n` how many there are, `tuning` the n at which it is
 * tightest. Infinite for n = 0.
 */
export function asymptoticCsHalfwidth(s2: number, n: number, tuning = 5000, alpha = 0.05): number {
  if (!(s2 >= 0)) throw new RangeError(`a variance is 0 or more; got ${s2}`);
  if (!(n >= 0)) throw new RangeError(`n is 0 or more; got ${n}`);
  const rho2 = csRho2(tuning, alpha);
  if (n === 0) return Infinity;
  const spread = n * rho2 + 1;
  return Math.sqrt((s2 * (2 * spread * Math.log(Math.sqrt(spread) / alpha))) / (n * n * rho2));
}

/** The same sequence as a p-value: min(1, 1 / e-value) for a standardised distance `z` = effect / standard error (eq. 155). */
export function asymptoticCsP(z: number, n: number, tuning = 5000, alpha = 0.05): number {
  const rho2 = csRho2(tuning, alpha);
  const spread = n * rho2 + 1;
  const logE = (rho2 * z * z * n) / (2 * spread) - Math.log(spread) / 2;
  return Math.min(1, Math.exp(-logE));
}

/** ρ² that makes the boundary tightest at `tuning` (eq. 161). */
function csRho2(tuning: number, alpha: number): number {
  checkAlpha(alpha);
  if (!(tuning > 0)) throw new RangeError(`tuning is above 0; got ${tuning}`);
  const log = -2 * Math.log(alpha);
  return (log + Math.log(log + 1)) / tuning;
}
