import type { Assessment, Trace } from "@telltale/model";
import type { TraceSummary } from "@telltale/model/api";
import { toAssessmentOut } from "./assessment-out.ts";
import { byTrace } from "./by-trace.ts";
import { recordOf, textOrNull } from "./plain-values.ts";
import { formatTimestamp } from "./timestamp.ts";

/** A trace as the native API shows it. What is not known is `null`, never 0 and never `""`. */
export function toTraceSummary(trace: Trace, assessments: readonly Assessment[]): TraceSummary {
  return {
    trace_id: trace.traceId,
    project_id: trace.projectId,
    name: trace.name,
    status: trace.status,
    status_message: textOrNull(trace.statusMessage),
    start_time: formatTimestamp(trace.startNs),
    end_time: formatTimestamp(trace.endNs),
    duration_ms: trace.durationMs,
    root_span_id: textOrNull(trace.rootSpanId),
    service: textOrNull(trace.serviceName),
    services: trace.services,
    environment: textOrNull(trace.environment),
    version: textOrNull(trace.appVersion),
    session: textOrNull(trace.sessionId),
    user: textOrNull(trace.userId),
    client_request_id: textOrNull(trace.clientRequestId),
    input_preview: trace.inputPreview,
    output_preview: trace.outputPreview,
    span_count: trace.spanCount,
    error_count: trace.errorCount,
    llm_calls: trace.llmCalls,
    unpriced_calls: trace.unpricedCalls,
    tokens: {
      input: trace.tokens.input ?? null,
      output: trace.tokens.output ?? null,
      total: trace.tokens.total ?? null,
      cache_read: trace.tokens.cacheRead ?? null,
      cache_write: trace.tokens.cacheWrite ?? null,
      reasoning: trace.tokens.reasoning ?? null,
    },
    cost_usd: trace.costUsd ?? null,
    ttft_ms: trace.ttftMs ?? null,
    models: trace.models,
    providers: trace.providers,
    tools: trace.tools,
    failed_tools: trace.failedTools,
    agents: trace.agents,
    prompts: trace.prompts,
    run_ids: trace.runIds,
    labels: trace.labels,
    tags: recordOf(trace.tags),
    metadata: recordOf(trace.metadata),
    complete: trace.complete,
    truncated: trace.truncated,
    assessments: assessments.map(toAssessmentOut),
  };
}

/** Several traces with their assessments, which are looked up by trace. */
export function toTraceSummaries(traces: readonly Trace[], assessments: readonly Assessment[]): TraceSummary[] {
  const found = byTrace(assessments);
  return traces.map((trace) => toTraceSummary(trace, found.get(trace.traceId) ?? []));
}
