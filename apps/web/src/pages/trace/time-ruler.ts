/** Places for ticks: steps of 1, 2 or 5 × 10ⁿ, as many as fit. Milliseconds. */
export function rulerTicks(fromMs: number, toMs: number, maxTicks: number): number[] {
  const span = toMs - fromMs;
  if (!(span > 0) || maxTicks < 1) return [];
  const rough = span / maxTicks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const ticks: number[] = [];
  for (let index = Math.ceil(fromMs / step); index * step <= toMs; index += 1) ticks.push(index * step);
  return ticks;
}
