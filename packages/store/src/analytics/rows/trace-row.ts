import type { Trace } from "@telltale/model";
import { encodeTraceInfo } from "../trace-info.ts";
import type { RowWriter } from "./row-writer.ts";

export const traceColumns = [
  "project_id",
  "bucket",
  "trace_id",
  "name",
  "status",
  "status_message",
  "start_time",
  "end_time",
  "duration_ms",
  "root_span_id",
  "service_name",
  "environment",
  "app_version",
  "session_id",
  "user_id",
  "client_request_id",
  "input_preview",
  "output_preview",
  "span_count",
  "error_count",
  "llm_calls",
  "unpriced_calls",
  "input_tokens",
  "output_tokens",
  "total_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
  "cost_usd",
  "ttft_ms",
  "models",
  "providers",
  "tools",
  "failed_tools",
  "agents",
  "services",
  "prompts",
  "run_ids",
  "labels",
  "tags",
  "metadata",
  "complete",
  "truncated",
  "info",
  "spans_bucket",
  "version",
  "is_deleted",
] as const;

export interface TraceRowKey {
  /** Hour (Unix seconds) of the trace's start. */
  bucket: number;
  /** Hour (Unix seconds) under which its spans are stored. */
  spansBucket: number;
  version: bigint;
  isDeleted: boolean;
}

/** One row of `traces`, columns as in `traceColumns`. */
export function writeTraceRow(out: RowWriter, trace: Trace, key: TraceRowKey): void {
  out.rows += 1;
  out.string(trace.projectId);
  out.u32(key.bucket);
  out.string(trace.traceId);
  out.string(trace.name);
  out.string(trace.status);
  out.string(trace.statusMessage);
  out.i64(trace.startNs);
  out.i64(trace.endNs);
  out.f64(trace.durationMs);
  out.string(trace.rootSpanId);
  out.string(trace.serviceName);
  out.string(trace.environment);
  out.string(trace.appVersion);
  out.string(trace.sessionId);
  out.string(trace.userId);
  out.string(trace.clientRequestId);
  out.string(trace.inputPreview);
  out.string(trace.outputPreview);
  out.u32(trace.spanCount);
  out.u32(trace.errorCount);
  out.u32(trace.llmCalls);
  out.u32(trace.unpricedCalls);
  out.nullableU64(trace.tokens.input);
  out.nullableU64(trace.tokens.output);
  out.nullableU64(trace.tokens.total);
  out.nullableU64(trace.tokens.cacheRead);
  out.nullableU64(trace.tokens.cacheWrite);
  out.nullableU64(trace.tokens.reasoning);
  out.nullableUsd(trace.costUsd);
  out.nullableF64(trace.ttftMs);
  for (const list of [trace.models, trace.providers, trace.tools, trace.failedTools, trace.agents, trace.services, trace.prompts, trace.runIds, trace.labels])
    out.strings(list);
  out.map(trace.tags);
  out.map(trace.metadata);
  out.bool(trace.complete);
  out.bool(trace.truncated);
  out.string(encodeTraceInfo(trace.info));
  out.u32(key.spansBucket);
  out.u64(key.version);
  out.bool(key.isDeleted);
}
