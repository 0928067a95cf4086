/** Lower and upper limit, lower first. */
export type Interval = [lo: number, hi: number];

/** Limits of a probability: never outside [0, 1]. */
export function withinUnit(lo: number, hi: number): Interval {
  return [Math.min(1, Math.max(0, lo)), Math.min(1, Math.max(0, hi))];
}
