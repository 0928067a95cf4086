import type { SpanSkeleton } from "./traces.ts";

type Usage = SpanSkeleton["usage"];
/** Always there; everything else is left out at its default (`null`, `false`, `[]`, counted `true`, cost_source `none`). */
type Kept = "span_id" | "name" | "kind" | "dialect" | "scope" | "start_time" | "end_time" | "duration_ms" | "status";

/** A skeleton of `GET /traces/{id}?compact=true`: less than half the size, which counts with 50,000 spans. */
export type CompactSkeleton = Pick<SpanSkeleton, Kept> & Partial<Omit<SpanSkeleton, Kept | "usage">> & { usage?: Partial<Usage> };

const noUsage: Usage = Object.freeze(usageOf({}));
const noReasons: string[] = [];

/** The whole skeleton. Written out, so that every span has the same shape: a spread is thirty times slower here (measured). */
export function expandSkeleton(span: CompactSkeleton): SpanSkeleton {
  return {
    span_id: span.span_id,
    parent_span_id: span.parent_span_id ?? null,
    name: span.name,
    kind: span.kind,
    dialect: span.dialect,
    service: span.service ?? null,
    scope: span.scope,
    start_time: span.start_time,
    end_time: span.end_time,
    duration_ms: span.duration_ms,
    clock_skew: span.clock_skew ?? false,
    status: span.status,
    status_message: span.status_message ?? null,
    error_type: span.error_type ?? null,
    http_status: span.http_status ?? null,
    provider: span.provider ?? null,
    model: span.model ?? null,
    request_model: span.request_model ?? null,
    response_model: span.response_model ?? null,
    response_id: span.response_id ?? null,
    service_tier: span.service_tier ?? null,
    finish_reasons: span.finish_reasons ?? noReasons,
    usage: span.usage === undefined ? noUsage : usageOf(span.usage),
    usage_is_aggregate: span.usage_is_aggregate ?? false,
    cost_usd: span.cost_usd ?? null,
    cost_source: span.cost_source ?? "none",
    cost_reported_usd: span.cost_reported_usd ?? null,
    price_version: span.price_version ?? null,
    ttft_ms: span.ttft_ms ?? null,
    stream: span.stream ?? null,
    session: span.session ?? null,
    user: span.user ?? null,
    agent_name: span.agent_name ?? null,
    workflow_name: span.workflow_name ?? null,
    tool_name: span.tool_name ?? null,
    tool_call_id: span.tool_call_id ?? null,
    prompt: span.prompt ?? null,
    counted: span.counted ?? true,
    duplicate_of: span.duplicate_of ?? null,
    noise: span.noise ?? false,
    truncated: span.truncated ?? false,
  };
}

function usageOf(usage: Partial<Usage>): Usage {
  return {
    input_tokens: usage.input_tokens ?? null,
    output_tokens: usage.output_tokens ?? null,
    cache_read_tokens: usage.cache_read_tokens ?? null,
    cache_write_tokens: usage.cache_write_tokens ?? null,
    cache_write_1h_tokens: usage.cache_write_1h_tokens ?? null,
    reasoning_tokens: usage.reasoning_tokens ?? null,
    input_audio_tokens: usage.input_audio_tokens ?? null,
    output_audio_tokens: usage.output_audio_tokens ?? null,
    input_image_tokens: usage.input_image_tokens ?? null,
  };
}
