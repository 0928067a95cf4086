import { checkFinite, checkSameLength } from "../check-arguments.ts";

/**
 * Kappa for ordered grades (Cohen 1968): a near miss counts less than a far one. Distance is between positions on the scale,
 * `linear` or `quadratic`. The scale is `categories`, or what the two raters used between them (then a grade nobody used does
 * not widen the gap around it). NaN when one grade is all there is. O(n log n), whatever the number of grades.
 */
export function weightedKappa(
  a: readonly number[],
  b: readonly number[],
  weights: "linear" | "quadratic" = "quadratic",
  categories: readonly number[] = [...a, ...b],
): number {
  checkSameLength("the two raters", a, b);
  checkFinite("grades", a);
  checkFinite("grades", b);
  const scale = [...new Set(categories)].toSorted((x, y) => x - y);
  const position = new Map(scale.map((grade, index) => [grade, index]));
  const countsA = new Float64Array(scale.length);
  const countsB = new Float64Array(scale.length);
  let observed = 0;
  for (let i = 0; i < a.length; i += 1) {
    const atA = place(position, a[i]);
    const atB = place(position, b[i]);
    countsA[atA] = (countsA[atA] ?? 0) + 1;
    countsB[atB] = (countsB[atB] ?? 0) + 1;
    observed += weights === "linear" ? Math.abs(atA - atB) : (atA - atB) ** 2;
  }
  const expected = weights === "linear" ? expectedAbsolute(countsA, countsB) : expectedSquare(countsA, countsB);
  return expected === 0 ? Number.NaN : 1 - (observed * a.length) / expected;
}

function place(position: ReadonlyMap<number, number>, grade: number | undefined): number {
  const at = position.get(grade ?? Number.NaN);
  if (at === undefined) throw new RangeError(`grade ${grade} is not on the scale`);
  return at;
}

/** Σᵢⱼ aᵢ bⱼ |i − j| = Σₖ (A≤k · B>k + A>k · B≤k): cumulative counts instead of all pairs. */
function expectedAbsolute(a: Float64Array, b: Float64Array): number {
  const n = a.reduce((sum, count) => sum + count, 0);
  let [belowA, belowB, total] = [0, 0, 0];
  for (let k = 0; k < a.length; k += 1) {
    belowA += a[k] ?? 0;
    belowB += b[k] ?? 0;
    total += belowA * (n - belowB) + (n - belowA) * belowB;
  }
  return total;
}

/** Σᵢⱼ aᵢ bⱼ (i − j)², from the first two moments of both. */
function expectedSquare(a: Float64Array, b: Float64Array): number {
  let [n, a1, a2, b1, b2] = [0, 0, 0, 0, 0];
  for (let k = 0; k < a.length; k += 1) {
    const [countA, countB] = [a[k] ?? 0, b[k] ?? 0];
    n += countA;
    a1 += countA * k;
    a2 += countA * k * k;
    b1 += countB * k;
    b2 += countB * k * k;
  }
  return n * a2 + n * b2 - 2 * a1 * b1;
}
