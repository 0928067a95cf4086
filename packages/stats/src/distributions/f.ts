import { betaI, betaInverse } from "../special/incomplete-beta.ts";

/** P(F ≥ x) with `d1` and `d2` degrees of freedom. */
export function fTail(x: number, d1: number, d2: number): number {
  if (x <= 0) return 1;
  const sum = d1 * x + d2;
  return betaI(d2 / sum, d2 / 2, d1 / 2, (d1 * x) / sum);
}

/** The x with P(F ≤ x) = p. */
export function fQuantile(p: number, d1: number, d2: number): number {
  const y = betaInverse(p, d1 / 2, d2 / 2);
  return (d2 * y) / (d1 * (1 - y));
}
