import type { SloCounts } from "./budget.ts";

/** The windows over which the budget's consumption is watched, and their lengths. */
export const burnWindows = { "5m": 5 / 60, "30m": 0.5, "1h": 1, "6h": 6, "3d": 72 } as const;
export type BurnWindow = keyof typeof burnWindows;

export interface BurnRate {
  window: BurnWindow;
  /** 1: the budget lasts exactly as long as the objective's window. `null` without traffic. */
  rate: number | null;
  bad: number;
  total: number;
}

/**
 * Multiwindow, multi-burn-rate (Google, The Site Reliability Workbook, chapter 5, table 5-8): 2 % of the budget within an
 * hour, 5 % within six or 10 % within three days, and the short window says that it still goes on.
 */
const alarms: readonly { long: BurnWindow; short: BurnWindow; budgetShare: number; speed: "fast" | "slow" }[] = [
  { long: "1h", short: "5m", budgetShare: 0.02, speed: "fast" },
  { long: "6h", short: "30m", budgetShare: 0.05, speed: "fast" },
  { long: "3d", short: "6h", budgetShare: 0.1, speed: "slow" },
];

/** One or two bad traces among few are no fire, however fast they burn by the numbers. */
const MIN_BAD = 3;

export function burnRate(window: BurnWindow, { good, bad }: Pick<SloCounts, "good" | "bad">, target: number): BurnRate {
  const total = good + bad;
  return { window, rate: total === 0 ? null : bad / total / (1 - target), bad, total };
}

/** Which pair of windows burns, the fastest first; undefined when none does. */
export function burning(rates: Readonly<Record<BurnWindow, BurnRate>>, windowDays: number): "fast" | "slow" | undefined {
  return alarms.find(({ long, short, budgetShare }) => {
    const threshold = burnThreshold(long, budgetShare, windowDays);
    return rates[long].bad >= MIN_BAD && isOver(rates[long], threshold) && isOver(rates[short], threshold);
  })?.speed;
}

/** Above which rate a window burns: 14.4, 6 and 1 for 30 days. Never below 1: at 1 the budget lasts. */
export function burnThresholds(windowDays: number): { long: BurnWindow; short: BurnWindow; speed: "fast" | "slow"; threshold: number }[] {
  return alarms.map(({ budgetShare, ...alarm }) => ({ ...alarm, threshold: burnThreshold(alarm.long, budgetShare, windowDays) }));
}

function burnThreshold(long: BurnWindow, budgetShare: number, windowDays: number): number {
  return Math.max(1, (budgetShare * windowDays * 24) / burnWindows[long]);
}

/** With a little room for rounding: a rate that is exactly at the threshold counts. */
function isOver({ rate }: BurnRate, threshold: number): boolean {
  return rate !== null && rate >= threshold * (1 - 1e-9);
}
