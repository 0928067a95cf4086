import { mlflowTraceId, type Assessment, type Trace, type TraceStatus } from "@telltale/model";
import { assessmentJson } from "./assessment-json.ts";
import { durationText, timestampText } from "./timestamp.ts";
import { traceMetadata } from "./trace-metadata.ts";

/** Tags the server manages: never taken from a client, always returned. */
export const SERVER_TAGS = ["mlflow.artifactLocation", "mlflow.trace.spansLocation", "mlflow.trace.archiveLocation", "mlflow.trace.archivalFailure"] as const;

export function isServerTag(key: string): boolean {
  return (SERVER_TAGS as readonly string[]).includes(key);
}

/** MLflow has no "unset": its server calls a root span without status OK. */
const states: Record<TraceStatus, string> = { ok: "OK", unset: "OK", error: "ERROR", in_progress: "IN_PROGRESS" };

/** What of a trace MLflow's answers show. */
export type ShownTrace = Pick<
  Trace,
  | "projectId"
  | "traceId"
  | "name"
  | "status"
  | "startNs"
  | "durationMs"
  | "clientRequestId"
  | "sessionId"
  | "userId"
  | "inputPreview"
  | "outputPreview"
  | "spanCount"
  | "unpricedCalls"
  | "tokens"
  | "costUsd"
  | "tags"
  | "metadata"
  | "info"
>;

/** `TraceInfoV3` as protobuf's JSON. `extraMetadata` is what only a reader of all spans knows. */
export function traceInfoJson(trace: ShownTrace, assessments: readonly Assessment[], extraMetadata?: ReadonlyMap<string, string>): unknown {
  const duration = executionMs(trace);
  const metadata = traceMetadata(trace);
  if (!metadata.has("mlflow.trace_schema.version")) metadata.set("mlflow.trace_schema.version", "3");
  for (const [key, value] of extraMetadata ?? []) if (!metadata.has(key)) metadata.set(key, value);
  return {
    trace_id: mlflowTraceId(trace.traceId),
    client_request_id: trace.clientRequestId === "" ? undefined : trace.clientRequestId,
    trace_location: { type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: trace.projectId } },
    request_time: timestampText(startMs(trace)),
    execution_duration: duration === undefined ? undefined : durationText(duration),
    state: states[trace.status],
    trace_metadata: metadata,
    assessments: assessments.length === 0 ? undefined : sorted(assessments).map(assessmentJson),
    tags: traceTags(trace),
    request_preview: trace.inputPreview === "" ? undefined : trace.inputPreview,
    response_preview: trace.outputPreview === "" ? undefined : trace.outputPreview,
  };
}

/** `TraceInfo` of the V2 API: lists of pairs, integers in milliseconds. */
export function traceInfoV2Json(trace: ShownTrace): unknown {
  return {
    request_id: mlflowTraceId(trace.traceId),
    experiment_id: trace.projectId,
    timestamp_ms: startMs(trace),
    execution_time_ms: Math.round(executionMs(trace) ?? 0),
    status: states[trace.status],
    request_metadata: pairs(traceMetadata(trace)),
    tags: pairs(traceTags(trace)),
  };
}

/** All tags a client sees: the trace's own, its name, and those that tell the client where spans and attachments are. */
export function traceTags(trace: ShownTrace): Map<string, string> {
  const tags = new Map(trace.tags);
  if (trace.name !== "" && !tags.has("mlflow.traceName")) tags.set("mlflow.traceName", trace.name);
  tags.set("mlflow.artifactLocation", `mlflow-artifacts:/${artifactFolder(trace.projectId, trace.traceId)}/artifacts`);
  tags.set("mlflow.trace.spansLocation", "TRACKING_STORE");
  return tags;
}

/** Where the artifacts of a trace lie below the artifact root. */
export function artifactFolder(projectId: string, traceId: string): string {
  return `${projectId}/traces/${mlflowTraceId(traceId)}`;
}

function startMs(trace: ShownTrace): number {
  return trace.info?.requestTimeMs ?? Number(trace.startNs / 1_000_000n);
}

/** Undefined while nobody knows: the client said nothing and no span has come. */
function executionMs(trace: ShownTrace): number | undefined {
  return trace.info?.executionDurationMs ?? (trace.spanCount > 0 ? trace.durationMs : undefined);
}

function sorted(assessments: readonly Assessment[]): Assessment[] {
  return assessments.toSorted((a, b) => a.createdMs - b.createdMs || (a.assessmentId < b.assessmentId ? -1 : 1));
}

function pairs(map: ReadonlyMap<string, string>): unknown {
  return map.size === 0 ? undefined : Array.from(map, ([key, value]) => ({ key, value }));
}
