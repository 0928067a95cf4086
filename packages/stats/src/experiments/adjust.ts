export type Adjustment = "bh" | "by" | "holm" | "bonferroni";

/**
 * Adjusted p-values, in the order given: reject where the adjusted value is ≤ the level. `bh` (Benjamini & Hochberg 1995) and
 * `by` (Benjamini & Yekutieli 2001, any dependence) bound the false discovery rate; `holm` (1979) and `bonferroni` the
 * chance of any false one. An empty list gives an empty list. O(n log n).
 */
export function adjust(p: readonly number[], method: Adjustment): number[] {
  const at = p.findIndex((value) => !(value >= 0 && value <= 1));
  if (at >= 0) throw new RangeError(`p-values lie in [0, 1]; number ${at + 1} is ${p[at]}`);
  const n = p.length;
  if (method === "bonferroni") return p.map((value) => Math.min(1, value * n));
  const order = Array.from(p, (_, index) => index).toSorted((i, j) => (p[i] ?? 0) - (p[j] ?? 0));
  return method === "holm" ? stepDown(p, order) : stepUp(p, order, method === "by" ? harmonic(n) : 1);
}

/** From the smallest on: p · (number still in play), never smaller than the one before. */
function stepDown(p: readonly number[], order: readonly number[]): number[] {
  const adjusted = p.map(() => 1);
  let least = 0;
  for (const [position, index] of order.entries()) {
    least = Math.max(least, Math.min(1, (p[index] ?? 1) * (p.length - position)));
    adjusted[index] = least;
  }
  return adjusted;
}

/** From the largest down: p · n / rank · factor, never larger than the one after. */
function stepUp(p: readonly number[], order: readonly number[], factor: number): number[] {
  const adjusted = p.map(() => 1);
  let most = 1;
  for (let position = order.length - 1; position >= 0; position -= 1) {
    const index = order[position] ?? 0;
    most = Math.min(most, ((p[index] ?? 1) * p.length * factor) / (position + 1));
    adjusted[index] = most;
  }
  return adjusted;
}

function harmonic(n: number): number {
  let sum = 0;
  for (let i = 1; i <= n; i += 1) sum += 1 / i;
  return sum;
}
