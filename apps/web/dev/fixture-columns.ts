import type { SpanColumns, SpanDetail } from "@telltale/model/api";
import { relativeMs } from "../src/time/instant.ts";

/** `?columns=true`: the spans of a trace as the server sends them to the page. */
export function columnsOf(spans: readonly SpanDetail[]): SpanColumns {
  const sorted = spans.toSorted((a, b) => (a.start_time < b.start_time ? -1 : a.start_time > b.start_time ? 1 : 0));
  const first = sorted[0]?.start_time ?? null;
  const since = relativeMs(first ?? "");
  const texts = <Text extends string>(of: (span: SpanDetail) => Text): { values: Text[]; at: number[] } => {
    const places = new Map<Text, number>();
    const at = sorted.map((span) => {
      const text = of(span);
      const place = places.get(text) ?? places.size;
      places.set(text, place);
      return place;
    });
    return { values: [...places.keys()], at: places.size < 2 ? [] : at };
  };
  const known = (
    key:
      | "parent_span_id"
      | "status_message"
      | "error_type"
      | "service"
      | "model"
      | "request_model"
      | "service_tier"
      | "price_version"
      | "agent_name"
      | "tool_name",
  ) => texts((span) => span[key] ?? "");
  const tokens = (key: keyof SpanDetail["usage"]) => sorted.map((span) => span.usage[key]);
  return {
    first_start: first,
    start_ms: sorted.map((span) => since(span.start_time)),
    duration_ms: sorted.map((span) => span.duration_ms),
    span_id: sorted.map((span) => span.span_id),
    parent_span_id: known("parent_span_id"),
    name: texts((span) => span.name),
    kind: texts((span) => span.kind),
    status: texts((span) => span.status),
    status_message: known("status_message"),
    error_type: known("error_type"),
    service: known("service"),
    model: known("model"),
    request_model: known("request_model"),
    service_tier: known("service_tier"),
    input_tokens: tokens("input_tokens"),
    output_tokens: tokens("output_tokens"),
    cache_read_tokens: tokens("cache_read_tokens"),
    cache_write_tokens: tokens("cache_write_tokens"),
    cache_write_1h_tokens: tokens("cache_write_1h_tokens"),
    reasoning_tokens: tokens("reasoning_tokens"),
    input_audio_tokens: tokens("input_audio_tokens"),
    output_audio_tokens: tokens("output_audio_tokens"),
    input_image_tokens: tokens("input_image_tokens"),
    usage_is_aggregate: sorted.map((span) => span.usage_is_aggregate),
    cost_usd: sorted.map((span) => span.cost_usd),
    cost_source: texts((span) => span.cost_source),
    cost_reported_usd: sorted.map((span) => span.cost_reported_usd),
    price_version: known("price_version"),
    ttft_ms: sorted.map((span) => span.ttft_ms),
    agent_name: known("agent_name"),
    tool_name: known("tool_name"),
    counted: sorted.map((span) => span.counted),
    duplicate_of: texts((span) => (span.duplicate_of === null ? "" : `${span.duplicate_of.trace_id}:${span.duplicate_of.span_id}`)),
    noise: sorted.map((span) => span.noise),
  };
}
