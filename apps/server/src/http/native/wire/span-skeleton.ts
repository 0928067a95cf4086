import type { SpanSkeleton } from "@telltale/model/api";
import type { StoredSpan } from "@telltale/store";
import { textOrNull } from "./plain-values.ts";
import { formatTimestamp } from "./timestamp.ts";

/** A span of the tree: everything but its content. Of large traces `skeletonTexts` writes the same, many at once. */
export function toSpanSkeleton(span: StoredSpan): SpanSkeleton {
  return {
    span_id: span.spanId,
    parent_span_id: textOrNull(span.parentSpanId),
    name: span.name,
    kind: span.kind,
    dialect: span.dialect,
    service: textOrNull(span.serviceName),
    scope: { name: span.scopeName, version: span.scopeVersion },
    start_time: formatTimestamp(span.startNs),
    end_time: formatTimestamp(span.endNs),
    duration_ms: Number(span.endNs - span.startNs) / 1e6,
    clock_skew: span.clockSkew,
    status: span.status,
    status_message: textOrNull(span.statusMessage),
    error_type: textOrNull(span.errorType),
    http_status: span.httpStatus ?? null,
    provider: textOrNull(span.provider),
    // What answered is what was paid for; the request names an alias.
    model: textOrNull(span.responseModel) ?? textOrNull(span.requestModel),
    request_model: textOrNull(span.requestModel),
    response_model: textOrNull(span.responseModel),
    response_id: textOrNull(span.responseId),
    service_tier: textOrNull(span.serviceTier),
    finish_reasons: span.finishReasons,
    usage: {
      input_tokens: span.usage.input ?? null,
      output_tokens: span.usage.output ?? null,
      cache_read_tokens: span.usage.cacheRead ?? null,
      cache_write_tokens: span.usage.cacheWrite ?? null,
      cache_write_1h_tokens: span.usage.cacheWrite1h ?? null,
      reasoning_tokens: span.usage.reasoning ?? null,
      input_audio_tokens: span.usage.inputAudio ?? null,
      output_audio_tokens: span.usage.outputAudio ?? null,
      input_image_tokens: span.usage.inputImage ?? null,
    },
    usage_is_aggregate: span.usageIsAggregate,
    cost_usd: span.cost.usd ?? null,
    cost_source: span.cost.source,
    cost_reported_usd: span.cost.reportedUsd ?? null,
    price_version: textOrNull(span.cost.priceVersion),
    ttft_ms: span.ttftMs ?? null,
    stream: span.stream ?? null,
    session: textOrNull(span.sessionId),
    user: textOrNull(span.userId),
    agent_name: textOrNull(span.agentName),
    workflow_name: textOrNull(span.workflowName),
    tool_name: textOrNull(span.toolName),
    tool_call_id: textOrNull(span.toolCallId),
    prompt: span.promptName === "" ? null : span.promptVersion === "" ? span.promptName : `${span.promptName}/${span.promptVersion}`,
    counted: span.counted,
    duplicate_of: duplicateOf(span.duplicateOf),
    noise: span.noise,
    truncated: span.truncated,
  };
}

/** `traceId:spanId`, as de-duplication writes it. */
export function duplicateOf(text: string): SpanSkeleton["duplicate_of"] {
  const colon = text.lastIndexOf(":");
  return colon < 0 ? null : { trace_id: text.slice(0, colon), span_id: text.slice(colon + 1) };
}
