import type { TraceInfo, TraceStatus } from "@telltale/model";
import type { ShownTrace } from "./trace-info.ts";

/** The trace with what was just said laid over it: the state the store will have. */
export function withInfo(trace: ShownTrace, info: TraceInfo): ShownTrace {
  return {
    ...trace,
    name: info.tags.get("mlflow.traceName") ?? trace.name,
    clientRequestId: info.clientRequestId ?? trace.clientRequestId,
    status: statusOf(info.state) ?? trace.status,
    inputPreview: info.requestPreview ?? trace.inputPreview,
    outputPreview: info.responsePreview ?? trace.outputPreview,
    tags: new Map([...trace.tags, ...info.tags]),
    metadata: new Map([...trace.metadata, ...info.metadata]),
    info: { ...trace.info, ...info },
  };
}

/** A trace nobody has heard of before. */
export function unknownTrace(projectId: string, traceId: string, nowMs: number): ShownTrace {
  return {
    projectId,
    traceId,
    name: "",
    status: "unset",
    startNs: BigInt(nowMs) * 1_000_000n,
    durationMs: 0,
    clientRequestId: "",
    sessionId: "",
    userId: "",
    inputPreview: "",
    outputPreview: "",
    spanCount: 0,
    unpricedCalls: 0,
    tokens: { input: undefined, output: undefined, total: undefined, cacheRead: undefined, cacheWrite: undefined, reasoning: undefined },
    costUsd: undefined,
    tags: new Map(),
    metadata: new Map(),
    info: undefined,
  };
}

function statusOf(state: string | undefined): TraceStatus | undefined {
  if (state === "OK") return "ok";
  if (state === "ERROR") return "error";
  return state === "IN_PROGRESS" ? "in_progress" : undefined;
}
