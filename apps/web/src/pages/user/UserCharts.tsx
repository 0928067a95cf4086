import type { UseQueryResult } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { MetricsAnswer, UserDetail } from "@telltale/model/api";
import { useMemo } from "react";
import { timelineOf } from "../../api/metrics.ts";
import { ChartPanel } from "../../components/chart/ChartPanel.tsx";
import type { ChartSeries } from "../../components/chart/chart-data.ts";
import type { ChartPick } from "../../components/chart/TimeChart.tsx";
import { quoteValue } from "../../filter/clauses.ts";
import { formatAxis, formatMetric } from "../../format/metric.ts";
import { tracesLink } from "../../url/traces-link.ts";

/** How it went over the window. A click on a step opens its traces. */
export function UserCharts({ userId, detail }: { userId: string; detail: UseQueryResult<UserDetail> }) {
  const navigate = useNavigate();
  const filter = `user = ${quoteValue(userId)}`;
  const series = detail.data?.series;
  const traces = useMemo(() => drawing(series?.traces, [["count", "Traces", "chart-1"]]), [series]);
  const latency = useMemo(() => drawing(series?.latency_ms, [["p50", "p50", "chart-1"], ["p95", "p95", "chart-3"]]), [series]); // prettier-ignore
  const cost = useMemo(() => drawing(series?.cost_usd, [["sum", "Cost", "chart-2"]]), [series]);
  const open = ({ fromMs, toMs }: ChartPick): void => {
    void navigate(tracesLink(filter, { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() }) as never);
  };
  const common = { queries: [detail], onPick: open, traces: tracesLink(filter), height: 150 };
  return (
    <div className="grid border-b border-line lg:grid-cols-3">
      <ChartPanel
        title="Traces"
        shape="bars"
        format={(value) => formatMetric(value, "count")}
        formatAxis={(value) => formatAxis(value, "count")}
        {...traces}
        {...common}
        className="lg:border-r lg:border-line"
      />
      <ChartPanel
        title="Latency"
        format={(value) => formatMetric(value, "ms")}
        formatAxis={(value) => formatAxis(value, "ms")}
        {...latency}
        {...common}
        className="lg:border-r lg:border-line"
      />
      <ChartPanel
        title="Cost"
        shape="bars"
        format={(value) => formatMetric(value, "usd")}
        formatAxis={(value) => formatAxis(value, "usd")}
        {...cost}
        {...common}
      />
    </div>
  );
}

type Aggregation = "count" | "sum" | "p50" | "p95";

function drawing(
  answer: MetricsAnswer | undefined,
  lines: readonly (readonly [Aggregation, string, string])[],
): { times: number[]; stepMs: number; series: ChartSeries[] } {
  if (answer === undefined) return { times: [], stepMs: 3_600_000, series: [] };
  const { times, series } = timelineOf(
    answer,
    lines.map(([aggregation]) => aggregation),
  );
  const [first = 0, second = first + 3_600_000] = times;
  return {
    times,
    stepMs: second - first,
    series: lines.flatMap(([aggregation, label, color]) => {
      const line = series.find((each) => each.aggregation === aggregation);
      return line === undefined ? [] : [{ key: aggregation, label, color, values: line.values, n: line.n }];
    }),
  };
}
