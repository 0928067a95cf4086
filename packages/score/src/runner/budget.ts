const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * The share of the traffic that a day's budget allows. Spending so far is projected over the rest of the day (UTC); when it
 * would pass the budget, the rate is lowered in proportion, and at the budget it is 0 until the day ends.
 */
export function rateWithinBudget(rate: number, budgetUsd: number | undefined, spentUsd: number, nowMs: number): number {
  if (budgetUsd === undefined) return rate;
  if (spentUsd >= budgetUsd) return 0;
  // In the first hour of a day there is too little to project from.
  const elapsedMs = Math.max(nowMs - startOfDay(nowMs), HOUR_MS);
  const restMs = DAY_MS - elapsedMs;
  const expectedUsd = (spentUsd / elapsedMs) * restMs;
  const leftUsd = budgetUsd - spentUsd;
  return expectedUsd <= leftUsd ? rate : rate * (leftUsd / expectedUsd);
}

/** What is left of a day's budget, and what a judgement takes of it. */
export interface DayBudget {
  leftUsd: number;
  /** The dearest judgement of the day; `undefined` = none was priced yet. */
  dearestUsd: number | undefined;
  /** Judgements came to an end today. Where none of them has a price, the budget cannot bind. */
  hasEnded: boolean;
}

/**
 * Whether one more judgement may begin while `inFlight` of them (itself included) are paid for later: only when all of them at the price of the
 * dearest still fit, so that what runs side by side does not pass the budget together. Before the first price of a day one goes ahead alone.
 */
export function mayJudge({ leftUsd, dearestUsd, hasEnded }: DayBudget, inFlight: number): "yes" | "wait" | "spent" {
  if (leftUsd <= 0) return "spent";
  if (dearestUsd === undefined) return hasEnded || inFlight <= 1 ? "yes" : "wait";
  if (dearestUsd > leftUsd) return "spent";
  return inFlight * dearestUsd <= leftUsd ? "yes" : "wait";
}

/** Midnight UTC. */
export function startOfDay(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS) * DAY_MS;
}
