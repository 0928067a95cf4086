import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Aggregation, MetricsAnswer, MetricsPoint, MetricsQuery } from "@telltale/model/api";
import { call } from "./client.ts";
import { searchTraces } from "./queries.ts";

/** A question to the metrics API; the zone is UTC when left out. */
export type MetricsAsk = Omit<MetricsQuery, "time_zone"> & { time_zone?: string };

/** What all questions of a page have in common: `useScope()` makes it from the URL. */
export type MetricsScope = Pick<MetricsAsk, "from" | "to" | "filter" | "project_ids" | "time_zone">;

/** POST /metrics/query. While a window moves on, what was shown stays until the new figures are there. */
export const metricsQuery = (ask: MetricsAsk) =>
  queryOptions({
    queryKey: ["metrics", ask],
    queryFn: ({ signal }) => call<MetricsAnswer>("/metrics/query", { method: "POST", body: ask, signal }),
    placeholderData: keepPreviousData,
    staleTime: 25_000,
    // An open window is a new question every half minute; the old answers are of no use to anyone.
    gcTime: 60_000,
  });

/** Start of the oldest trace, where "all time" begins; null without any trace. */
export const oldestTraceQuery = (project: string | undefined) =>
  queryOptions({
    queryKey: ["oldest-trace", project],
    queryFn: async ({ signal }) => {
      const { data } = await searchTraces({ ...(project === undefined ? {} : { project_ids: [project] }), order_by: ["timestamp_ms ASC"], limit: 1 }, signal);
      return data[0]?.start_time ?? null;
    },
    staleTime: 60_000,
  });

/** One line of a chart. */
export interface MetricsSeries {
  /** The group's values, or the aggregation when nothing is grouped: unique among the series of an answer. */
  key: string;
  group: Readonly<Record<string, string>>;
  aggregation: Aggregation;
  isRest: boolean;
  values: (number | null)[];
  n: number[];
}

export interface MetricsTimeline {
  /** Starts of the steps, milliseconds since 1970, ascending. */
  times: number[];
  series: MetricsSeries[];
}

/** An answer with `interval` as series over common steps: one for each group and aggregation, groups in the order of the answer. */
export function timelineOf(answer: MetricsAnswer, aggregations: readonly Aggregation[]): MetricsTimeline {
  const times = [...new Set(answer.data.flatMap(({ time }) => (time === null ? [] : [Date.parse(time)])))].toSorted((a, b) => a - b);
  const indexOf = new Map(times.map((time, index) => [time, index]));
  const series = new Map<string, MetricsSeries>();
  for (const point of answer.data) {
    const index = point.time === null ? undefined : indexOf.get(Date.parse(point.time));
    if (index === undefined) continue;
    for (const aggregation of aggregations) {
      const key = seriesKey(point, aggregation, aggregations.length > 1);
      let line = series.get(key);
      if (line === undefined) {
        const { length } = times;
        line = {
          key,
          group: point.group,
          aggregation,
          isRest: point.rest === true,
          values: Array.from({ length }, () => null),
          n: Array.from({ length }, () => 0),
        };
        series.set(key, line);
      }
      line.values[index] = point.values[aggregation] ?? null;
      line.n[index] = point.n;
    }
  }
  return { times, series: [...series.values()] };
}

function seriesKey({ group, rest }: MetricsPoint, aggregation: Aggregation, several: boolean): string {
  const name = rest === true ? "rest" : Object.values(group).join(" / ");
  return name === "" ? aggregation : several ? `${name} ${aggregation}` : name;
}

/** The single row of an answer without `interval` and `group_by`. */
export function totalOf(answer: MetricsAnswer | undefined): MetricsPoint | undefined {
  return answer?.data[0];
}

/** Counts and sums of all steps together; null when none of them is known. Averages and percentiles do not add up. */
export function sumOf(answer: MetricsAnswer, aggregation: "count" | "sum"): number | null {
  let sum: number | null = null;
  for (const { values } of answer.data) {
    const value = values[aggregation];
    if (value !== null && value !== undefined) sum = (sum ?? 0) + value;
  }
  return sum;
}

/** A past of fewer than this is no measure: ten traces became a thousand when the application went live, and that is no change of +9,900 %. */
const MIN_COMPARED = 20;

/** The value of the period before, when it rests on enough to be compared with. */
export function pastOf(point: MetricsPoint | undefined, aggregation: Aggregation): number | undefined {
  return point === undefined || point.n < MIN_COMPARED ? undefined : (point.values[aggregation] ?? undefined);
}

/** How much `now` differs from `before`, as a share of `before`; undefined when either is unknown, or there is nothing to divide by. */
export function changeOf(now: number | null | undefined, before: number | null | undefined): number | undefined {
  if (now === null || now === undefined || before === null || before === undefined || before === 0) return undefined;
  return (now - before) / before;
}
