/** Throws unless `alpha` is an error level: strictly between 0 and 1. */
export function checkAlpha(alpha: number): void {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha lies between 0 and 1; got ${alpha}`);
}

/** Throws unless `k` of `n` makes sense. Not whole numbers are allowed: weighted counts are none. */
export function checkCounts(k: number, n: number): void {
  if (!(n >= 0 && k >= 0 && k <= n && n < Infinity)) throw new RangeError(`a count k of n needs 0 ≤ k ≤ n; got ${k} of ${n}`);
}

/** Throws unless the arrays have one length. */
export function checkSameLength(what: string, ...lists: readonly (readonly unknown[])[]): void {
  const lengths = lists.map((list) => list.length);
  if (new Set(lengths).size > 1) throw new RangeError(`${what} need the same length; got ${lengths.join(" and ")}`);
}

/** Throws when a value is not a finite number. */
export function checkFinite(what: string, values: readonly number[]): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new RangeError(`${what} need finite numbers; number ${at + 1} is ${values[at]}`);
}

/** Throws when a value is neither 0 nor 1 (true and false count as 1 and 0 once converted by the caller). */
export function checkBinary(what: string, values: readonly number[]): void {
  const at = values.findIndex((value) => value !== 0 && value !== 1);
  if (at >= 0) throw new RangeError(`${what} need 0 or 1; number ${at + 1} is ${values[at]}`);
}
