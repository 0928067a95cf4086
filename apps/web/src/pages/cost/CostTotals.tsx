import type { UseQueryResult } from "@tanstack/react-query";
import type { CostSummary } from "@telltale/model/api";
import { changeOf } from "../../api/metrics.ts";
import { StatStrip, StatTile } from "../../components/StatTile.tsx";
import { formatMetric, formatShare } from "../../format/metric.ts";
import { formatCount, plural } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";
import { tracesLink } from "../../url/traces-link.ts";

const usd = (value: number | null): string => (value === null ? "unknown" : formatMetric(value, "usd"));

/** The figures of the window, against the window before. */
export function CostTotals({ summary, scope }: { summary: UseQueryResult<CostSummary>; scope: Scope }) {
  const { data, isPending, error } = summary;
  const state = { isPending, error: data === undefined ? error : null };
  const isNothing = data !== undefined && data.calls.count === 0;
  return (
    <StatStrip label="Totals" isPlain>
      <StatTile
        label="Cost"
        value={data === undefined ? "" : isNothing ? "$0" : `${data.calls.unpriced > 0 && data.total.cost_usd !== null ? "≥ " : ""}${usd(data.total.cost_usd)}`}
        delta={data && { change: changeOf(data.total.cost_usd, data.previous.cost_usd), goodWhen: "down", before: usd(data.previous.cost_usd) }}
        n={data && `n = ${plural(data.total.priced_traces, "trace")} with a known cost`}
        link={tracesLink(scope.filter, undefined, "-cost_usd")}
        {...state}
      />
      <StatTile
        label="Cost per trace"
        value={data === undefined ? "" : formatMetric(data.total.cost_per_trace_usd, "usd")}
        delta={
          data && {
            change: changeOf(data.total.cost_per_trace_usd, data.previous.cost_per_trace_usd),
            goodWhen: "down",
            before: usd(data.previous.cost_per_trace_usd),
          }
        }
        n={data && `of ${plural(data.total.traces, "trace")}`}
        {...state}
      />
      <StatTile
        label="Input tokens"
        value={data === undefined ? "" : formatMetric(data.calls.input_tokens, "tokens")}
        n={data && `n = ${plural(data.calls.count, "call")}`}
        {...state}
      />
      <StatTile
        label="Output tokens"
        value={data === undefined ? "" : formatMetric(data.calls.output_tokens, "tokens")}
        n={data && "reasoning included"}
        {...state}
      />
      <StatTile
        label="Cache hit rate"
        value={data === undefined ? "" : data.calls.cache_hit_rate === null ? "–" : formatShare(data.calls.cache_hit_rate)}
        n={data && "of input tokens"}
        {...state}
      />
      <StatTile
        label="Unpriced calls"
        value={data === undefined ? "" : data.calls.count === 0 ? "–" : formatShare(data.calls.unpriced / data.calls.count)}
        n={data && `${formatCount(data.calls.unpriced)} of ${plural(data.calls.count, "call")}`}
        {...state}
      />
    </StatStrip>
  );
}
