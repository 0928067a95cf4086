import { addCounts, noCounts, type SloCounts } from "./budget.ts";
import type { HourCounts } from "./projection.ts";

export interface BurnDownPoint extends SloCounts {
  fromMs: number;
  toMs: number;
  /** Share of the budget that is left at `toMs`; `null` when the whole window has no traffic. */
  remaining: number | null;
}

/** About this many points: enough for a line, few enough to read as a table. */
const POINTS = 170;

/**
 * How the budget of the window was used up: it starts at 1, every bad trace takes its part of what the traffic of the whole
 * window allows, and it ends at what is left now. Steps without traffic are there, flat.
 */
export function burnDown(hours: readonly HourCounts[], { target, windowDays }: { target: number; windowDays: number }, nowMs: number): BurnDownPoint[] {
  const stepHours = Math.max(1, Math.round((windowDays * 24) / POINTS));
  const stepMs = stepHours * 3_600_000;
  const total = hours.reduce((sum, { good, bad }) => sum + good + bad, 0);
  const allowed = total * (1 - target);
  const bySlot = new Map<number, SloCounts>();
  for (const item of hours) {
    const slot = Math.floor((item.hour * 1000) / stepMs);
    bySlot.set(slot, addCounts(bySlot.get(slot) ?? noCounts, item));
  }
  const points: BurnDownPoint[] = [];
  let bad = 0;
  for (let slot = Math.floor((nowMs - windowDays * 86_400_000) / stepMs); slot * stepMs < nowMs; slot += 1) {
    const { good, bad: badHere, excluded } = bySlot.get(slot) ?? noCounts;
    bad += badHere;
    const toMs = Math.min((slot + 1) * stepMs, nowMs);
    points.push({ fromMs: slot * stepMs, toMs, good, bad: badHere, excluded, remaining: total === 0 ? null : 1 - bad / allowed });
  }
  return points;
}
