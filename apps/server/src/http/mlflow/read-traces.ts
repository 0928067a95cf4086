import type { Assessment, Trace } from "@telltale/model";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { sendJsonPieces } from "../large-json.ts";
import { traceOf, tracesOf } from "./access.ts";
import { arrivedTraces } from "./arriving-spans.ts";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter, missingResource } from "./errors.ts";
import { jsonBody, maybe, parseRequest, pathParameter, queryAll, queryBoolean, requiredQuery } from "./request.ts";
import { SENT, type MlflowRoute } from "./route-table.ts";
import { traceInfoJson } from "./trace-info.ts";
import { traceJsonPieces } from "./trace-json.ts";

const BatchGetTraceInfos = z.object({ trace_ids: z.array(z.string()), experiment_ids: maybe(z.array(z.string())) });

/** The client asks for 10 at a time; more than this is a scan, and there is search for it. */
const MAX_BATCH = 500;

/** Reading traces by id, with and without their spans. */
export function readTraceRoutes(deps: MlflowDeps): MlflowRoute[] {
  return [
    { method: "GET", path: "3.0/mlflow/traces/:trace_id", handle: (request) => getTraceInfo(deps, request) },
    { method: "GET", path: "3.0/mlflow/traces/get", handle: (request, reply) => getTrace(deps, request, reply) },
    { method: "GET", path: "3.0/mlflow/traces/batchGet", handle: (request, reply) => batchGet(deps, request, reply) },
    { method: "POST", path: "3.0/mlflow/traces/batchGetInfos", handle: (request) => batchGetInfos(deps, request) },
  ];
}

/** Assessments of a page of traces, by trace. */
export async function groupAssessments(deps: MlflowDeps, request: FastifyRequest, traces: readonly Trace[]): Promise<Map<string, Assessment[]>> {
  const groups = new Map<string, Assessment[]>();
  if (traces.length === 0) return groups;
  const ids = traces.map((trace) => trace.traceId);
  for (const assessment of await deps.traces.assessmentsOf(deps.scopeOf(request), ids)) {
    const group = groups.get(assessment.traceId);
    if (group === undefined) groups.set(assessment.traceId, [assessment]);
    else group.push(assessment);
  }
  return groups;
}

async function getTraceInfo(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const trace = await traceOf(deps, request, pathParameter(request, "trace_id"));
  const assessments = await groupAssessments(deps, request, [trace]);
  return { trace: { trace_info: traceInfoJson(trace, assessments.get(trace.traceId) ?? []) } };
}

/** Answers with what there is: a trace whose last spans never come must still be seen. `allow_partial` skips the short wait for them. */
async function getTrace(deps: MlflowDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const id = requiredQuery(request, "trace_id");
  const [trace] = queryBoolean(request, "allow_partial") ? await tracesOf(deps, request, [id]) : await arrivedTraces(deps, request, [id]);
  if (trace === undefined) throw missingResource(`Trace with ID '${id.slice(0, 250)}' not found.`);
  const assessments = await groupAssessments(deps, request, [trace]);
  sendJsonPieces(request, reply, enclosed('{"trace":', traceJsonPieces(deps, trace, assessments.get(trace.traceId) ?? []), "}"));
  return SENT;
}

/** Unknown ids are left out, traces still arriving are not (MLflow's own server drops those without a word). */
async function batchGet(deps: MlflowDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const traces = await arrivedTraces(deps, request, checkedIds(queryAll(request, "trace_ids")));
  if (traces.length === 0) return {};
  const assessments = await groupAssessments(deps, request, traces);
  sendJsonPieces(request, reply, enclosed('{"traces":[', allTraces(deps, traces, assessments), "]}"));
  return SENT;
}

async function batchGetInfos(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const traces = await tracesOf(deps, request, checkedIds(parseRequest(BatchGetTraceInfos, jsonBody(request)).trace_ids));
  if (traces.length === 0) return {};
  const assessments = await groupAssessments(deps, request, traces);
  return { trace_infos: traces.map((trace) => traceInfoJson(trace, assessments.get(trace.traceId) ?? [])) };
}

function checkedIds(ids: readonly string[]): readonly string[] {
  if (ids.length > MAX_BATCH) throw invalidParameter(`Invalid value for parameter 'trace_ids' supplied: at most ${MAX_BATCH} traces can be read at once.`);
  return ids;
}

async function* allTraces(deps: MlflowDeps, traces: readonly Trace[], assessments: ReadonlyMap<string, Assessment[]>): AsyncGenerator<string> {
  let separator = "";
  for (const trace of traces) {
    yield separator;
    yield* traceJsonPieces(deps, trace, assessments.get(trace.traceId) ?? []);
    separator = ",";
  }
}

async function* enclosed(open: string, pieces: AsyncIterable<string>, close: string): AsyncGenerator<string> {
  yield open;
  yield* pieces;
  yield close;
}
