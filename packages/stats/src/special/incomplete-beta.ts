import { deviance, stirlingError } from "./log-gamma.ts";

const MAX_STEPS = 100_000;
const EPSILON = 1e-16;
const TINY = 1e-300;

/** Regularised incomplete beta I_x(a, b) for a, b > 0 and x in [0, 1]; `y` = 1 − x where the caller knows it more exactly. */
export function betaI(x: number, a: number, b: number, y: number = 1 - x): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  return x < (a + 1) / (a + b + 2) ? lower(x, y, a, b) : 1 - lower(y, x, b, a);
}

/** The x with I_x(a, b) = p: bisection on the smaller side, which cannot diverge, sharpened by Newton steps. */
export function betaInverse(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  let lo = 0;
  let hi = 1;
  let x = a / (a + b);
  for (let i = 0; i < 400; i += 1) {
    const error = betaI(x, a, b) - p;
    if (error > 0) hi = x;
    else lo = x;
    const slope = density(x, 1 - x, a, b);
    let next = x - error / slope;
    if (!(next > lo && next < hi)) next = lo > 0 && hi / lo > 4 ? Math.sqrt(lo * hi) : (lo + hi) / 2;
    if (Math.abs(next - x) <= 1e-15 * next || next === x) return next;
    x = next;
  }
  return x;
}

/** x^a y^b / B(a, b), by Loader's saddle point form for large a and b. */
function prefix(x: number, y: number, a: number, b: number): number {
  // Shifted up where Stirling's formula is poor: B(a, b) = B(a, b + 1) (a + b) / b.
  if (b < 1) return (prefix(x, y, a, b + 1) * b) / ((a + b) * y);
  if (a < 1) return (prefix(x, y, a + 1, b) * a) / ((a + b) * x);
  const n = a + b;
  const log = stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return Math.exp(log) * Math.sqrt((a * b) / (2 * Math.PI * n));
}

function density(x: number, y: number, a: number, b: number): number {
  return prefix(x, y, a, b) / (x * y);
}

/** Lentz's evaluation of the continued fraction; converges in O(√max(a, b)) steps for x below the mean. */
function lower(x: number, y: number, a: number, b: number): number {
  const sum = a + b;
  let c = 1;
  let d = 1 / away(1 - (sum * x) / (a + 1));
  let h = d;
  for (let m = 1; m < MAX_STEPS; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    h *= d * c;
    const odd = (-(a + m) * (sum + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    const step = d * c;
    h *= step;
    if (Math.abs(step - 1) < EPSILON * 4) break;
  }
  return (prefix(x, y, a, b) * h) / a;
}

function away(value: number): number {
  return Math.abs(value) < TINY ? TINY : value;
}
