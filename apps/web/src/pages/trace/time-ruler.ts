const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Steps people count in, once decimals end: 15 s, 30 s, minutes, hours. */
const clockSteps = [15, 30]
  .map((count) => count * SECOND)
  .concat(
    [1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
    [1, 2, 3, 6, 12, 24].map((count) => count * HOUR),
  );

/** Places for ticks at round times, as many as fit. Milliseconds. */
export function rulerTicks(fromMs: number, toMs: number, maxTicks: number): number[] {
  const span = toMs - fromMs;
  if (!(span > 0) || maxTicks < 1) return [];
  const step = stepFor(span / maxTicks);
  const ticks: number[] = [];
  for (let index = Math.ceil(fromMs / step); index * step <= toMs; index += 1) ticks.push(index * step);
  return ticks;
}

function stepFor(rough: number): number {
  if (rough > 10 * SECOND) {
    const step = clockSteps.find((each) => each >= rough);
    if (step !== undefined) return step;
  }
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
}
