import type { SloCounts } from "./budget.ts";

export interface HourCounts extends SloCounts {
  /** Start of the hour, Unix seconds. */
  hour: number;
}

export type Projection =
  | { kind: "no_data" }
  | { kind: "exhausted" }
  /** At the current burn the budget is used up then. */
  | { kind: "runs_out"; atMs: number }
  /** At the current burn it lasts: as much comes back, as old traces leave the window, as is used up. */
  | { kind: "lasts" };

const HOUR_MS = 3_600_000;

/**
 * When the budget of a rolling window is used up if everything goes on as it did over `pace`. Played forward hour by hour:
 * each brings what `pace` brings per hour and takes the oldest hour out of the window.
 */
export function projectExhaustion(
  hours: readonly HourCounts[],
  pace: { good: number; bad: number; hours: number },
  { target, windowDays }: { target: number; windowDays: number },
  nowMs: number,
): Projection {
  let good = sum(hours, "good");
  let bad = sum(hours, "bad");
  if (good + bad === 0) return { kind: "no_data" };
  if (isOver(good, bad, target)) return { kind: "exhausted" };
  const goodPerHour = pace.good / pace.hours;
  const badPerHour = pace.bad / pace.hours;
  const byHour = new Map(hours.map((item) => [item.hour, item]));
  const firstHour = Math.floor((nowMs - windowDays * 24 * HOUR_MS) / HOUR_MS);
  for (let step = 1; step <= windowDays * 24; step += 1) {
    const leaving = byHour.get((firstHour + step - 1) * 3600);
    good += goodPerHour - (leaving?.good ?? 0);
    bad += badPerHour - (leaving?.bad ?? 0);
    if (isOver(good, bad, target)) return { kind: "runs_out", atMs: nowMs + step * HOUR_MS };
  }
  return { kind: "lasts" };
}

function isOver(good: number, bad: number, target: number): boolean {
  return bad > 1e-9 && bad >= (good + bad) * (1 - target) * (1 - 1e-9);
}

function sum(hours: readonly HourCounts[], key: "good" | "bad"): number {
  return hours.reduce((total, item) => total + item[key], 0);
}
