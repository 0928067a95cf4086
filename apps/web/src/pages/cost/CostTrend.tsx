import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { metricsQuery, timelineOf } from "../../api/metrics.ts";
import { ChartPanel } from "../../components/chart/ChartPanel.tsx";
import type { ChartSeries } from "../../components/chart/chart-data.ts";
import { groupFilter } from "../../filter/group-clause.ts";
import { formatAxis, formatMetric } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";
import { intervalMs } from "../../time/interval.ts";
import type { Scope } from "../../url/scope.ts";
import { stepWindow, tracesLink } from "../../url/traces-link.ts";
import { dimensionLabel } from "./cost-search.ts";

const SHOWN = 7;

/** Money per step, stacked by what it is grouped by. */
export function CostTrend({ scope, by }: { scope: Scope; by: string }) {
  const navigate = useNavigate();
  const query = useQuery(metricsQuery({ ...scope.now, metric: "cost_usd", aggregations: ["sum"], group_by: [by], limit: SHOWN, interval: scope.interval }));
  const { times, series } = useMemo(() => {
    if (query.data === undefined) return { times: [], series: [] };
    const timeline = timelineOf(query.data, ["sum"]);
    const priced = timeline.series.filter(({ values }) => values.some((value) => value !== null && value > 0));
    return {
      times: timeline.times,
      series: priced.map(({ key, group, isRest, values, n }): ChartSeries => {
        const name = group[by] ?? "unknown";
        return { key, label: isRest ? "all others" : name === "unknown" ? "not known" : name, values, n, ...(isRest ? { color: "chart-rest" } : {}) };
      }),
    };
  }, [query.data, by]);
  const missing = query.data?.data.reduce((sum, point) => sum + point.n_missing, 0) ?? 0;
  return (
    <ChartPanel
      title={`Cost by ${dimensionLabel(by).toLowerCase()}`}
      queries={[query]}
      partial={query.data?.partial === true ? "Newest part only: the query reached its limit" : undefined}
      empty={
        series.length > 0 ? undefined : missing > 0 ? `${formatCount(missing)} without a known price, and none with one.` : "Nothing was paid in this window."
      }
      times={times}
      stepMs={intervalMs(scope.interval)}
      series={series}
      shape="bars"
      height={220}
      format={(value) => formatMetric(value, "usd")}
      formatAxis={(value) => formatAxis(value, "usd")}
      onPick={(pick) => {
        const narrowed = pick.series === undefined || pick.series === "rest" ? undefined : groupFilter(scope.filter, { [by]: pick.series });
        void navigate(tracesLink(narrowed ?? scope.filter, stepWindow(pick), "-cost_usd") as never);
      }}
      traces={tracesLink(scope.filter, undefined, "-cost_usd")}
      tile={{ kind: "bars", queries: [{ metric: "cost_usd", group_by: [by], limit: SHOWN }], filter: scope.filter }}
    />
  );
}
