import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { emptyTraceInfo, traceOf } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter, missingResource } from "./errors.ts";
import { linkedPrompts } from "./linked-prompts.ts";
import { jsonBody, parseRequest, pathParameter, RequiredText } from "./request.ts";
import type { MlflowRoute } from "./route-table.ts";
import { isServerTag } from "./trace-info.ts";

const MAX_KEY = 250;
const MAX_VALUE = 8000;
const SetTag = z.object({ key: RequiredText, value: z.string() });
const DeleteTag = z.object({ key: RequiredText });

/** Tags of a trace; the client uses the V2 path, the UI V3. DELETE carries a JSON body. */
export function traceTagRoutes(deps: MlflowDeps): MlflowRoute[] {
  return ["2.0", "3.0"].flatMap((version): MlflowRoute[] => [
    { method: "PATCH", path: `${version}/mlflow/traces/:trace_id/tags`, handle: (request) => setTag(deps, request) },
    { method: "DELETE", path: `${version}/mlflow/traces/:trace_id/tags`, handle: (request) => deleteTag(deps, request) },
  ]);
}

async function setTag(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { key, value } = parseRequest(SetTag, jsonBody(request));
  checkKey(key);
  if (value.length > MAX_VALUE)
    throw invalidParameter(`Trace tag value '${value.slice(0, 100)}…' had length ${value.length}, which exceeded length limit of ${MAX_VALUE}`);
  const trace = await traceOf(deps, request, pathParameter(request, "trace_id"));
  const info = emptyTraceInfo(trace.traceId);
  info.tags.set(key, value);
  if (key === "mlflow.linkedPrompts") info.prompts.push(...linkedPrompts(value));
  await deps.ingest.apply([{ type: "trace_info", projectId: trace.projectId, traceId: trace.traceId, info }]);
  return {};
}

async function deleteTag(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { key } = parseRequest(DeleteTag, jsonBody(request));
  checkKey(key);
  const id = pathParameter(request, "trace_id");
  const trace = await traceOf(deps, request, id);
  if (!trace.tags.has(key)) throw missingResource(`No trace tag with key '${key}' for trace with ID '${id}'`);
  const info = emptyTraceInfo(trace.traceId);
  info.deletedTags.push(key);
  await deps.ingest.apply([{ type: "trace_info", projectId: trace.projectId, traceId: trace.traceId, info }]);
  return {};
}

function checkKey(key: string): void {
  if (key.length > MAX_KEY) throw invalidParameter(`Trace tag key '${key.slice(0, 100)}…' had length ${key.length}, which exceeded length limit of ${MAX_KEY}`);
  if (isServerTag(key)) throw invalidParameter(`The tag '${key}' is managed by the server and cannot be changed.`);
}
