import { Readable } from "node:stream";
import type { Trace } from "@telltale/model";
import type { FastifyReply, FastifyRequest } from "fastify";
import { sendJsonPieces } from "../large-json.ts";
import { checkContentLength, readBody, shareUntilAnswered } from "../read-body.ts";
import { experimentOf, parseRequestId, traceOf, tracesOf } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { missingResource } from "./errors.ts";
import { pathParameter, queryOne, requiredQuery } from "./request.ts";
import { SENT, type MlflowRoute } from "./route-table.ts";
import { artifactFolder } from "./trace-info.ts";
import { tracesJsonPieces, underTrace } from "./traces-json.ts";

/** Spans of one trace; decoded in memory, so far smaller than an attachment may be. */
const MAX_TRACES_JSON_BYTES = 128 * 1024 * 1024;
const PROXY = "2.0/mlflow-artifacts/artifacts";

/**
 * The artifact proxy. Attachments are files; `traces.json` is not: its spans are stored as spans, and it is written anew
 * from them when somebody asks for it.
 */
export function artifactRoutes(deps: MlflowDeps): MlflowRoute[] {
  return [
    { method: "PUT", path: `${PROXY}/*`, handle: (request, reply) => upload(deps, request, reply) },
    { method: "GET", path: `${PROXY}/*`, handle: (request, reply) => download(deps, request, reply, pathParameter(request, "*")) },
    { method: "DELETE", path: `${PROXY}/*`, handle: (request) => remove(deps, request) },
    { method: "GET", path: PROXY, handle: (request) => list(deps, request) },
    ...["2.0", "3.0"].map((version): MlflowRoute => ({
      method: "GET",
      path: `${version}/mlflow/get-trace-artifact`,
      handle: (request, reply) => traceArtifact(deps, request, reply),
    })),
  ];
}

async function upload(deps: MlflowDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const path = pathParameter(request, "*");
  await experimentOfPath(deps, request, path);
  // No body at all (no length, no type) is an empty file.
  const content = (request.body ?? Readable.from([])) as AsyncIterable<Buffer>;
  const spansOf = tracesJsonPath(path);
  if (spansOf === undefined) {
    await deps.artifacts.put(path, content);
    return {};
  }
  checkContentLength(request.raw, MAX_TRACES_JSON_BYTES);
  const body = await readBody(content, MAX_TRACES_JSON_BYTES, shareUntilAnswered(deps.inFlight, reply.raw));
  await deps.ingest.tracesJson({ body: underTrace(body, spansOf.traceId), ...spansOf, client: request.headers["user-agent"] ?? "" });
  return {};
}

async function download(deps: MlflowDeps, request: FastifyRequest, reply: FastifyReply, path: string): Promise<unknown> {
  await experimentOfPath(deps, request, path);
  const spansOf = tracesJsonPath(path);
  const [trace] = spansOf === undefined ? [] : await tracesOf(deps, request, [spansOf.traceId]);
  if (trace !== undefined && trace.projectId === spansOf?.projectId && trace.spanCount > 0) return sendSpans(deps, request, reply, trace);
  const found = await deps.artifacts.get(path);
  if (found === undefined) throw missingResource(`There is no artifact '${path.slice(0, 500)}'.`);
  // Outside content: never shown or run by a browser on our origin.
  reply.header("content-type", "application/octet-stream").header("content-length", found.sizeBytes);
  reply.header("content-disposition", "attachment").header("x-content-type-options", "nosniff");
  reply.send(found.content);
  return SENT;
}

async function remove(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const path = pathParameter(request, "*");
  await experimentOfPath(deps, request, path);
  await deps.artifacts.remove(path);
  return {};
}

async function list(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const path = queryOne(request, "path");
  if (path === undefined) return {};
  await experimentOfPath(deps, request, path);
  const entries = await deps.artifacts.list(path);
  return { files: entries.map(({ name, isFolder, sizeBytes }) => ({ path: name, is_dir: isFolder, file_size: sizeBytes })) };
}

/** What MLflow's UI reads: the spans, or an attachment named by `path`. */
async function traceArtifact(deps: MlflowDeps, request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
  const trace = await traceOf(deps, request, requiredQuery(request, "request_id"));
  const path = queryOne(request, "path");
  if (path !== undefined) return download(deps, request, reply, `${artifactFolder(trace.projectId, trace.traceId)}/artifacts/${path}`);
  return sendSpans(deps, request, reply, trace);
}

function sendSpans(deps: MlflowDeps, request: FastifyRequest, reply: FastifyReply, trace: Trace): typeof SENT {
  const isOldClient = /^mlflow-python-client\/[012]\./.test(request.headers["user-agent"] ?? "");
  sendJsonPieces(request, reply, tracesJsonPieces(deps, trace, isOldClient ? "v2" : "v3"));
  return SENT;
}

/** Everything lies below an experiment, so that it is seen by those who see the experiment. */
async function experimentOfPath(deps: MlflowDeps, request: FastifyRequest, path: string): Promise<void> {
  await experimentOf(deps, request, path.split("/", 1)[0] ?? "");
}

function tracesJsonPath(path: string): { projectId: string; traceId: string } | undefined {
  const match = /^([^/]+)\/traces\/([^/]+)\/artifacts\/traces\.json$/.exec(path);
  return match?.[1] === undefined || match[2] === undefined ? undefined : { projectId: match[1], traceId: parseRequestId(match[2]) };
}
