import { useQuery } from "@tanstack/react-query";
import type { Aggregation, MetricName } from "@telltale/model/api";
import { changeOf, metricsQuery, pastOf, timelineOf, totalOf } from "../../api/metrics.ts";
import { StatTile } from "../../components/StatTile.tsx";
import { addClause } from "../../filter/clauses.ts";
import { formatMetric } from "../../format/metric.ts";
import { plural } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";
import { tracesLink } from "../../url/traces-link.ts";
import { timeAggregations } from "./time-aggregations.ts";

export interface TimeTileProps {
  scope: Scope;
  label: string;
  metric: Extract<MetricName, "latency_ms" | "ttft_ms" | "inter_token_ms">;
  aggregation: Aggregation;
  /** Other percentiles, smaller beside it. */
  details: readonly Aggregation[];
  /** Field of the filter language that finds the traces beyond the figure. */
  field?: "duration_ms" | "ttft_ms";
  color: string;
}

/** A percentile of the whole window: percentiles of steps do not add up, so it is a question of its own. */
export function TimeTile({ scope, label, metric, aggregation, details, field, color }: TimeTileProps) {
  const aggregations = [...timeAggregations];
  const now = useQuery(metricsQuery({ ...scope.now, metric, aggregations }));
  const before = useQuery(metricsQuery({ ...scope.before, metric, aggregations }));
  const steps = useQuery(metricsQuery({ ...scope.now, metric, aggregations, interval: scope.interval }));
  const total = totalOf(now.data);
  const value = total?.values[aggregation];
  const past = pastOf(totalOf(before.data), aggregation);
  // The gap between tokens is no field of the filter language: its traces are those that stream.
  const clause = field === undefined ? "ttft_ms IS NOT NULL" : value === null || value === undefined ? undefined : `${field} >= ${roundDown(value)}`;
  const beyond = clause === undefined ? scope.filter : addClause(scope.filter, clause);
  const of = now.data?.of === "spans" ? "streamed call" : "trace";
  return (
    <StatTile
      label={label}
      value={formatMetric(value, "ms")}
      detail={details.map((one) => `${one} ${formatMetric(total?.values[one], "ms")}`).join(" · ")}
      delta={{ change: changeOf(value, past), goodWhen: "down", before: formatMetric(past, "ms") }}
      sparkline={steps.data === undefined ? undefined : timelineOf(steps.data, [aggregation]).series[0]?.values}
      color={color}
      n={plural(total?.n ?? 0, of)}
      link={tracesLink(beyond, undefined, field === undefined ? undefined : `-${field}`)}
      isPending={now.isPending}
      error={now.data === undefined ? now.error : null}
    />
  );
}

/** Three digits, so that the trace that has the value is among those found. */
function roundDown(value: number): string {
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(value, 1e-3))));
  const factor = 10 ** digits;
  return String(Math.floor(value * factor) / factor);
}
