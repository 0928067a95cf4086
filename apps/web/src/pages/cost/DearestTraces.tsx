import { useQuery } from "@tanstack/react-query";
import type { DearTrace } from "@telltale/model/api";
import type { LinkProps } from "@tanstack/react-router";
import { costPatternsQuery } from "../../api/cost.ts";
import { Cost } from "../../components/Cost.tsx";
import { DataTable, type DataColumn } from "../../components/table/DataTable.tsx";
import { Time } from "../../components/Time.tsx";
import { formatMetric } from "../../format/metric.ts";
import { formatCount } from "../../format/number.ts";
import type { Scope } from "../../url/scope.ts";

/** The dearest traces, each with why. */
export function DearestTraces({ scope }: { scope: Scope }) {
  const query = useQuery(costPatternsQuery(scope.now));
  return (
    <DataTable
      label="Dearest traces"
      columns={columns}
      rows={query.data?.dearest}
      rowKey={(trace) => `${trace.project_id}/${trace.trace_id}`}
      rowLink={(trace) => ({ to: "/traces/$traceId", params: { traceId: trace.trace_id } }) as LinkProps}
      initialSort={{ id: "cost", desc: true }}
      error={query.error}
      onRetry={() => void query.refetch()}
      empty="No trace with a known cost in this window."
      height={420}
      storageKey="dearest-traces"
      toolbar={<h2 className="text-sm font-semibold text-ink">Dearest traces</h2>}
    />
  );
}

const columns: DataColumn<DearTrace>[] = [
  { id: "name", header: "Trace", value: (trace) => trace.name || trace.trace_id, minWidth: 160 },
  {
    id: "cost",
    header: "Cost",
    value: (trace) => trace.cost_usd,
    cell: (trace) => <Cost usd={trace.cost_usd} unpriced={trace.unpriced_calls} hasCalls />,
    align: "right",
    width: 100,
  },
  { id: "why", header: "Why", value: (trace) => reasonText(trace), cell: (trace) => <Reasons trace={trace} />, minWidth: 320, isSortable: false },
  { id: "calls", header: "Calls", value: (trace) => trace.llm_calls, cell: (trace) => formatCount(trace.llm_calls), align: "right", width: 76 },
  {
    id: "input",
    header: "Input",
    value: (trace) => trace.input_tokens,
    cell: (trace) => formatMetric(trace.input_tokens, "tokens"),
    align: "right",
    width: 92,
  },
  {
    id: "output",
    header: "Output",
    value: (trace) => trace.output_tokens,
    cell: (trace) => formatMetric(trace.output_tokens, "tokens"),
    align: "right",
    width: 92,
  },
  { id: "user", header: "User", value: (trace) => trace.user, width: 140, isHidden: true },
  { id: "session", header: "Session", value: (trace) => trace.session, width: 160, isHidden: true },
  {
    id: "time",
    header: "Started",
    value: (trace) => trace.start_time,
    cell: (trace) => <Time value={trace.start_time} relative={false} toMinute />,
    width: 132,
  },
];

function Reasons({ trace }: { trace: DearTrace }) {
  if (trace.reasons.length === 0) return <span className="text-ink-3">nothing repeated or grown</span>;
  return <span title={reasonText(trace)}>{reasonText(trace)}</span>;
}

function reasonText(trace: DearTrace): string {
  return trace.reasons.map((reason) => `${reason.detail}${reason.wasted_usd === null ? "" : ` (${formatMetric(reason.wasted_usd, "usd")})`}`).join("; ");
}
