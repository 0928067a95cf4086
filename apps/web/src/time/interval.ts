const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Steps that read well on an axis, as `interval` of the metrics API. */
const steps: readonly (readonly [string, number])[] = [
  ["1m", MINUTE],
  ["2m", 2 * MINUTE],
  ["5m", 5 * MINUTE],
  ["10m", 10 * MINUTE],
  ["15m", 15 * MINUTE],
  ["30m", 30 * MINUTE],
  ["1h", HOUR],
  ["2h", 2 * HOUR],
  ["3h", 3 * HOUR],
  ["6h", 6 * HOUR],
  ["12h", 12 * HOUR],
  ["1d", DAY],
  ["1w", 7 * DAY],
];
const MAX_POINTS = 120;
/** The metrics API answers at most 2,000 steps; a year-wide bar each is what is left for windows of centuries. */
const WIDEST_WEEKS = 52;

/** The finest step that shows a window in at most 120 points: the usual windows get 60 to 120 of them. */
export function pickInterval(fromMs: number, toMs: number): string {
  const span = Math.max(0, toMs - fromMs);
  const found = steps.find(([, ms]) => span / ms <= MAX_POINTS);
  if (found !== undefined) return found[0];
  const weeks = Math.ceil(span / (7 * DAY) / MAX_POINTS);
  return `${Math.min(weeks, WIDEST_WEEKS)}w`;
}

/** Milliseconds of `5m`, `1h`, `1d`, `2w`; a day counts 24 hours. */
export function intervalMs(interval: string): number {
  const unit = { m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY }[interval.at(-1) ?? ""];
  if (unit === undefined) throw new Error(`"${interval}" is no interval`);
  return Number(interval.slice(0, -1)) * unit;
}
