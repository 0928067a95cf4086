import type { SpanDetail, SpanSkeleton } from "@telltale/model/api";

const emptyUsage: SpanSkeleton["usage"] = {
  input_tokens: null,
  output_tokens: null,
  cache_read_tokens: null,
  cache_write_tokens: null,
  cache_write_1h_tokens: null,
  reasoning_tokens: null,
  input_audio_tokens: null,
  output_audio_tokens: null,
  input_image_tokens: null,
};

/** RFC 3339 with nanoseconds. */
export function timestamp(ms: number): string {
  const whole = Math.floor(ms);
  return `${new Date(whole).toISOString().slice(0, 23)}${String(Math.round((ms - whole) * 1e6)).padStart(6, "0")}Z`;
}

/** A whole span; what a test does not care about is empty as the API says it (null, not 0). */
export function makeSpan(
  facts: { trace_id: string; span_id: string; name: string; kind: string; startMs: number; durationMs: number } & Partial<Omit<SpanDetail, "usage">> & {
      usage?: Partial<SpanDetail["usage"]>;
    },
): SpanDetail {
  const { startMs, durationMs, usage, ...rest } = facts;
  return {
    project_id: "0",
    parent_span_id: null,
    dialect: "otel-genai",
    service: "support-bot",
    scope: { name: "openinference.instrumentation.openai", version: "0.1.30" },
    start_time: timestamp(startMs),
    end_time: timestamp(startMs + durationMs),
    duration_ms: durationMs,
    clock_skew: false,
    status: "ok",
    status_message: null,
    error_type: null,
    http_status: null,
    provider: null,
    model: null,
    request_model: null,
    response_model: null,
    response_id: null,
    service_tier: null,
    finish_reasons: [],
    usage: { ...emptyUsage, ...usage },
    usage_is_aggregate: false,
    cost_usd: null,
    cost_source: "none",
    cost_reported_usd: null,
    price_version: null,
    ttft_ms: null,
    stream: null,
    session: null,
    user: null,
    agent_name: null,
    workflow_name: null,
    tool_name: null,
    tool_call_id: null,
    prompt: null,
    counted: true,
    duplicate_of: null,
    noise: false,
    truncated: false,
    inputs: null,
    outputs: null,
    input_messages: [],
    output_messages: [],
    system_instructions: null,
    tool_definitions: [],
    tool_arguments: null,
    tool_result: null,
    documents: [],
    retrieval_query: null,
    embeddings: null,
    params: {},
    prompt_template: null,
    prompt_variables: {},
    scores: [],
    handoff_to: null,
    attributes: {},
    raw_attributes: {},
    resource: {
      "service.name": "support-bot",
      "service.version": "2.14.0",
      "telemetry.sdk.language": "python",
      "telemetry.sdk.version": "1.38.0",
      "deployment.environment.name": "production",
    },
    events: [],
    links: [],
    logs: [],
    ...rest,
  };
}

const CONTENT_FIELDS = [
  "trace_id",
  "project_id",
  "inputs",
  "outputs",
  "input_messages",
  "output_messages",
  "system_instructions",
  "tool_definitions",
  "tool_arguments",
  "tool_result",
  "documents",
  "retrieval_query",
  "embeddings",
  "params",
  "prompt_template",
  "prompt_variables",
  "scores",
  "handoff_to",
  "attributes",
  "raw_attributes",
  "resource",
  "events",
  "links",
  "logs",
] as const;

/** The span as the tree needs it. */
export function skeletonOf(span: SpanDetail): SpanSkeleton {
  const copy: Record<string, unknown> = { ...span };
  for (const field of CONTENT_FIELDS) delete copy[field];
  return copy as SpanSkeleton;
}
