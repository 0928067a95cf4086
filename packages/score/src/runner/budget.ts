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

/** Midnight UTC. */
export function startOfDay(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS) * DAY_MS;
}
