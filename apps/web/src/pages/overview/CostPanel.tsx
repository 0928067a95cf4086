import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
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
import { partialNote } from "./partial-note.ts";
import { useReleaseMarkers } from "./use-releases.ts";

const SHOWN_MODELS = 6;

/** Money per step, by model. What has no known price is said, not drawn as zero. */
export function CostPanel({ scope }: { scope: Scope }) {
  const navigate = useNavigate();
  const query = useQuery(
    metricsQuery({ ...scope.now, metric: "cost_usd", aggregations: ["sum"], group_by: ["model"], limit: SHOWN_MODELS, interval: scope.interval }),
  );
  const markers = useReleaseMarkers(scope);
  const { times, series } = useMemo(() => {
    if (query.data === undefined) return { times: [], series: [] };
    const timeline = timelineOf(query.data, ["sum"]);
    const priced = timeline.series.filter(({ values }) => values.some((value) => value !== null && value > 0));
    return {
      times: timeline.times,
      series: priced.map(({ key, group, isRest, values }): ChartSeries => {
        const name = group["model"] ?? "unknown";
        return { key, label: isRest ? "Other models" : name === "unknown" ? "Unknown model" : name, values, ...(isRest ? { color: "chart-rest" } : {}) };
      }),
    };
  }, [query.data]);
  const points = query.data?.data ?? [];
  const n = points.reduce((sum, point) => sum + point.n, 0);
  const unpriced = points.reduce((sum, point) => sum + point.n_missing, 0);
  return (
    <ChartPanel
      title="Cost by model"
      note={`n = ${formatCount(n)} calls${unpriced > 0 ? `, ${formatCount(unpriced)} without a price` : ""}`}
      queries={[query]}
      partial={partialNote(query.data)}
      empty={
        series.length === 0
          ? unpriced > 0
            ? `${formatCount(unpriced)} calls, and none of them has a known price.`
            : "No model call in this window."
          : undefined
      }
      times={times}
      stepMs={intervalMs(scope.interval)}
      series={series}
      shape="bars"
      markers={markers}
      format={(value) => formatMetric(value, "usd")}
      formatAxis={(value) => formatAxis(value, "usd")}
      onPick={(pick) => {
        const narrowed = pick.series === undefined || pick.series === "rest" ? undefined : groupFilter(scope.filter, { model: pick.series });
        void navigate(tracesLink(narrowed ?? scope.filter, stepWindow(pick), "-cost_usd") as never);
      }}
      traces={tracesLink(scope.filter, undefined, "-cost_usd")}
      tile={{ kind: "bars", queries: [{ metric: "cost_usd", group_by: ["model"], limit: SHOWN_MODELS }], filter: scope.filter }}
      actions={
        <Link to="/cost" search={scope.filter === "" ? {} : { filter: scope.filter }} className="focus-inset rounded-sm px-1 text-xs text-ink-3 hover:text-ink">
          All of cost
        </Link>
      }
    />
  );
}
