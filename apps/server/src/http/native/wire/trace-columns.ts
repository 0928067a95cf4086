import type { Assessment, CsvValue, Trace } from "@telltale/model";
import { traceColumns, type TraceColumn } from "@telltale/model/api";
import { recordOf } from "./plain-values.ts";
import { formatTimestamp } from "./timestamp.ts";

type Cell = (trace: Trace, assessments: readonly Assessment[]) => CsvValue;

/** What a column of the CSV says of a trace. Unknown is an empty cell, never 0. */
export function cellOf(column: TraceColumn): Cell {
  const known = cells[column as (typeof traceColumns)[number]];
  if (known !== undefined) return known;
  const key = column.slice(column.indexOf(".") + 1);
  if (column.startsWith("tags.")) return (trace) => trace.tags.get(key);
  if (column.startsWith("metadata.")) return (trace) => trace.metadata.get(key);
  const kind = column.startsWith("feedback.") ? "feedback" : "expectation";
  return (_trace, assessments) => list(assessments.filter((each) => each.kind === kind && each.name === key && each.valid).map(valueText));
}

/** Whether the column is about assessments, which are read apart from the traces. */
export function isAboutAssessments(column: TraceColumn): boolean {
  return column === "feedback" || column.startsWith("feedback.") || column.startsWith("expectation.");
}

const cells: Record<(typeof traceColumns)[number], Cell> = {
  trace_id: (trace) => trace.traceId,
  project_id: (trace) => trace.projectId,
  name: (trace) => trace.name,
  status: (trace) => trace.status,
  status_message: (trace) => trace.statusMessage,
  start_time: (trace) => formatTimestamp(trace.startNs),
  end_time: (trace) => formatTimestamp(trace.endNs),
  duration_ms: (trace) => trace.durationMs,
  ttft_ms: (trace) => trace.ttftMs,
  input: (trace) => trace.inputPreview,
  output: (trace) => trace.outputPreview,
  user: (trace) => trace.userId,
  session: (trace) => trace.sessionId,
  service: (trace) => trace.serviceName,
  environment: (trace) => trace.environment,
  version: (trace) => trace.appVersion,
  span_count: (trace) => trace.spanCount,
  error_count: (trace) => trace.errorCount,
  llm_calls: (trace) => trace.llmCalls,
  input_tokens: (trace) => trace.tokens.input,
  output_tokens: (trace) => trace.tokens.output,
  total_tokens: (trace) => trace.tokens.total,
  cache_read_tokens: (trace) => trace.tokens.cacheRead,
  cache_write_tokens: (trace) => trace.tokens.cacheWrite,
  reasoning_tokens: (trace) => trace.tokens.reasoning,
  cost_usd: (trace) => trace.costUsd,
  unpriced_calls: (trace) => trace.unpricedCalls,
  models: (trace) => list(trace.models),
  providers: (trace) => list(trace.providers),
  tools: (trace) => list(trace.tools),
  failed_tools: (trace) => list(trace.failedTools),
  agents: (trace) => list(trace.agents),
  prompts: (trace) => list(trace.prompts),
  labels: (trace) => list(trace.labels),
  feedback: (_trace, assessments) =>
    list(assessments.filter((each) => each.kind === "feedback" && each.valid).map((each) => `${each.name}: ${valueText(each)}`)),
  tags: (trace) => json(trace.tags),
  metadata: (trace) => json(trace.metadata),
};

function list(values: readonly string[]): string {
  return values.join("; ");
}

function json(values: ReadonlyMap<string, string>): string {
  return values.size === 0 ? "" : JSON.stringify(recordOf(values));
}

function valueText({ valueJson, error }: Assessment): string {
  if (valueJson === undefined) return error === undefined ? "" : `error ${error.code}`;
  const value: unknown = JSON.parse(valueJson);
  return typeof value === "string" ? value : valueJson;
}
