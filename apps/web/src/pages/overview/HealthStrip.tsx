import { useQuery } from "@tanstack/react-query";
import type { MetricName } from "@telltale/model/api";
import { changeOf, metricsQuery, pastOf, totalOf } from "../../api/metrics.ts";
import { StatStrip, StatTile } from "../../components/StatTile.tsx";
import { addClause } from "../../filter/clauses.ts";
import { formatMetric } from "../../format/metric.ts";
import { plural } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";
import { tracesLink } from "../../url/traces-link.ts";
import { QualityTiles } from "./QualityTiles.tsx";
import { SumTile } from "./SumTile.tsx";
import { TimeTile } from "./TimeTile.tsx";
import { useRequests } from "./use-requests.ts";

/** The first row of the page. Quality, coverage and detections appear when there is data for them. */
export function HealthStrip({ scope }: { scope: Scope }) {
  return (
    <StatStrip label="Health">
      <RequestTiles scope={scope} />
      <TimeTile scope={scope} label="Latency p95" metric="latency_ms" aggregation="p95" details={["p50", "p99"]} field="duration_ms" color="chart-1" />
      <TimeTile scope={scope} label="First token p95" metric="ttft_ms" aggregation="p95" details={["p50", "p99"]} field="ttft_ms" color="chart-5" />
      <TimeTile scope={scope} label="Token gap p50" metric="inter_token_ms" aggregation="p50" details={["p95", "p99"]} color="chart-5" />
      <SumTile scope={scope} label="Cost" metric="cost_usd" color="chart-3" sort="-cost_usd" missing="without a price" />
      <SumTile scope={scope} label="Tokens" metric="tokens" color="chart-2" sort="-tokens.total" missing="without token counts" />
      <QualityTiles scope={scope} />
      <DetectionsTile scope={scope} />
    </StatStrip>
  );
}

function RequestTiles({ scope }: { scope: Scope }) {
  const now = useRequests(scope.now, scope.interval);
  const before = useQuery(metricsQuery({ ...scope.before, metric: "error_rate", aggregations: ["count", "avg"] }));
  const past = totalOf(before.data);
  const rate = now.total === undefined || now.total.n === 0 ? null : now.total.failed / now.total.n;
  const common = { isPending: now.query.isPending, error: now.query.data === undefined ? now.query.error : null };
  return (
    <>
      <StatTile
        {...common}
        label="Requests"
        value={formatMetric(now.total?.n, "count")}
        delta={{ change: changeOf(now.total?.n, pastOf(past, "count")), before: formatMetric(past?.n, "count") }}
        sparkline={now.counts}
        detail={`${formatMetric(perHour(now.total?.n ?? 0, scope), "value")} an hour`}
        n="traces"
        link={tracesLink(scope.filter)}
      />
      <StatTile
        {...common}
        label="Error rate"
        value={formatMetric(rate, "ratio")}
        delta={{ change: changeOf(rate, pastOf(past, "avg")), goodWhen: "down", before: formatMetric(past?.values.avg, "ratio") }}
        sparkline={now.rates}
        color="chart-error"
        detail={`${formatMetric(now.total?.failed, "count")} failed`}
        n={`of ${plural(now.total?.n ?? 0, "trace")}`}
        link={tracesLink(addClause(scope.filter, "status = 'ERROR'"))}
      />
    </>
  );
}

function perHour(count: number, { window }: Scope): number {
  return count / ((Date.parse(window.to) - Date.parse(window.from)) / 3_600_000);
}

function DetectionsTile({ scope }: { scope: Scope }) {
  const metric: MetricName = "detection_count";
  const ask = { metric, interval: scope.interval };
  const query = useQuery(metricsQuery({ ...scope.now, ...ask }));
  const hasAny = query.data?.data.some(({ n }) => n > 0) === true;
  return hasAny ? (
    <SumTile
      scope={scope}
      label="Detections"
      metric={metric}
      color="chart-4"
      goodWhen="down"
      link={tracesLink(addClause(scope.filter, "detector IS NOT NULL"))}
    />
  ) : null;
}
