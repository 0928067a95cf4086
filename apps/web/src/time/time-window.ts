import { pickInterval } from "./interval.ts";
import { presetOf, resolveRange, type TimeRangeSearch } from "./time-range.ts";

/** A window with both ends, as figures need it. RFC 3339, `from` inclusive, `to` exclusive. */
export interface TimeWindow {
  from: string;
  to: string;
  /** Its end moves with the clock. */
  isOpen: boolean;
}

/** What `all time` is until the oldest trace is known. */
const UNKNOWN_START_MS = 90 * 24 * 3_600_000;

/**
 * The window of a page as figures need it. `endMs` is the end of a window that is open to now; `oldest` is the start of the oldest
 * trace, from which "all time" counts.
 */
export function resolveWindow(search: TimeRangeSearch, endMs: number, oldest: string | undefined): TimeWindow {
  const { from, to } = resolveRange(search, endMs);
  const end = to ?? new Date(endMs).toISOString();
  const start = from ?? oldest ?? new Date(Date.parse(end) - UNKNOWN_START_MS).toISOString();
  // A window without length has no figures; the picker allows it only by hand in the URL.
  const isForward = Date.parse(start) < Date.parse(end);
  return { from: isForward ? start : new Date(Date.parse(end) - 60_000).toISOString(), to: end, isOpen: to === undefined };
}

/** The window of the same length that ends where this one begins. */
export function previousWindow(window: TimeWindow): TimeWindow {
  const fromMs = Date.parse(window.from);
  const length = Date.parse(window.to) - fromMs;
  return { from: new Date(fromMs - length).toISOString(), to: window.from, isOpen: false };
}

/** The step in which a chart of this window is drawn. */
export function windowInterval(window: TimeWindow): string {
  return pickInterval(Date.parse(window.from), Date.parse(window.to));
}

/** Whether the window has no start of its own. */
export function isAllTime(search: TimeRangeSearch): boolean {
  return search.from === undefined && search.to === undefined && presetOf(search).ms === undefined;
}
