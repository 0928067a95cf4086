import type { Trace, TraceStatus } from "@telltale/model";
import { decodeTraceInfo } from "../trace-info.ts";

/** Select list of a whole trace. Aliases differ from columns, so that conditions always mean the column. */
export const traceSelect = `project_id, trace_id, name, status, status_message, toUnixTimestamp64Nano(start_time) AS start_ns, toUnixTimestamp64Nano(end_time) AS end_ns,
  duration_ms, root_span_id, service_name, environment, app_version, session_id, user_id, client_request_id, input_preview, output_preview,
  span_count, error_count, llm_calls, unpriced_calls, input_tokens, output_tokens, total_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
  toFloat64(cost_usd) AS cost, ttft_ms, models, providers, tools, failed_tools, agents, services, prompts, run_ids, labels, tags, metadata,
  complete, truncated, info, version`;

/** One row of `traceSelect` as the engine answers it: 64-bit integers are texts. */
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
  input_tokens: string | null;
  output_tokens: string | null;
  total_tokens: string | null;
  cache_read_tokens: string | null;
  cache_write_tokens: string | null;
  reasoning_tokens: string | null;
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
  version: string;
}

export function traceOf(row: TraceRow): Trace {
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
    updatedNs: BigInt(row.version),
    info: decodeTraceInfo(row.info),
  };
}

/** NULL is "not known", which is never 0. */
export function known(value: string | number | null): number | undefined {
  return value === null ? undefined : Number(value);
}

/** Keys are outside data (`__proto__` is a legal one): own entries only, into a Map. */
export function mapOf(record: Record<string, string>): Map<string, string> {
  return new Map(Object.entries(record));
}
