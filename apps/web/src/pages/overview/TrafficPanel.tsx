import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { timelineOf } from "../../api/metrics.ts";
import { ChartPanel } from "../../components/chart/ChartPanel.tsx";
import type { ChartSeries } from "../../components/chart/chart-data.ts";
import { addClause } from "../../filter/clauses.ts";
import { formatAxis, formatMetric } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";
import { intervalMs } from "../../time/interval.ts";
import type { Scope } from "../../url/scope.ts";
import { stepWindow, tracesLink } from "../../url/traces-link.ts";
import { partialNote } from "./partial-note.ts";
import { shiftedSeries } from "./shifted-series.ts";
import { useReleaseMarkers } from "./use-releases.ts";
import { useRequests } from "./use-requests.ts";

/** Requests per step, the failed ones on top. A click leads to the traces of the step, on the failed part to those. */
export function TrafficPanel({ scope }: { scope: Scope }) {
  const navigate = useNavigate();
  const now = useRequests(scope.now, scope.interval);
  const before = useRequests(scope.before, scope.interval, scope.isCompared);
  const markers = useReleaseMarkers(scope);
  const stepMs = intervalMs(scope.interval);
  const past = before.query.data;
  const { counts, failed, times, total } = now;
  const series = useMemo((): ChartSeries[] => {
    const passed = counts.map((count, index) => (count ?? 0) - (failed[index] ?? 0));
    const shifted = past === undefined || !scope.isCompared ? [] : shiftedSeries(timelineOf(past, ["count"]), times, stepMs, "ok");
    return [
      { key: "ok", label: "Not failed", values: passed, color: "chart-ok" },
      { key: "failed", label: "Failed", values: failed.map((count) => count ?? 0), color: "chart-error" },
      ...shifted.map((one) => ({ ...one, n: undefined, label: "All, period before" })),
    ];
  }, [counts, failed, times, past, scope.isCompared, stepMs]);
  return (
    <ChartPanel
      title="Traffic and errors"
      note={`n = ${formatCount(total?.n ?? 0)} traces, ${formatCount(total?.failed ?? 0)} failed`}
      queries={[now.query]}
      partial={partialNote(now.query.data)}
      empty={total?.n === 0 ? "No traces in this window." : undefined}
      times={times}
      stepMs={stepMs}
      series={series}
      shape="bars"
      markers={markers}
      format={(value) => formatMetric(value, "count")}
      formatAxis={(value) => formatAxis(value, "count")}
      onPick={(pick) => {
        const filter = pick.series === "failed" ? addClause(scope.filter, "status = 'ERROR'") : scope.filter;
        void navigate(tracesLink(filter, stepWindow(pick)) as never);
      }}
      traces={tracesLink(scope.filter)}
      tile={{ kind: "bars", queries: [{ metric: "trace_count", group_by: ["status"] }], filter: scope.filter }}
    />
  );
}
