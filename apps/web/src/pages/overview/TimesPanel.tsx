import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { MetricName } from "@telltale/model/api";
import { useMemo } from "react";
import { metricsQuery, timelineOf } from "../../api/metrics.ts";
import { ChartPanel } from "../../components/chart/ChartPanel.tsx";
import type { ChartSeries } from "../../components/chart/chart-data.ts";
import { DURATION_STEPS, formatAxis, formatMetric } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";
import { intervalMs } from "../../time/interval.ts";
import type { Scope } from "../../url/scope.ts";
import { stepWindow, tracesLink } from "../../url/traces-link.ts";
import { partialNote } from "./partial-note.ts";
import { timeAggregations } from "./time-aggregations.ts";
import { shiftedSeries } from "./shifted-series.ts";
import { useReleaseMarkers } from "./use-releases.ts";

export function LatencyPanel({ scope }: { scope: Scope }) {
  return <TimesPanel scope={scope} title="Latency" metric="latency_ms" field="duration_ms" of="traces" empty="No traces in this window." />;
}

export function TtftPanel({ scope }: { scope: Scope }) {
  return (
    <TimesPanel
      scope={scope}
      title="Time to first token"
      metric="ttft_ms"
      field="ttft_ms"
      of="traces"
      empty="No streamed call in this window. The time to the first token is known of calls that stream, when their SDK reports it."
    />
  );
}

interface TimesPanelProps {
  scope: Scope;
  title: string;
  metric: MetricName;
  field: "duration_ms" | "ttft_ms";
  of: string;
  empty: string;
}

/** Percentiles over time. A click leads to the traces of the step, slowest first. */
function TimesPanel({ scope, title, metric, field, of, empty }: TimesPanelProps) {
  const navigate = useNavigate();
  const aggregations = [...timeAggregations];
  const now = useQuery(metricsQuery({ ...scope.now, metric, aggregations, interval: scope.interval }));
  const before = useQuery({ ...metricsQuery({ ...scope.before, metric, aggregations, interval: scope.interval }), enabled: scope.isCompared });
  const markers = useReleaseMarkers(scope);
  const stepMs = intervalMs(scope.interval);
  const { times, series } = useMemo(() => {
    if (now.data === undefined) return { times: [], series: [] };
    const timeline = timelineOf(now.data, timeAggregations);
    const lines: ChartSeries[] = timeline.series.map(({ key, values, n }) => ({ key, label: key, values, n }));
    const past = before.data === undefined || !scope.isCompared ? [] : shiftedSeries(timelineOf(before.data, ["p95"]), timeline.times, stepMs, "p95");
    return { times: timeline.times, series: [...lines, ...past] };
  }, [now.data, before.data, scope.isCompared, stepMs]);
  const n = now.data?.data.reduce((sum, point) => sum + point.n, 0) ?? 0;
  return (
    <ChartPanel
      title={title}
      note={`n = ${formatCount(n)} ${of}`}
      queries={[now]}
      partial={partialNote(now.data)}
      empty={n === 0 ? empty : undefined}
      times={times}
      stepMs={stepMs}
      series={series}
      markers={markers}
      format={(value) => formatMetric(value, "ms")}
      formatAxis={(value) => formatAxis(value, "ms")}
      axisSteps={DURATION_STEPS}
      onPick={(pick) => void navigate(tracesLink(scope.filter, stepWindow(pick), `-${field}`) as never)}
      traces={tracesLink(scope.filter, undefined, `-${field}`)}
      tile={{ kind: "line", queries: [{ metric, aggregations }], filter: scope.filter }}
    />
  );
}
