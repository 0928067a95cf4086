import { checkAlpha } from "../check-arguments.ts";

/** Evaluates at a number or at each of a list. */
export function atEach<T extends number | readonly number[]>(v: T, one: (v: number) => number): T extends number ? number : number[] {
  const values = typeof v === "number" ? one(v) : (v as readonly number[]).map(one);
  return values as T extends number ? number : number[];
}

/** Throws unless the numbers that shape a mixture make sense. */
export function checkMixture(alpha: number, vOpt: number, alphaOpt: number): void {
  checkAlpha(alpha);
  checkAlpha(alphaOpt);
  if (!(vOpt > 0)) throw new RangeError(`vOpt is above 0; got ${vOpt}`);
}

/** ρ that makes a normal mixture tightest at intrinsic time `v` (Howard et al. 2021, eq. 3.6). */
export function bestRho(v: number, alpha: number): number {
  const log = 2 * Math.log(1 / alpha);
  return v / (log + Math.log1p(log));
}

/** One-sided mixtures spend 2α, as only half of the mixing distribution counts. */
export function bestOneSidedRho(v: number, alpha: number): number {
  if (!(alpha < 0.5)) throw new RangeError(`a one-sided boundary needs alphaOpt below 0.5; got ${alpha}`);
  return bestRho(v, 2 * alpha);
}

/** The s at which a mixture that grows in s reaches ln(1/alpha), by bisection; `limit` where it stays below. */
export function solveBound(logMixture: (s: number) => number, alpha: number, limit = Infinity): number {
  const threshold = Math.log(1 / alpha);
  let hi = limit;
  if (limit === Infinity) {
    hi = 1;
    for (let doubled = 0; logMixture(hi) < threshold; doubled += 1, hi *= 2) if (doubled > 1000) return Infinity;
  } else if (logMixture(limit) < threshold) return limit;
  let lo = 0;
  for (let step = 0; step < 200; step += 1) {
    const middle = (lo + hi) / 2;
    if (middle <= lo || middle >= hi || hi - lo < 1e-14 * hi) break;
    if (logMixture(middle) < threshold) lo = middle;
    else hi = middle;
  }
  return (lo + hi) / 2;
}
