import { checkFinite } from "../check-arguments.ts";
import { kolmogorovTail } from "./kolmogorov.ts";

export interface KsTest {
  /** Largest distance between the two empirical distribution functions. */
  d: number;
  /** The exact p-value where there is one, else the asymptotic one. */
  p: number;
  /** NaN for samples too large to count paths in. */
  pExact: number;
  pAsymp: number;
}

/** Bound on n·m for the exact p-value, which walks the lattice of n × m. */
const MAX_EXACT_PAIRS = 4_000_000;

/**
 * Two-sample Kolmogorov–Smirnov test, two-sided (Hodges 1958). O(n log n) beside the bounded exact part. With ties the
 * p-values are conservative. NaN when a sample is empty.
 */
export function ksTest(a: readonly number[], b: readonly number[]): KsTest {
  checkFinite("ksTest's values", a);
  checkFinite("ksTest's values", b);
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return { d: Number.NaN, p: Number.NaN, pExact: Number.NaN, pAsymp: Number.NaN };
  const steps = largestDistance(Float64Array.from(a).toSorted(), Float64Array.from(b).toSorted());
  const d = steps / (n * m);
  const pExact = n * m <= MAX_EXACT_PAIRS ? probabilityOfReaching(steps, n, m) : Number.NaN;
  const pAsymp = kolmogorovTail(d, Math.max(1, roundHalfToEven((n * m) / (n + m))));
  return { d, p: Number.isNaN(pExact) ? pAsymp : pExact, pExact, pAsymp };
}

/** Largest |i·m − j·n| where i and j values are ≤ x: d in whole steps of 1 / (n·m), so that comparing has no rounding. */
function largestDistance(a: Float64Array, b: Float64Array): number {
  let largest = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const x = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    while (i < a.length && a[i] === x) i += 1;
    while (j < b.length && b[j] === x) j += 1;
    largest = Math.max(largest, Math.abs(i * b.length - j * a.length));
  }
  return largest;
}

/**
 * Probability that a random path from (0, 0) to (n, m), all equally likely, touches |i·m − j·n| ≥ steps. Collects what
 * leaves the band the moment it leaves: only sums of positive numbers, so small p-values keep their digits.
 */
function probabilityOfReaching(steps: number, n: number, m: number): number {
  if (steps === 0) return 1;
  let left = 0;
  // inside[j] = probability of standing at (i, j) without having touched the limit.
  let inside = new Float64Array(m + 1);
  inside[0] = 1;
  for (let i = 0; i <= n; i += 1) {
    const next = new Float64Array(m + 1);
    const from = Math.max(0, Math.floor((i * m - steps) / n));
    const to = Math.min(m, Math.ceil((i * m + steps) / n));
    for (let j = from; j <= to; j += 1) {
      const here = inside[j] ?? 0;
      if (here === 0) continue;
      const remaining = n - i + (m - j);
      if (remaining === 0) continue;
      const right = (here * (n - i)) / remaining;
      const up = (here * (m - j)) / remaining;
      if (Math.abs((i + 1) * m - j * n) >= steps) left += right;
      else next[j] = (next[j] ?? 0) + right;
      if (Math.abs(i * m - (j + 1) * n) >= steps) left += up;
      else inside[j + 1] = (inside[j + 1] ?? 0) + up;
    }
    inside = next;
  }
  return Math.min(1, left);
}

/** SciPy rounds the effective size as NumPy does. */
function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  if (x - floor !== 0.5) return Math.round(x);
  return floor % 2 === 0 ? floor : floor + 1;
}
