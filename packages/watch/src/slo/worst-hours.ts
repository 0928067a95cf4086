import type { HourCounts } from "./projection.ts";

export interface WorstHour extends HourCounts {
  /** Share of the window's whole budget that this hour used up. */
  consumed: number;
}

/** The hours that used up most, most first; hours without a bad trace are not among them. */
export function worstHours(hours: readonly HourCounts[], allowed: number, count = 5): WorstHour[] {
  return hours
    .filter(({ bad }) => bad > 0)
    .toSorted((a, b) => b.bad - a.bad || b.hour - a.hour)
    .slice(0, count)
    .map((item) => ({ ...item, consumed: item.bad / allowed }));
}
