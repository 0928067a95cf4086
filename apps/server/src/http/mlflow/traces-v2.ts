import type { TraceInfo } from "@telltale/model";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { activeExperimentOf, emptyTraceInfo, traceOf } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { Int64, jsonBody, KeyValues, maybe, parseRequest, pathParameter, RequiredText } from "./request.ts";
import type { MlflowRoute } from "./route-table.ts";
import { checkedTimeMs } from "./timestamp.ts";
import { isServerTag, traceInfoV2Json } from "./trace-info.ts";
import { unknownTrace, withInfo } from "./trace-with-info.ts";

const Status = z.enum(["TRACE_STATUS_UNSPECIFIED", "OK", "ERROR", "IN_PROGRESS"]);
const StartTrace = z.object({ experiment_id: RequiredText, timestamp_ms: Int64, request_metadata: maybe(KeyValues), tags: maybe(KeyValues) });
const EndTrace = z.object({ timestamp_ms: Int64, status: maybe(Status), request_metadata: maybe(KeyValues), tags: maybe(KeyValues) });

/** Clients before 3.0 open a trace, get its id from us, and close it later; their spans come as `traces.json`. */
export function tracesV2Routes(deps: MlflowDeps): MlflowRoute[] {
  return [
    { method: "POST", path: "2.0/mlflow/traces", handle: (request) => startTrace(deps, request) },
    { method: "PATCH", path: "2.0/mlflow/traces/:trace_id", handle: (request) => endTrace(deps, request) },
    { method: "GET", path: "2.0/mlflow/traces/:trace_id/info", handle: (request) => getTraceInfo(deps, request) },
  ];
}

async function startTrace(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const sent = parseRequest(StartTrace, jsonBody(request));
  const { id: projectId } = await activeExperimentOf(deps, request, sent.experiment_id);
  const traceId = deps.newHex();
  const info = { ...infoOf(traceId, sent.request_metadata, sent.tags), requestTimeMs: checkedTimeMs(sent.timestamp_ms, "timestamp_ms"), state: "IN_PROGRESS" };
  await deps.ingest.apply([{ type: "trace_info", projectId, traceId, info }]);
  return { trace_info: traceInfoV2Json(withInfo(unknownTrace(projectId, traceId, sent.timestamp_ms), info)) };
}

async function endTrace(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const sent = parseRequest(EndTrace, jsonBody(request));
  const trace = await traceOf(deps, request, pathParameter(request, "trace_id"));
  const endMs = checkedTimeMs(sent.timestamp_ms, "timestamp_ms");
  const startMs = trace.info?.requestTimeMs ?? Number(trace.startNs / 1_000_000n);
  const state = sent.status === undefined || sent.status === "TRACE_STATUS_UNSPECIFIED" ? "OK" : sent.status;
  const info = { ...infoOf(trace.traceId, sent.request_metadata, sent.tags), executionDurationMs: Math.max(0, endMs - startMs), state };
  await deps.ingest.apply([{ type: "trace_info", projectId: trace.projectId, traceId: trace.traceId, info }]);
  return { trace_info: traceInfoV2Json(withInfo(trace, info)) };
}

async function getTraceInfo(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  return { trace_info: traceInfoV2Json(await traceOf(deps, request, pathParameter(request, "trace_id"))) };
}

type Pairs = z.output<typeof KeyValues> | undefined;

function infoOf(traceId: string, metadata: Pairs, tags: Pairs): TraceInfo {
  const info = emptyTraceInfo(traceId);
  for (const { key, value } of metadata ?? []) info.metadata.set(key, value ?? "");
  for (const { key, value } of tags ?? []) if (!isServerTag(key)) info.tags.set(key, value ?? "");
  return info;
}
