import type { Cost, SpanKind, SpanStatus } from "@telltale/model";
import type { StoredSpan } from "../../store.ts";
import { type TokenRow, usageOf } from "./token-row.ts";
import { known, mapOf } from "./trace-rows.ts";

/** What is selected of a span without its content. */
export const spanExpressions: readonly string[] =
  `project_id, trace_id, span_id, parent_span_id, name, kind, dialect, norm_version, scope_name, scope_version, service_name,
  toUnixTimestamp64Nano(start_time) AS start_ns, toUnixTimestamp64Nano(end_time) AS end_ns, clock_skew, status, status_message, error_type, http_status,
  provider, request_model, response_model, response_id, service_tier, finish_reasons, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens,
  cache_write_1h_tokens, reasoning_tokens, input_audio_tokens, output_audio_tokens, input_image_tokens, usage_is_aggregate, usage_flaws, toFloat64(cost_usd) AS cost, cost_source,
  toFloat64(cost_reported_usd) AS cost_reported, price_version, ttft_ms, stream, session_id, user_id, environment, app_version, prompt_name, prompt_version,
  agent_name, workflow_name, tool_name, tool_call_id, labels, metadata, trace_tags, noise, truncated, counted, duplicate_of, attributes`.split(/,\s+/);

/** The same without what only a whole span shows, which `spanOf` leaves empty; see `SpanChoice.isSkeleton`. */
const ofWholeSpans = new Set(["labels", "metadata", "trace_tags", "attributes"]);
export const skeletonExpressions: readonly string[] = spanExpressions.filter((expression) => !ofWholeSpans.has(expression));

export const spanSelect = spanExpressions.join(", ");
export const skeletonSelect = skeletonExpressions.join(", ");

export interface SpanRow extends TokenRow {
  project_id: string;
  trace_id: string;
  span_id: string;
  parent_span_id: string;
  name: string;
  kind: string;
  dialect: string;
  norm_version: number;
  scope_name: string;
  scope_version: string;
  service_name: string;
  start_ns: string;
  end_ns: string;
  clock_skew: boolean;
  status: string;
  status_message: string;
  error_type: string;
  http_status: number;
  provider: string;
  request_model: string;
  response_model: string;
  response_id: string;
  service_tier: string;
  finish_reasons: string[];
  usage_is_aggregate: boolean;
  usage_flaws: number;
  cost: number | null;
  cost_source: string;
  cost_reported: number | null;
  price_version: string;
  ttft_ms: number | null;
  stream: boolean | null;
  session_id: string;
  user_id: string;
  environment: string;
  app_version: string;
  prompt_name: string;
  prompt_version: string;
  agent_name: string;
  workflow_name: string;
  tool_name: string;
  tool_call_id: string;
  labels?: string[];
  metadata?: Record<string, string>;
  trace_tags?: Record<string, string>;
  noise: boolean;
  truncated: boolean;
  counted: boolean;
  duplicate_of: string;
  attributes?: Record<string, string>;
}

export function spanOf(row: SpanRow): StoredSpan {
  return {
    projectId: row.project_id,
    traceId: row.trace_id,
    spanId: row.span_id,
    parentSpanId: row.parent_span_id,
    name: row.name,
    kind: row.kind as SpanKind, // written by us from the same union
    dialect: row.dialect,
    normVersion: row.norm_version,
    scopeName: row.scope_name,
    scopeVersion: row.scope_version,
    serviceName: row.service_name,
    startNs: BigInt(row.start_ns),
    endNs: BigInt(row.end_ns),
    clockSkew: row.clock_skew,
    status: row.status as SpanStatus, // written by us from the same union
    statusMessage: row.status_message,
    errorType: row.error_type,
    httpStatus: row.http_status === 0 ? undefined : row.http_status,
    provider: row.provider,
    requestModel: row.request_model,
    responseModel: row.response_model,
    responseId: row.response_id,
    serviceTier: row.service_tier,
    finishReasons: row.finish_reasons,
    usage: usageOf(row),
    usageIsAggregate: row.usage_is_aggregate,
    usageFlaws: row.usage_flaws,
    cost: {
      usd: known(row.cost),
      source: row.cost_source as Cost["source"], // written by us from the same union
      reportedUsd: known(row.cost_reported),
      priceVersion: row.price_version,
    },
    ttftMs: known(row.ttft_ms),
    stream: row.stream ?? undefined,
    sessionId: row.session_id,
    userId: row.user_id,
    environment: row.environment,
    appVersion: row.app_version,
    promptName: row.prompt_name,
    promptVersion: row.prompt_version,
    agentName: row.agent_name,
    workflowName: row.workflow_name,
    toolName: row.tool_name,
    toolCallId: row.tool_call_id,
    labels: row.labels ?? [],
    metadata: optionalMap(row.metadata),
    traceTags: optionalMap(row.trace_tags),
    noise: row.noise,
    truncated: row.truncated,
    counted: row.counted,
    duplicateOf: row.duplicate_of,
    attributes: optionalMap(row.attributes),
  };
}

function optionalMap(record: Record<string, string> | undefined): Map<string, string> {
  return record === undefined ? new Map() : mapOf(record);
}
