import type { TraceColumn, TraceSummary } from "@telltale/model/api";
import type { ReactNode } from "react";
import { Cost } from "../../components/Cost.tsx";
import { Time } from "../../components/Time.tsx";
import { formatCompact, formatCount, formatDuration } from "../../format/number.ts";
import { FeedbackChips } from "../../components/FeedbackChips.tsx";

/** What cells know besides their trace. */
export interface CellContext {
  relativeTimes: boolean;
  /** Longest duration of the rows loaded: the scale of the bars. */
  maxDurationMs: number;
  oneLine: boolean;
}

export interface Column {
  id: string;
  label: string;
  width: number;
  minWidth: number;
  /** Takes what room is left. */
  grows?: boolean;
  align?: "right";
  /** Key of `order_by`. */
  sort?: string;
  /** Shown until the reader chooses. */
  shown: boolean;
  /** What it is in a CSV of the server. */
  csv: readonly TraceColumn[];
  cell: (trace: TraceSummary, context: CellContext) => ReactNode;
}

const none = <span className="text-ink-faint">–</span>;
const textCell = (value: string | null) => (value === null ? none : <span title={value}>{value}</span>);

/** Every column there is, in the order shown; add one by adding an entry. */
export const columns: readonly Column[] = [
  {
    id: "input",
    label: "Input",
    width: 300,
    minWidth: 200,
    grows: true,
    shown: true,
    csv: ["input"],
    cell: (trace, context) => <Preview text={trace.input_preview} oneLine={context.oneLine} />,
  },
  {
    id: "output",
    label: "Output",
    width: 260,
    minWidth: 120,
    shown: false,
    csv: ["output"],
    cell: (trace, context) => (
      <Preview text={trace.status === "error" && trace.output_preview === "" ? (trace.status_message ?? "") : trace.output_preview} oneLine={context.oneLine} />
    ),
  },
  {
    id: "start",
    label: "Start",
    width: 92,
    minWidth: 76,
    sort: "timestamp_ms",
    shown: true,
    csv: ["start_time"],
    cell: (trace, context) => <Time value={trace.start_time} relative={context.relativeTimes} className="num text-ink-2" />,
  },
  {
    id: "duration",
    label: "Duration",
    width: 112,
    minWidth: 84,
    sort: "duration_ms",
    shown: true,
    csv: ["duration_ms"],
    cell: (trace, context) => <DurationBar trace={trace} maxMs={context.maxDurationMs} />,
  },
  {
    id: "tokens",
    label: "Tokens",
    width: 68,
    minWidth: 60,
    align: "right",
    sort: "tokens.total",
    shown: true,
    csv: ["total_tokens"],
    cell: (trace) =>
      trace.tokens.total === null ? (
        none
      ) : (
        <span title={`${formatCount(trace.tokens.input ?? 0)} in, ${formatCount(trace.tokens.output ?? 0)} out`}>{formatCompact(trace.tokens.total)}</span>
      ),
  },
  {
    id: "cost",
    label: "Cost",
    width: 84,
    minWidth: 66,
    align: "right",
    sort: "cost_usd",
    shown: true,
    csv: ["cost_usd", "unpriced_calls"],
    cell: (trace) => <Cost usd={trace.cost_usd} unpriced={trace.unpriced_calls} hasCalls={trace.llm_calls > 0} />,
  },
  { id: "model", label: "Model", width: 140, minWidth: 80, shown: true, csv: ["models"], cell: (trace) => <List values={trace.models} /> },
  {
    id: "feedback",
    label: "Feedback",
    width: 138,
    minWidth: 90,
    shown: true,
    csv: ["feedback"],
    cell: (trace) => <FeedbackChips assessments={trace.assessments} />,
  },
  { id: "user", label: "User", width: 112, minWidth: 70, shown: false, csv: ["user"], cell: (trace) => textCell(trace.user) },
  { id: "session", label: "Session", width: 112, minWidth: 70, shown: false, csv: ["session"], cell: (trace) => textCell(trace.session) },
  {
    id: "environment",
    label: "Environment",
    width: 140,
    minWidth: 80,
    shown: false,
    csv: ["environment", "version"],
    cell: (trace) =>
      trace.environment === null && trace.version === null ? (
        none
      ) : (
        <span>{[trace.environment, trace.version].filter((part) => part !== null).join(" · ")}</span>
      ),
  },
  { id: "service", label: "Service", width: 120, minWidth: 70, shown: false, csv: ["service"], cell: (trace) => textCell(trace.service) },
  { id: "tools", label: "Tools", width: 160, minWidth: 80, shown: false, csv: ["tools"], cell: (trace) => <List values={trace.tools} /> },
  {
    id: "ttft",
    label: "First token",
    width: 94,
    minWidth: 70,
    align: "right",
    sort: "ttft_ms",
    shown: false,
    csv: ["ttft_ms"],
    cell: (trace) => (trace.ttft_ms === null ? none : formatDuration(trace.ttft_ms)),
  },
  {
    id: "spans",
    label: "Spans",
    width: 70,
    minWidth: 56,
    align: "right",
    sort: "span_count",
    shown: false,
    csv: ["span_count"],
    cell: (trace) => formatCount(trace.span_count),
  },
  {
    id: "errors",
    label: "Errors",
    width: 70,
    minWidth: 56,
    align: "right",
    sort: "error_count",
    shown: false,
    csv: ["error_count"],
    cell: (trace) => (trace.error_count === 0 ? none : <span className="font-medium text-error">{formatCount(trace.error_count)}</span>),
  },
  {
    id: "tags",
    label: "Tags",
    width: 180,
    minWidth: 90,
    shown: false,
    csv: ["tags"],
    cell: (trace) => (
      <List
        values={Object.entries(trace.tags)
          .filter(([key]) => !key.startsWith("mlflow."))
          .map(([key, value]) => `${key}: ${value}`)}
      />
    ),
  },
];

function Preview({ text, oneLine }: { text: string; oneLine: boolean }) {
  if (text === "") return none;
  return <span className={oneLine ? "block truncate text-ink-2" : "line-clamp-2 whitespace-normal text-ink-2"}>{text}</span>;
}

function List({ values }: { values: readonly string[] }) {
  const [first] = values;
  if (first === undefined) return none;
  return (
    <span title={values.join(", ")} className="flex items-center gap-1">
      <span className="truncate">{first}</span>
      {values.length > 1 ? <span className="num shrink-0 rounded-sm bg-hover px-1 text-2xs text-ink-3">+{values.length - 1}</span> : null}
    </span>
  );
}

/** Logarithmic: a batch of an hour must not flatten the second-long requests beside it. */
function DurationBar({ trace, maxMs }: { trace: TraceSummary; maxMs: number }) {
  if (trace.status === "in_progress") return <span className="text-busy">running</span>;
  const share = Math.log1p(trace.duration_ms) / Math.log1p(Math.max(maxMs, 1));
  return (
    <span className="flex w-full items-center gap-2">
      <span className="num w-14 shrink-0 text-right">{formatDuration(trace.duration_ms)}</span>
      <span aria-hidden className="h-1 min-w-4 grow overflow-hidden rounded-full bg-hover">
        <span className="block h-full rounded-full bg-accent-line" style={{ width: `${Math.max(4, share * 100)}%` }} />
      </span>
    </span>
  );
}
