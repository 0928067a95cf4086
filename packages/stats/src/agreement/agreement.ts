import { checkAlpha, checkFinite, checkSameLength } from "../check-arguments.ts";
import type { Interval } from "../intervals/interval.ts";
import { wilson } from "../intervals/wilson.ts";
import { type Confusion, type Verdicts, confusion } from "./confusion.ts";
import { kappaOf } from "./kappa.ts";
import { mcnemarExact } from "./mcnemar.ts";
import { auroc, averagePrecision, brierScore } from "./ranking.ts";

export interface Agreement {
  n: number;
  kappa: number;
  kappaCi: Interval;
  mcc: number;
  f1: number;
  balancedAccuracy: number;
  /** With a judge's score only: how well it ranks (auroc, auprc) and how true it is as a probability (brier). */
  auroc: number | undefined;
  auprc: number | undefined;
  brier: number | undefined;
  /** [true positives, false positives, false negatives, true negatives]; a pass is positive, the human is right. */
  confusion: Confusion;
  /** Intervals of P(judge pass | human pass) and P(judge fail | human fail). */
  tprWilson: Interval;
  tnrWilson: Interval;
  /** Does the judge pass more or less often than humans? */
  mcnemarExactP: number;
}

/**
 * A judge against humans on the same items; 1 is pass, the human is the truth. What the data do not determine (a rate of
 * nothing, kappa without variation) is NaN, never 0. `score` is the judge's probability of a pass. O(n log n).
 */
export function agreement(human: Verdicts, judge: Verdicts, score?: readonly number[], alpha = 0.05): Agreement {
  checkAlpha(alpha);
  const counts = confusion(human, judge);
  const [tp, fp, fn, tn] = counts;
  const truth = human.map(Number);
  if (score !== undefined) {
    checkSameLength("human and score", truth, score);
    checkFinite("judge scores", score);
  }
  return {
    n: truth.length,
    ...kappaOf(counts, alpha),
    mcc: (tp * tn - fp * fn) / Math.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)),
    f1: (2 * tp) / (2 * tp + fp + fn),
    balancedAccuracy: (tp / (tp + fn) + tn / (tn + fp)) / 2,
    auroc: score === undefined ? undefined : auroc(truth, score),
    auprc: score === undefined ? undefined : averagePrecision(truth, score),
    brier: score === undefined ? undefined : brierScore(truth, score),
    confusion: counts,
    tprWilson: wilson(tp, tp + fn, alpha),
    tnrWilson: wilson(tn, tn + fp, alpha),
    mcnemarExactP: mcnemarExact(fn, fp),
  };
}
