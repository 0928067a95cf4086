import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { metricsQuery } from "../../api/metrics.ts";
import { DataTable, type DataColumn } from "../../components/table/DataTable.tsx";
import { formatMetric, type Unit } from "../../format/metric.ts";
import type { Scope } from "../../url/scope.ts";
import { groupLink } from "../../url/traces-link.ts";
import { routeRows, type RouteRow } from "./route-rows.ts";

const SHOWN_ROUTES = 100;

const figure = (id: string, header: string, unit: Unit, value: (row: RouteRow) => number | null, width = 96): DataColumn<RouteRow> => ({
  id,
  header,
  value,
  align: "right",
  width,
  cell: (row) => {
    const known = value(row);
    return known === null ? <span className="text-ink-faint">–</span> : formatMetric(known, unit);
  },
});

const columns: readonly DataColumn<RouteRow>[] = [
  {
    id: "route",
    header: "Route",
    value: ({ route }) => route,
    minWidth: 180,
    cell: ({ route }) => (route === "unknown" ? <span className="text-ink-3">unnamed</span> : route),
  },
  figure("traces", "Traces", "count", ({ traces }) => traces),
  {
    ...figure("errors", "Error rate", "ratio", ({ errorRate }) => errorRate),
    cell: ({ errorRate }) => (
      <span className={errorRate !== null && errorRate >= 0.05 ? "font-medium text-error" : ""}>{formatMetric(errorRate, "ratio")}</span>
    ),
  },
  figure("p50", "p50", "ms", ({ p50 }) => p50),
  figure("p95", "p95", "ms", ({ p95 }) => p95),
  { ...figure("p99", "p99", "ms", ({ p99 }) => p99), isHidden: true },
  figure("ttft", "First token p95", "ms", ({ ttft }) => ttft, 116),
  figure("cost", "Cost", "usd", ({ cost }) => cost),
  figure("cost_each", "Cost per trace", "usd", ({ costEach }) => costEach, 116),
  figure("tokens", "Tokens", "tokens", ({ tokens }) => tokens),
];

/** Slowest, dearest, failing: the routes of the application, each leading to its traces. */
export function RoutesTable({ scope }: { scope: Scope }) {
  const ask = { ...scope.now, group_by: ["route"], limit: SHOWN_ROUTES, order_by: "count" as const };
  const errors = useQuery(metricsQuery({ ...ask, metric: "error_rate", aggregations: ["count", "avg"] }));
  const latency = useQuery(metricsQuery({ ...ask, metric: "latency_ms", aggregations: ["p50", "p95", "p99"] }));
  const ttft = useQuery(metricsQuery({ ...ask, metric: "ttft_ms", aggregations: ["p95"] }));
  const cost = useQuery(metricsQuery({ ...ask, metric: "cost_usd", aggregations: ["sum", "avg"] }));
  const tokens = useQuery(metricsQuery({ ...ask, metric: "tokens", aggregations: ["sum"] }));
  const rows = useMemo(
    () => (errors.data === undefined ? undefined : routeRows(errors.data, { latency: latency.data, ttft: ttft.data, cost: cost.data, tokens: tokens.data })),
    [errors.data, latency.data, ttft.data, cost.data, tokens.data],
  );
  const failed = [latency, ttft, cost, tokens].find(({ error, data }) => error !== null && data === undefined);
  return (
    <section aria-label="Routes">
      <DataTable
        label="Routes"
        columns={columns}
        rows={rows}
        rowKey={({ route }) => route}
        rowLink={({ route }) => groupLink(scope.filter, { route })}
        initialSort={{ id: "traces", desc: true }}
        error={errors.error}
        onRetry={() => void errors.refetch()}
        storageKey="overview.routes"
        toolbar={
          <>
            <h2 className="text-sm font-semibold text-ink">Routes</h2>
            {failed === undefined ? null : <span className="text-error">Some columns could not be read: {failed.error?.message}</span>}
          </>
        }
      />
    </section>
  );
}
