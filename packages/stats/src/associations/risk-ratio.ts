import { checkAlpha } from "../check-arguments.ts";
import { normalCritical } from "../distributions/normal.ts";
import type { Interval } from "../intervals/interval.ts";
import { fisherExact } from "./fisher-exact.ts";

/** [[exposed bad, exposed good], [unexposed bad, unexposed good]]: whole numbers. */
export type RiskTable = readonly [readonly [number, number], readonly [number, number]];

export interface RiskRatio {
  /** Bad rate among the exposed over bad rate among the rest. */
  rr: number;
  /** Katz's interval (1978) on the log scale; ½ is added to all four counts for it when one is 0. */
  ciKatz: Interval;
  oddsRatio: number;
  /** Fisher's exact test, two-sided. */
  fisherP: number;
}

/**
 * How much more often is it bad where the attribute has this value? An empty row has no rate: rr is NaN, the interval [0, ∞],
 * p 1. No bad among the rest: rr is Infinity.
 */
export function riskRatio(table: RiskTable, alpha = 0.05): RiskRatio {
  checkAlpha(alpha);
  const [[a, b], [c, d]] = table;
  if ([a, b, c, d].some((count) => !(Number.isSafeInteger(count) && count >= 0))) throw new RangeError("a risk table has whole counts, 0 or more");
  return {
    rr: a / (a + b) / (c / (c + d)),
    ciKatz: katz(table, alpha),
    oddsRatio: (a * d) / (b * c),
    fisherP: fisherExact(a, b, c, d),
  };
}

function katz([[a, b], [c, d]]: RiskTable, alpha: number): Interval {
  if (a + b === 0 || c + d === 0) return [0, Infinity];
  const added = a * b * c * d === 0 ? 0.5 : 0;
  const [exposed, exposedBad, rest, restBad] = [a + b + 2 * added, a + added, c + d + 2 * added, c + added];
  const log = Math.log(exposedBad / exposed / (restBad / rest));
  const half = normalCritical(alpha) * Math.sqrt(1 / exposedBad - 1 / exposed + 1 / restBad - 1 / rest);
  return [Math.exp(log - half), Math.exp(log + half)];
}
