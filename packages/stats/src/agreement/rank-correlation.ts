import { checkFinite, checkSameLength } from "../check-arguments.ts";
import { covariance, variance } from "../moments.ts";
import { rank } from "../ranks.ts";

/** Spearman's rank correlation, ties with average ranks; NaN when one list is constant or shorter than 2. O(n log n). */
export function spearman(a: readonly number[], b: readonly number[]): number {
  checkPair(a, b);
  const ranksA = Array.from(rank(a).ranks);
  const ranksB = Array.from(rank(b).ranks);
  return covariance(ranksA, ranksB) / Math.sqrt(variance(ranksA) * variance(ranksB));
}

/** Kendall's τ-b, corrected for ties; NaN when one list is constant. O(n log n): discordant pairs are the swaps of a merge sort (Knight 1966). */
export function kendallTauB(a: readonly number[], b: readonly number[]): number {
  checkPair(a, b);
  const n = a.length;
  const order = Array.from(a, (_, index) => index).toSorted((i, j) => (a[i] ?? 0) - (a[j] ?? 0) || (b[i] ?? 0) - (b[j] ?? 0));
  const tiedBoth = pairsIn(runs(order, (i, j) => a[i] === a[j] && b[i] === b[j]));
  const tiedA = pairsIn(rank(a).ties);
  const tiedB = pairsIn(rank(b).ties);
  const discordant = countInversions(Float64Array.from(order, (index) => b[index] ?? 0));
  const pairs = (n * (n - 1)) / 2;
  const excess = pairs - tiedA - tiedB + tiedBoth - 2 * discordant;
  return excess / Math.sqrt((pairs - tiedA) * (pairs - tiedB));
}

function checkPair(a: readonly number[], b: readonly number[]): void {
  checkSameLength("the two lists", a, b);
  checkFinite("ranked values", a);
  checkFinite("ranked values", b);
}

function pairsIn(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + (size * (size - 1)) / 2, 0);
}

/** Lengths of runs of neighbours that are the same. */
function runs(order: readonly number[], isSame: (i: number, j: number) => boolean): number[] {
  const sizes: number[] = [];
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && isSame(order[start] ?? 0, order[end] ?? 0)) end += 1;
    sizes.push(end - start);
    start = end;
  }
  return sizes;
}

/** Pairs out of order, by a bottom-up merge sort. */
function countInversions(values: Float64Array<ArrayBuffer>): number {
  let inversions = 0;
  let from = values;
  let to = new Float64Array(values.length);
  for (let width = 1; width < values.length; width *= 2) {
    for (let start = 0; start < values.length; start += 2 * width) {
      const middle = Math.min(start + width, values.length);
      const end = Math.min(start + 2 * width, values.length);
      for (let left = start, right = middle, at = start; at < end; at += 1) {
        const takesLeft = left < middle && (right >= end || (from[left] ?? 0) <= (from[right] ?? 0));
        to[at] = (takesLeft ? from[left++] : from[right++]) ?? 0;
        if (!takesLeft) inversions += middle - left;
      }
    }
    [from, to] = [to, from];
  }
  return inversions;
}
