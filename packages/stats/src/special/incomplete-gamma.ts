import { deviance, logGamma, stirlingError } from "./log-gamma.ts";

const MAX_STEPS = 200_000;
const EPSILON = 1e-16;
const TINY = 1e-300;

/** Regularised lower incomplete gamma P(a, x), a > 0, x ≥ 0. */
export function gammaP(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x === Infinity) return 1;
  return x < a + 1 ? bySeries(a, x) : 1 - byFraction(a, x);
}

/** Regularised upper incomplete gamma Q(a, x) = 1 − P(a, x), exact in its far tail. */
export function gammaQ(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  return x < a + 1 ? 1 - bySeries(a, x) : byFraction(a, x);
}

/** x^a e^−x / Γ(a), by Loader's saddle point form: keeps its digits when a and x are large. */
function prefix(a: number, x: number): number {
  if (a < 1) return Math.exp(a * Math.log(x) - x - logGamma(a));
  return (a * Math.exp(-stirlingError(a) - deviance(a, x))) / Math.sqrt(2 * Math.PI * a);
}

function bySeries(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let n = 1; n < MAX_STEPS; n += 1) {
    term *= x / (a + n);
    sum += term;
    if (term < sum * EPSILON) break;
  }
  return sum * prefix(a, x);
}

/** Lentz's evaluation of Legendre's continued fraction. */
function byFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < MAX_STEPS; i += 1) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / away(an * d + b);
    c = away(b + an / c);
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < EPSILON * 4) break;
  }
  return prefix(a, x) * h;
}

function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
