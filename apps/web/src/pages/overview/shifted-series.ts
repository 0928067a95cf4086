import type { MetricsTimeline } from "../../api/metrics.ts";
import type { ChartSeries } from "../../components/chart/chart-data.ts";

/**
 * The period before, laid over this one: its last step under the last step shown. Both have steps of one length; the calendar
 * may cut one of them into a step more or less, which falls off at the beginning.
 */
export function shiftedSeries(past: MetricsTimeline, times: readonly number[], stepMs: number, of: string): ChartSeries[] {
  const first = times[0];
  const last = times.at(-1);
  const pastLast = past.times.at(-1);
  if (first === undefined || last === undefined || pastLast === undefined) return [];
  return past.series.slice(0, 1).map(({ values, n }) => {
    const shifted: (number | null)[] = times.map(() => null);
    const counts: number[] = times.map(() => 0);
    for (const [index, time] of past.times.entries()) {
      const at = Math.round((time + (last - pastLast) - first) / stepMs);
      if (at < 0 || at >= times.length) continue;
      shifted[at] = values[index] ?? null;
      counts[at] = n[index] ?? 0;
    }
    return { key: `${of} before`, label: `${of} before`, values: shifted, n: counts, previousOf: of };
  });
}
