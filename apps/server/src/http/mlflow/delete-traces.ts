import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { experimentOf, tracesOf } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter } from "./errors.ts";
import { Int64, jsonBody, maybe, parseRequest, RequiredText } from "./request.ts";
import type { MlflowRoute } from "./route-table.ts";
import { artifactFolder } from "./trace-info.ts";

const DeleteTraces = z.object({
  experiment_id: RequiredText,
  max_timestamp_millis: maybe(Int64),
  max_traces: maybe(Int64),
  request_ids: maybe(z.array(z.string()).max(10_000)),
});

/** 2262: where nanoseconds in 64 bits end. "Everything" is often said with a larger number. */
const LATEST_MS = 9_223_372_036_000;
/** Traces deleted with one command; a command is one journal record. */
const CHUNK = 1000;

/** Deleting traces by id, or up to a time (oldest first). Their attachments go with them. */
export function deleteTraceRoutes(deps: MlflowDeps): MlflowRoute[] {
  return ["2.0", "3.0"].map((version): MlflowRoute => ({
    method: "POST",
    path: `${version}/mlflow/traces/delete-traces`,
    handle: (request) => deleteTraces(deps, request),
  }));
}

async function deleteTraces(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const {
    experiment_id: experimentId,
    max_timestamp_millis: maxMs,
    max_traces: maxTraces,
    request_ids: ids = [],
  } = parseRequest(DeleteTraces, jsonBody(request));
  if (maxMs === undefined && ids.length === 0) throw invalidParameter("Either `max_timestamp_millis` or `request_ids` must be specified.");
  if (maxMs !== undefined && ids.length > 0) throw invalidParameter("Only one of `max_timestamp_millis` and `request_ids` can be specified.");
  if (ids.length > 0 && maxTraces !== undefined) throw invalidParameter("`max_traces` can't be specified if `request_ids` is specified.");
  if (maxTraces !== undefined && maxTraces <= 0) throw invalidParameter(`\`max_traces\` must be a positive integer, received ${maxTraces}.`);
  const { id: projectId } = await experimentOf(deps, request, experimentId);
  const deleted =
    maxMs === undefined ? await deleteById(deps, request, projectId, ids) : await deleteUntil(deps, projectId, maxMs, maxTraces ?? Number.POSITIVE_INFINITY);
  return { traces_deleted: deleted };
}

async function deleteById(deps: MlflowDeps, request: FastifyRequest, projectId: string, requestIds: readonly string[]): Promise<number> {
  let deleted = 0;
  for (let at = 0; at < requestIds.length; at += CHUNK) {
    const found = await tracesOf(deps, request, requestIds.slice(at, at + CHUNK));
    const traceIds = found.filter((trace) => trace.projectId === projectId).map((trace) => trace.traceId);
    await deleteAll(deps, projectId, traceIds);
    deleted += traceIds.length;
  }
  return deleted;
}

/** Inclusive, as MLflow's. Each round waits until what it deleted is gone from the next one's question. */
async function deleteUntil(deps: MlflowDeps, projectId: string, maxMs: number, maxTraces: number): Promise<number> {
  const seen = new Set<string>();
  const endMs = Math.min(Math.max(maxMs, -1), LATEST_MS) + 1;
  while (seen.size < maxTraces) {
    await deps.ingest.readable();
    const limit = Math.min(CHUNK, maxTraces - seen.size);
    const found = await deps.traces.traceIdsBefore({ projectIds: [projectId] }, endMs, limit);
    const traceIds = found.filter((id) => !seen.has(id));
    if (traceIds.length === 0) break;
    await deleteAll(deps, projectId, traceIds);
    for (const id of traceIds) seen.add(id);
  }
  return seen.size;
}

async function deleteAll(deps: MlflowDeps, projectId: string, traceIds: string[]): Promise<void> {
  if (traceIds.length === 0) return;
  await deps.ingest.apply([{ type: "traces_delete", projectId, traceIds }]);
  for (const traceId of traceIds) await deps.artifacts.remove(artifactFolder(projectId, traceId));
}
