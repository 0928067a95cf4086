/** Room above what history needed, so that an ordinary bad day is not an alarm. */
const ROOM = 1.1;
const steps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** A round threshold that would have kept the target: people remember 2,500 ms, not 2,317. */
export function suggestThreshold(quantileMs: number | null): number | null {
  if (quantileMs === null || !(quantileMs > 0)) return null;
  const wanted = quantileMs * ROOM;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = steps.find((candidate) => candidate * power >= wanted * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(6));
}
