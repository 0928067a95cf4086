import { betaI } from "../special/incomplete-beta.ts";
import { deviance, stirlingError } from "../special/log-gamma.ts";

/** P(X = k) for X ~ Binomial(n, p), by Loader's saddle point form. */
export function binomialPmf(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0;
  if (p <= 0) return k === 0 ? 1 : 0;
  if (p >= 1) return k === n ? 1 : 0;
  if (k === 0) return Math.exp(n * Math.log1p(-p));
  if (k === n) return p ** n;
  const log = stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, n * p) - deviance(n - k, n * (1 - p));
  return Math.exp(log) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
}

/** P(X ≤ k) for X ~ Binomial(n, p). */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  if (k >= n) return 1;
  const whole = Math.floor(k);
  return betaI(1 - p, n - whole, whole + 1, p);
}

/** The smallest k with P(X ≤ k) ≥ probability. */
export function binomialQuantile(probability: number, n: number, p: number): number {
  let lo = -1;
  let hi = n;
  while (hi - lo > 1) {
    const middle = Math.floor((lo + hi) / 2);
    if (binomialCdf(middle, n, p) >= probability) hi = middle;
    else lo = middle;
  }
  return hi;
}
