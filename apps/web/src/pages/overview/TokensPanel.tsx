import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { metricsQuery, timelineOf } from "../../api/metrics.ts";
import { ChartPanel } from "../../components/chart/ChartPanel.tsx";
import { formatAxis, formatMetric } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";
import { intervalMs } from "../../time/interval.ts";
import type { Scope } from "../../url/scope.ts";
import { stepWindow, tracesLink } from "../../url/traces-link.ts";
import { partialNote } from "./partial-note.ts";
import { tokenClasses } from "./token-classes.ts";

/** Tokens per step, by class: input apart from its cached part, output apart from its reasoning. */
export function TokensPanel({ scope }: { scope: Scope }) {
  const navigate = useNavigate();
  const ask = { ...scope.now, interval: scope.interval };
  const input = useQuery(metricsQuery({ ...ask, metric: "input_tokens" }));
  const cached = useQuery(metricsQuery({ ...ask, metric: "cached_tokens" }));
  const output = useQuery(metricsQuery({ ...ask, metric: "output_tokens" }));
  const reasoning = useQuery(metricsQuery({ ...ask, metric: "reasoning_tokens" }));
  const { times, series } = useMemo(() => {
    if (input.data === undefined || output.data === undefined || cached.data === undefined || reasoning.data === undefined) return { times: [], series: [] };
    const values = (answer: typeof input.data): readonly (number | null)[] => timelineOf(answer, ["sum"]).series[0]?.values ?? [];
    return {
      times: timelineOf(input.data, ["sum"]).times,
      series: tokenClasses({ input: values(input.data), cached: values(cached.data), output: values(output.data), reasoning: values(reasoning.data) }),
    };
  }, [input.data, cached.data, output.data, reasoning.data]);
  const n = input.data?.data.reduce((sum, point) => sum + point.n, 0) ?? 0;
  return (
    <ChartPanel
      title="Tokens by class"
      note={`n = ${formatCount(n)} traces with token counts`}
      queries={[input, cached, output, reasoning]}
      partial={partialNote(input.data)}
      empty={series.length === 0 ? "No token counts in this window." : undefined}
      times={times}
      stepMs={intervalMs(scope.interval)}
      series={series}
      shape="bars"
      format={(value) => formatMetric(value, "tokens")}
      formatAxis={(value) => formatAxis(value, "tokens")}
      onPick={(pick) => void navigate(tracesLink(scope.filter, stepWindow(pick), "-tokens.total") as never)}
      traces={tracesLink(scope.filter, undefined, "-tokens.total")}
      tile={{
        kind: "bars",
        queries: [
          { metric: "input_tokens", label: "Input" },
          { metric: "output_tokens", label: "Output" },
        ],
        filter: scope.filter,
      }}
    />
  );
}
