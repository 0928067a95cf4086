import { mlflowTraceId } from "@telltale/model";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Command } from "../../pipeline/ingest.ts";
import { emptyTraceInfo, parseRequestId, traceOf, tracesOf } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { missingResource } from "./errors.ts";
import { jsonBody, maybe, parseRequest, RequiredText } from "./request.ts";
import type { MlflowRoute } from "./route-table.ts";

const LinkTracesToRun = z.object({ trace_ids: z.array(RequiredText).min(1).max(100), run_id: RequiredText.max(250) });
const LinkPrompts = z.object({
  trace_id: RequiredText,
  prompt_versions: maybe(z.array(z.object({ name: RequiredText.max(500), version: z.union([z.string(), z.number()]).transform(String) })).max(1000)),
});

/** Links of a trace to a run (evaluation) and to the prompt versions it used; both can be searched by. */
export function traceLinkRoutes(deps: MlflowDeps): MlflowRoute[] {
  return [
    { method: "POST", path: "2.0/mlflow/traces/link-to-run", handle: (request) => linkToRun(deps, request) },
    { method: "POST", path: "2.0/mlflow/traces/link-prompts", handle: (request) => linkPrompts(deps, request) },
  ];
}

/** Links those that exist: an evaluation of a hundred traces must not fail for one that was never exported. The others are named in the answer. */
async function linkToRun(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { trace_ids: requestIds, run_id: runId } = parseRequest(LinkTracesToRun, jsonBody(request));
  const traces = await tracesOf(deps, request, requestIds);
  if (traces.length === 0) throw missingResource(`None of the traces exists: '${requestIds.slice(0, 3).join("', '")}'.`);
  await deps.ingest.apply(
    traces.map((trace): Command => ({
      type: "trace_info",
      projectId: trace.projectId,
      traceId: trace.traceId,
      info: { ...emptyTraceInfo(trace.traceId), runIds: [runId] },
    })),
  );
  const found = new Set(traces.map((trace) => trace.traceId));
  const missing = requestIds.map(parseRequestId).filter((id) => !found.has(id));
  return missing.length === 0 ? {} : { unknown_trace_ids: missing.map(mlflowTraceId) };
}

async function linkPrompts(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { trace_id: requestId, prompt_versions: versions = [] } = parseRequest(LinkPrompts, jsonBody(request));
  const trace = await traceOf(deps, request, requestId);
  const prompts = versions.map(({ name, version }) => `${name}/${version}`);
  await deps.ingest.apply([{ type: "trace_info", projectId: trace.projectId, traceId: trace.traceId, info: { ...emptyTraceInfo(trace.traceId), prompts } }]);
  return {};
}
