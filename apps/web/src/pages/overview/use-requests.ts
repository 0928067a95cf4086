import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { metricsQuery, sumOf, timelineOf, type MetricsScope } from "../../api/metrics.ts";

/** Requests and failed ones over time: one question, asked by the tiles and the chart alike. */
export function useRequests(scope: MetricsScope, interval: string, isEnabled = true) {
  const query = useQuery({ ...metricsQuery({ ...scope, metric: "error_rate", aggregations: ["count", "sum", "avg"], interval }), enabled: isEnabled });
  const timeline = useMemo(() => (query.data === undefined ? undefined : timelineOf(query.data, ["count", "sum", "avg"])), [query.data]);
  const total = useMemo(
    () => (query.data === undefined ? undefined : { n: sumOf(query.data, "count") ?? 0, failed: sumOf(query.data, "sum") ?? 0 }),
    [query.data],
  );
  const line = (aggregation: string): readonly (number | null)[] => timeline?.series.find(({ key }) => key === aggregation)?.values ?? [];
  return { query, times: timeline?.times ?? NONE, counts: line("count"), failed: line("sum"), rates: line("avg"), total };
}

const NONE: readonly number[] = [];
