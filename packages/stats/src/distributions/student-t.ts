import { betaI, betaInverse } from "../special/incomplete-beta.ts";

/** P(|T| ≥ |t|) with `df` degrees of freedom (any positive number): the two-sided p-value, exact in the far tail. */
export function tTwoSided(t: number, df: number): number {
  if (!(df > 0) || Number.isNaN(t)) return Number.NaN;
  const t2 = t * t;
  if (t2 === Infinity) return 0;
  return betaI(df / (df + t2), df / 2, 0.5, t2 / (df + t2));
}

/** P(T ≤ t) with `df` degrees of freedom. */
export function tCdf(t: number, df: number): number {
  const tail = tTwoSided(t, df) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** The t of a two-sided level: 2.228 for alpha = 0.05 and 10 degrees of freedom. */
export function tCritical(alpha: number, df: number): number {
  if (!(df > 0)) return Number.NaN;
  // I_y(½, df/2) is the probability inside ±t, with y = t² / (df + t²): solved on the side that keeps its digits.
  const inside = alpha < 1e-3 ? 1 : betaInverse(1 - alpha, 0.5, df / 2);
  if (inside < 0.9) return Math.sqrt((df * inside) / (1 - inside));
  const outside = betaInverse(alpha, df / 2, 0.5);
  return Math.sqrt((df * (1 - outside)) / outside);
}

/** The t with P(T ≤ t) = p. */
export function tQuantile(p: number, df: number): number {
  if (p === 0.5) return 0;
  return p > 0.5 ? tCritical(2 * (1 - p), df) : -tCritical(2 * p, df);
}
