import type { Span } from "@telltale/model";
import { inputHashes } from "./input-hash.ts";
import type { RowWriter } from "./row-writer.ts";

export const spanColumns = [
  "version",
  "bucket",
  "is_deleted",
  "project_id",
  "trace_id",
  "span_id",
  "parent_span_id",
  "name",
  "kind",
  "dialect",
  "norm_version",
  "scope_name",
  "scope_version",
  "service_name",
  "start_time",
  "end_time",
  "clock_skew",
  "status",
  "status_message",
  "error_type",
  "http_status",
  "provider",
  "request_model",
  "response_model",
  "response_id",
  "service_tier",
  "finish_reasons",
  "input_tokens",
  "output_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "cache_write_1h_tokens",
  "reasoning_tokens",
  "input_audio_tokens",
  "output_audio_tokens",
  "input_image_tokens",
  "usage_is_aggregate",
  "cost_usd",
  "cost_source",
  "cost_reported_usd",
  "price_version",
  "ttft_ms",
  "stream",
  "session_id",
  "user_id",
  "environment",
  "app_version",
  "prompt_name",
  "prompt_version",
  "agent_name",
  "workflow_name",
  "tool_name",
  "tool_call_id",
  "labels",
  "metadata",
  "trace_tags",
  "noise",
  "truncated",
  "usage_flaws",
  "input_hash",
  "prefix_hash",
  "attributes",
  "counted",
  "duplicate_of",
] as const;

/** One row of `spans`, columns as in `spanColumns`. `bucket` = hour in Unix seconds. */
export function writeSpanRow(out: RowWriter, projectId: string, bucket: number, span: Span, version: bigint): void {
  const start = out.bytes;
  writeSpanBody(out, projectId, span);
  out.stamp(start, version, bucket);
  writeSpanTail(out, span.counted, span.duplicateOf);
}

/** What de-duplication decides last: the end of the row. */
export function writeSpanTail(out: RowWriter, counted: boolean, duplicateOf: string): void {
  out.rows += 1;
  out.bool(counted);
  out.string(duplicateOf);
}

/** The row but for version and bucket (left 0, see `RowWriter.stamp`) and its tail: made when a span is received. */
export function writeSpanBody(out: RowWriter, projectId: string, span: Span): void {
  out.u64(0n);
  out.u32(0);
  out.u8(0);
  out.string(projectId);
  out.string(span.traceId);
  out.string(span.spanId);
  out.string(span.parentSpanId);
  out.string(span.name);
  out.string(span.kind);
  out.string(span.dialect);
  out.u16(span.normVersion);
  out.string(span.scopeName);
  out.string(span.scopeVersion);
  out.string(span.serviceName);
  out.i64(span.startNs);
  out.i64(span.endNs);
  out.bool(span.clockSkew);
  out.string(span.status);
  out.string(span.statusMessage);
  out.string(span.errorType);
  out.u16(span.httpStatus ?? 0);
  out.string(span.provider);
  out.string(span.requestModel);
  out.string(span.responseModel);
  out.string(span.responseId);
  out.string(span.serviceTier);
  out.strings(span.finishReasons);
  writeUsage(out, span);
  out.bool(span.usageIsAggregate);
  out.nullableUsd(span.cost.usd);
  out.string(span.cost.source);
  out.nullableUsd(span.cost.reportedUsd);
  out.string(span.cost.priceVersion);
  out.nullableF64(span.ttftMs);
  out.nullableBool(span.stream);
  out.string(span.sessionId);
  out.string(span.userId);
  out.string(span.environment);
  out.string(span.appVersion);
  out.string(span.promptName);
  out.string(span.promptVersion);
  out.string(span.agentName);
  out.string(span.workflowName);
  out.string(span.toolName);
  out.string(span.toolCallId);
  out.strings(span.labels);
  out.map(span.metadata);
  out.map(span.traceTags);
  out.bool(span.noise);
  out.bool(span.truncated);
  out.u16(span.usageFlaws);
  const hashes = inputHashes(span);
  out.u64(hashes.whole);
  out.u32(hashes.prefix);
  out.map(span.attributes);
}

function writeUsage(out: RowWriter, { usage }: Span): void {
  out.nullableU32(usage.input);
  out.nullableU32(usage.output);
  out.nullableU32(usage.cacheRead);
  out.nullableU32(usage.cacheWrite);
  out.nullableU32(usage.cacheWrite1h);
  out.nullableU32(usage.reasoning);
  out.nullableU32(usage.inputAudio);
  out.nullableU32(usage.outputAudio);
  out.nullableU32(usage.inputImage);
}
