import { useQuery } from "@tanstack/react-query";
import type { LinkProps } from "@tanstack/react-router";
import type { MetricName } from "@telltale/model/api";
import { changeOf, metricsQuery, pastOf, sumOf, timelineOf, totalOf } from "../../api/metrics.ts";
import type { DeltaProps } from "../../components/Delta.tsx";
import { StatTile } from "../../components/StatTile.tsx";
import { formatMetric } from "../../format/metric.ts";
import { formatCompact, plural } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";
import { tracesLink } from "../../url/traces-link.ts";

export interface SumTileProps {
  scope: Scope;
  label: string;
  metric: MetricName;
  color: string;
  goodWhen?: DeltaProps["goodWhen"];
  /** Order of the traces behind it. */
  sort?: string;
  link?: LinkProps;
  /** What the traces without a value lack: `without a price`. */
  missing?: string;
}

/** Money, tokens, counts: what adds up, so that the steps give the total. */
export function SumTile({ scope, label, metric, color, goodWhen = "neutral", sort, link, missing }: SumTileProps) {
  const aggregation = metric === "detection_count" ? "count" : "sum";
  const now = useQuery(metricsQuery({ ...scope.now, metric, aggregations: [aggregation], interval: scope.interval }));
  const before = useQuery(metricsQuery({ ...scope.before, metric, aggregations: [aggregation] }));
  const unit = now.data?.unit ?? "count";
  const points = now.data?.data ?? [];
  const n = points.reduce((sum, point) => sum + point.n, 0);
  const lacking = points.reduce((sum, point) => sum + point.n_missing, 0);
  // Without any known value the total is not zero but unknown.
  const total = now.data === undefined || (n === 0 && lacking > 0) ? null : sumOf(now.data, aggregation);
  const past = pastOf(totalOf(before.data), aggregation);
  return (
    <StatTile
      label={label}
      value={`${lacking > 0 && n > 0 && unit === "usd" ? "≥ " : ""}${formatMetric(total, unit)}`}
      delta={{ change: changeOf(total, past), goodWhen, before: formatMetric(past, unit) }}
      sparkline={now.data === undefined ? undefined : timelineOf(now.data, [aggregation]).series[0]?.values}
      color={color}
      detail={unit === "count" || total === null || n === 0 ? undefined : `${formatMetric(total / n, unit)} a trace`}
      n={unit === "count" ? `in ${plural(n, "trace")}` : `${plural(n, "trace")}${lacking > 0 ? `, ${formatCompact(lacking)} ${missing ?? "unknown"}` : ""}`}
      link={link ?? tracesLink(scope.filter, undefined, sort)}
      isPending={now.isPending}
      error={now.data === undefined ? now.error : null}
    />
  );
}
