import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { CostPattern } from "@telltale/model/api";
import { costPatternsQuery } from "../../api/cost.ts";
import { Panel } from "../../components/Panel.tsx";
import { formatMetric, formatShare } from "../../format/metric.ts";
import { formatCount, plural } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";

const EXAMPLES = 3;

/** What was wasted, against what that is counted, and where. */
export function PatternsPanel({ scope }: { scope: Scope }) {
  const query = useQuery(costPatternsQuery(scope.now));
  const { data } = query;
  return (
    <Panel
      title="What was wasted"
      note={data === undefined ? undefined : examinedText(data.examined)}
      queries={[query]}
      partial={data?.partial === true ? "Newest part only: the query reached its limit" : undefined}
      empty={
        data !== undefined && data.patterns.length === 0
          ? data.examined.traces === 0
            ? "No trace with a known cost in this window."
            : "No useless retry, loop, growing context, missed cache or oversized output in the traces that cost most."
          : undefined
      }
      minHeight={200}
      table={() => ({
        header: ["Pattern", "Wasted USD", "Traces", "Occurrences", "Counted against"],
        rows: (data?.patterns ?? []).map((pattern) => [pattern.title, pattern.wasted_usd, pattern.traces, pattern.occurrences, pattern.counterfactual]),
      })}
    >
      <ul className="pb-2">
        {(data?.patterns ?? []).map((pattern) => (
          <PatternItem key={pattern.pattern} pattern={pattern} />
        ))}
      </ul>
    </Panel>
  );
}

function PatternItem({ pattern }: { pattern: CostPattern }) {
  return (
    <li className="grid grid-cols-[minmax(0,1fr)] gap-x-6 gap-y-2 border-t border-line/60 px-4 py-3 first:border-0 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)]">
      <div className="min-w-0">
        <div className="flex items-baseline gap-3">
          <h3 className="text-sm font-medium">{pattern.title}</h3>
          <span className="num ml-auto text-md font-semibold">{pattern.wasted_usd === null ? "cost unknown" : formatMetric(pattern.wasted_usd, "usd")}</span>
        </div>
        <p className="num text-xs text-ink-3">
          {plural(pattern.occurrences, "time")} in {plural(pattern.traces, "trace")}
        </p>
        <p className="mt-1 text-xs text-pretty text-ink-2">{pattern.counterfactual}</p>
      </div>
      <ul aria-label={`${pattern.title}: examples`} className="min-w-0 self-center">
        {pattern.examples.slice(0, EXAMPLES).map((example) => (
          <li key={`${example.trace_id}/${example.span_id}`}>
            <Link
              to="/traces/$traceId"
              params={{ traceId: example.trace_id }}
              search={{ span: example.span_id } as never}
              className="focus-inset flex min-h-[28px] items-center gap-3 rounded-md px-2 hover:bg-hover"
            >
              <span className="max-w-40 shrink-0 truncate font-medium">{example.name === "" ? example.trace_id.slice(0, 8) : example.name}</span>
              <span className="min-w-0 grow truncate text-xs text-ink-2" title={example.detail}>
                {example.detail}
              </span>
              <span className="num shrink-0 text-xs">{example.wasted_usd === null ? "–" : formatMetric(example.wasted_usd, "usd")}</span>
            </Link>
          </li>
        ))}
      </ul>
    </li>
  );
}

function examinedText(examined: { traces: number; cost_usd: number | null; window_traces: number; window_cost_usd: number | null }): string {
  const of = `${formatCount(examined.traces)} of ${plural(examined.window_traces, "trace")} looked at`;
  if (examined.cost_usd === null || examined.window_cost_usd === null || examined.window_cost_usd === 0) return of;
  return `${of}, with ${formatShare(Math.min(1, examined.cost_usd / examined.window_cost_usd))} of the money`;
}
