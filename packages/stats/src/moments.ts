/** Sum without the rounding of a plain loop over a million values (Neumaier 1974). */
export function sum(values: Iterable<number>): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  // Infinity − Infinity would make NaN of a sum that is simply infinite.
  return Number.isFinite(total) ? total + lost : total;
}

/** Arithmetic mean; NaN without values. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length;
}

/** Variance in two passes, so that a large mean costs no digits. `ddof` 1 divides by n − 1, 0 by n. NaN with fewer than ddof + 1 values. */
export function variance(values: readonly number[], ddof: 0 | 1 = 1): number {
  return covariance(values, values, ddof);
}

/** Covariance of paired values; the lengths are equal. */
export function covariance(a: readonly number[], b: readonly number[], ddof: 0 | 1 = 1): number {
  if (a.length <= ddof) return Number.NaN;
  const meanA = mean(a);
  const meanB = mean(b);
  let total = 0;
  for (let i = 0; i < a.length; i += 1) total += ((a[i] ?? 0) - meanA) * ((b[i] ?? 0) - meanB);
  return total / (a.length - ddof);
}
