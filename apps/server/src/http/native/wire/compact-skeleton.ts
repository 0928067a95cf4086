import type { StoredSpan } from "@telltale/store";
import { formatTimestamp } from "./timestamp.ts";

/**
 * A `CompactSkeleton` as JSON text, written field by field: 50,000 of them take a quarter of the time that objects and
 * JSON.stringify take. `expandSkeleton` of @telltale/model gives what `toSpanSkeleton` gives.
 */
export function compactSkeletonJson(span: StoredSpan): string {
  let json = `{"span_id":"${span.spanId}"`;
  json += text("parent_span_id", span.parentSpanId);
  json += `,"name":${quote(span.name)},"kind":"${span.kind}","dialect":${quote(span.dialect)}`;
  json += text("service", span.serviceName);
  json += `,"scope":{"name":${quote(span.scopeName)},"version":${quote(span.scopeVersion)}}`;
  json += `,"start_time":"${formatTimestamp(span.startNs)}","end_time":"${formatTimestamp(span.endNs)}","duration_ms":${Number(span.endNs - span.startNs) / 1e6}`;
  json += `,"status":"${span.status}"`;
  if (span.clockSkew) json += `,"clock_skew":true`;
  json += text("status_message", span.statusMessage) + text("error_type", span.errorType) + number("http_status", span.httpStatus);
  json += model(span) + text("response_id", span.responseId) + text("service_tier", span.serviceTier);
  if (span.finishReasons.length > 0) json += `,"finish_reasons":${JSON.stringify(span.finishReasons)}`;
  json += usage(span) + cost(span) + number("ttft_ms", span.ttftMs);
  if (span.stream !== undefined) json += `,"stream":${span.stream}`;
  json += text("session", span.sessionId) + text("user", span.userId);
  json += text("agent_name", span.agentName) + text("workflow_name", span.workflowName);
  json += text("tool_name", span.toolName) + text("tool_call_id", span.toolCallId);
  if (span.promptName !== "") json += text("prompt", span.promptVersion === "" ? span.promptName : `${span.promptName}/${span.promptVersion}`);
  if (!span.counted) json += `,"counted":false`;
  json += duplicateOf(span.duplicateOf);
  if (span.noise) json += `,"noise":true`;
  if (span.truncated) json += `,"truncated":true`;
  return `${json}}`;
}

function model({ provider, requestModel, responseModel }: StoredSpan): string {
  if (provider === "" && requestModel === "" && responseModel === "") return "";
  return (
    text("provider", provider) +
    text("model", responseModel === "" ? requestModel : responseModel) +
    text("request_model", requestModel) +
    text("response_model", responseModel)
  );
}

function usage({ usage: tokens, usageIsAggregate }: StoredSpan): string {
  const fields =
    number("input_tokens", tokens.input) +
    number("output_tokens", tokens.output) +
    number("cache_read_tokens", tokens.cacheRead) +
    number("cache_write_tokens", tokens.cacheWrite) +
    number("cache_write_1h_tokens", tokens.cacheWrite1h) +
    number("reasoning_tokens", tokens.reasoning) +
    number("input_audio_tokens", tokens.inputAudio) +
    number("output_audio_tokens", tokens.outputAudio) +
    number("input_image_tokens", tokens.inputImage);
  return (fields === "" ? "" : `,"usage":{${fields.slice(1)}}`) + (usageIsAggregate ? `,"usage_is_aggregate":true` : "");
}

function cost({ cost: { usd, source, reportedUsd, priceVersion } }: StoredSpan): string {
  return (
    number("cost_usd", usd) +
    (source === "none" ? "" : `,"cost_source":"${source}"`) +
    number("cost_reported_usd", reportedUsd) +
    text("price_version", priceVersion)
  );
}

function duplicateOf(reference: string): string {
  const colon = reference.lastIndexOf(":");
  return colon < 0 ? "" : `,"duplicate_of":{"trace_id":${quote(reference.slice(0, colon))},"span_id":${quote(reference.slice(colon + 1))}}`;
}

function text(key: string, value: string): string {
  return value === "" ? "" : `,"${key}":${quote(value)}`;
}

function number(key: string, value: number | undefined): string {
  return value === undefined ? "" : `,"${key}":${JSON.stringify(value)}`;
}

/** Most texts of a trace are short, plain and repeated. */
function quote(value: string): string {
  return /^[\w .,:;/@()+=-]*$/.test(value) ? `"${value}"` : JSON.stringify(value);
}
