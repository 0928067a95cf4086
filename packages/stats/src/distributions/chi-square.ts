import { gammaP, gammaQ } from "../special/incomplete-gamma.ts";

/** P(X ≥ x) for χ² with `dof` degrees of freedom: the p-value. */
export function chiSquareTail(x: number, dof: number): number {
  if (Number.isNaN(x) || !(dof > 0)) return Number.NaN;
  return gammaQ(dof / 2, x / 2);
}

/** The x with P(X ≤ x) = p, by bisection. */
export function chiSquareQuantile(p: number, dof: number): number {
  if (!(p >= 0 && p < 1)) throw new RangeError(`chiSquareQuantile needs p in [0, 1); got ${p}`);
  let lo = 0;
  let hi = dof + 10;
  while (gammaP(dof / 2, hi / 2) < p) hi *= 2;
  while (hi - lo > 1e-14 * hi) {
    const middle = (lo + hi) / 2;
    if (middle === lo || middle === hi) break;
    if (gammaP(dof / 2, middle / 2) < p) lo = middle;
    else hi = middle;
  }
  return (lo + hi) / 2;
}
