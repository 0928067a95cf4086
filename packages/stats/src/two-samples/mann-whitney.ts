import { checkFinite } from "../check-arguments.ts";
import { normalTwoSided } from "../distributions/normal.ts";
import { rank } from "../ranks.ts";

export interface MannWhitney {
  /** Pairs in which a is larger, ties counted half. */
  u: number;
  p: number;
  /** u / (n·m): the probability that a value of `a` exceeds one of `b`; 0.5 is no difference. */
  superiority: number;
  method: "exact" | "normal";
}

/** The exact distribution is for samples where one has at most this many values, as in SciPy. */
const EXACT_BELOW = 8;
/** Bound on n·m of the exact distribution (work grows with its square); the normal one is good far below it. */
const MAX_EXACT_PAIRS = 2_500;

/**
 * Wilcoxon–Mann–Whitney test, two-sided (Mann & Whitney 1947). Exact for small samples without ties; otherwise normal
 * with correction for ties and continuity. O(n log n). NaN when a sample is empty; p is 1 when all values are equal.
 */
export function mannWhitney(a: readonly number[], b: readonly number[]): MannWhitney {
  checkFinite("mannWhitney's values", a);
  checkFinite("mannWhitney's values", b);
  const n = a.length;
  const m = b.length;
  if (n === 0 || m === 0) return { u: Number.NaN, p: Number.NaN, superiority: Number.NaN, method: "normal" };
  const { ranks, ties } = rank([...a, ...b]);
  let rankSum = 0;
  for (let i = 0; i < n; i += 1) rankSum += ranks[i] ?? 0;
  const u = rankSum - (n * (n + 1)) / 2;
  const isExact = ties.length === 0 && Math.min(n, m) <= EXACT_BELOW && n * m <= MAX_EXACT_PAIRS;
  return {
    u,
    p: isExact ? exactP(u, n, m) : normalP(u, n, m, ties),
    superiority: u / (n * m),
    method: isExact ? "exact" : "normal",
  };
}

function normalP(u: number, n: number, m: number, ties: readonly number[]): number {
  const total = n + m;
  const tieTerm = ties.reduce((sum, size) => sum + (size ** 3 - size), 0) / (total * (total - 1));
  const variance = ((n * m) / 12) * (total + 1 - tieTerm);
  if (!(variance > 0)) return 1;
  const distance = Math.max(u, n * m - u) - (n * m) / 2 - 0.5;
  return Math.min(1, distance <= 0 ? 1 : normalTwoSided(distance / Math.sqrt(variance)));
}

function exactP(u: number, n: number, m: number): number {
  const far = Math.max(u, n * m - u);
  const distribution = uDistribution(Math.min(n, m), Math.max(n, m));
  let tail = 0;
  for (let value = far; value < distribution.length; value += 1) tail += distribution[value] ?? 0;
  return Math.min(1, 2 * tail);
}

/** P(U = u) under no difference, by P(n, m) = n/(n+m) · P(n−1, m) shifted by m + m/(n+m) · P(n, m−1): only positive terms. */
function uDistribution(n: number, m: number): Float64Array {
  let row: Float64Array[] = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let j = 1; j <= m; j += 1) {
    const next: Float64Array[] = [Float64Array.of(1)];
    for (let i = 1; i <= n; i += 1) {
      const shifted = next[i - 1] ?? Float64Array.of(1);
      const kept = row[i] ?? Float64Array.of(1);
      const values = new Float64Array(i * j + 1);
      for (let u = 0; u < shifted.length; u += 1) values[u + j] = (values[u + j] ?? 0) + ((shifted[u] ?? 0) * i) / (i + j);
      for (let u = 0; u < kept.length; u += 1) values[u] = (values[u] ?? 0) + ((kept[u] ?? 0) * j) / (i + j);
      next.push(values);
    }
    row = next;
  }
  return row[n] ?? Float64Array.of(1);
}
