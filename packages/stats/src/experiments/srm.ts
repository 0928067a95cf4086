import { chiSquareTail } from "../distributions/chi-square.ts";
import { sum } from "../moments.ts";

export interface Srm {
  chi2: number;
  p: number;
}

/**
 * Sample-ratio mismatch: χ² of the assignments seen against the weights meant (any scale). A p below .001 says that the split
 * itself is broken and voids the comparison. Without assignments chi2 is 0 and p is 1. For looking while it runs: `sequentialSrm`.
 */
export function srm(observed: readonly number[], weights: readonly number[]): Srm {
  const shares = expectedShares(weights);
  if (observed.length !== shares.length) throw new RangeError(`as many counts as weights; got ${observed.length} and ${shares.length}`);
  if (observed.some((count) => !(count >= 0 && count < Infinity))) throw new RangeError("counts are 0 or more");
  const total = sum(observed);
  if (total === 0) return { chi2: 0, p: 1 };
  let chi2 = 0;
  for (const [arm, share] of shares.entries()) chi2 += ((observed[arm] ?? 0) - total * share) ** 2 / (total * share);
  return { chi2, p: chiSquareTail(chi2, shares.length - 1) };
}

/** The weights as shares that add up to 1. */
export function expectedShares(weights: readonly number[]): number[] {
  if (weights.length < 2 || weights.some((weight) => !(weight > 0 && weight < Infinity))) {
    throw new RangeError("a split needs two or more weights above 0");
  }
  const total = sum(weights);
  return weights.map((weight) => weight / total);
}
