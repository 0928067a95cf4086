import type { Trace, TraceStatus } from "@telltale/model";
import { decodeTraceInfo } from "../trace-info.ts";
import { traceRowFields } from "../trace-rows-table.ts";

/** Select list of a current row of `trace_rows`. */
export const traceRowSelect = "row, version";

/** A row of `traceRowSelect` as the engine answers it. */
export interface StoredTraceRow {
  row: string;
  version: string;
}

/** What `trace_rows.row` holds, in the order of `traceRowFields`. */
export interface TraceRow {
  project_id: string;
  trace_id: string;
  name: string;
  status: string;
  status_message: string;
  start_ns: string;
  end_ns: string;
  duration_ms: number;
  root_span_id: string;
  service_name: string;
  environment: string;
  app_version: string;
  session_id: string;
  user_id: string;
  client_request_id: string;
  input_preview: string;
  output_preview: string;
  span_count: number;
  error_count: number;
  llm_calls: number;
  unpriced_calls: number;
  input_tokens: number | null;
  output_tokens: number | null;
  total_tokens: number | null;
  cache_read_tokens: number | null;
  cache_write_tokens: number | null;
  reasoning_tokens: number | null;
  cost: number | null;
  ttft_ms: number | null;
  models: string[];
  providers: string[];
  tools: string[];
  failed_tools: string[];
  agents: string[];
  services: string[];
  prompts: string[];
  run_ids: string[];
  labels: string[];
  tags: Record<string, string>;
  metadata: Record<string, string>;
  complete: boolean;
  truncated: boolean;
  info: string;
}

export function traceOf(stored: StoredTraceRow): Trace {
  const row = parseRow(stored.row);
  return {
    projectId: row.project_id,
    traceId: row.trace_id,
    name: row.name,
    status: row.status as TraceStatus, // written by us from the same union
    statusMessage: row.status_message,
    startNs: BigInt(row.start_ns),
    endNs: BigInt(row.end_ns),
    durationMs: row.duration_ms,
    rootSpanId: row.root_span_id,
    serviceName: row.service_name,
    environment: row.environment,
    appVersion: row.app_version,
    sessionId: row.session_id,
    userId: row.user_id,
    clientRequestId: row.client_request_id,
    inputPreview: row.input_preview,
    outputPreview: row.output_preview,
    spanCount: row.span_count,
    errorCount: row.error_count,
    llmCalls: row.llm_calls,
    unpricedCalls: row.unpriced_calls,
    tokens: {
      input: known(row.input_tokens),
      output: known(row.output_tokens),
      total: known(row.total_tokens),
      cacheRead: known(row.cache_read_tokens),
      cacheWrite: known(row.cache_write_tokens),
      reasoning: known(row.reasoning_tokens),
    },
    costUsd: known(row.cost),
    ttftMs: known(row.ttft_ms),
    models: row.models,
    providers: row.providers,
    tools: row.tools,
    failedTools: row.failed_tools,
    agents: row.agents,
    services: row.services,
    prompts: row.prompts,
    runIds: row.run_ids,
    labels: row.labels,
    tags: mapOf(row.tags),
    metadata: mapOf(row.metadata),
    complete: row.complete,
    truncated: row.truncated,
    updatedNs: BigInt(stored.version),
    info: decodeTraceInfo(row.info),
  };
}

function parseRow(json: string): TraceRow {
  const values = JSON.parse(json) as unknown[];
  return Object.fromEntries(traceRowFields.map(([name], index) => [name, values[index]])) as unknown as TraceRow; // written by the engine from the same list
}

/** NULL is "not known", which is never 0. */
export function known(value: string | number | null): number | undefined {
  return value === null ? undefined : Number(value);
}

/** Keys are outside data (`__proto__` is a legal one): own entries only, into a Map. */
export function mapOf(record: Record<string, string>): Map<string, string> {
  return new Map(Object.entries(record));
}
