import { mlflowTraceId, storedTraceId, type Project, type ProjectScope, type Trace } from "@telltale/model";
import type { FastifyRequest } from "fastify";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter, missingResource } from "./errors.ts";

/** Longest id of a trace that a client may choose itself. */
const MAX_TRACE_ID_BYTES = 250;

/** The scope of the caller, made narrower by the experiments the request names. */
export function scopeWithin(scope: ProjectScope, experimentIds: readonly string[]): ProjectScope {
  const allowed = scope.projectIds;
  return { projectIds: allowed === "all" ? [...experimentIds] : experimentIds.filter((id) => allowed.includes(id)) };
}

/** The experiment, in the words of MLflow when there is none (or it is not the caller's). */
export async function experimentOf(deps: MlflowDeps, request: FastifyRequest, experimentId: string): Promise<Project> {
  const visible = scopeWithin(deps.scopeOf(request), [experimentId]).projectIds.length > 0;
  const project = visible ? await deps.projects.find(experimentId) : undefined;
  if (project === undefined) throw missingResource(`No Experiment with id=${experimentId.slice(0, 100)} exists`);
  return project;
}

export async function activeExperimentOf(deps: MlflowDeps, request: FastifyRequest, experimentId: string): Promise<Project> {
  const project = await experimentOf(deps, request, experimentId);
  if (project.lifecycle !== "active")
    throw invalidParameter(`The experiment ${experimentId} must be in the 'active' state. Current state is ${project.lifecycle}.`);
  return project;
}

/**
 * Under which id a trace is stored. Any text will do (MLflow's clients may choose their own), as long as it can be part of
 * a URL and name the folder of the trace's attachments.
 */
export function parseRequestId(requestId: string): string {
  if (requestId === "" || Buffer.byteLength(requestId) > MAX_TRACE_ID_BYTES) throw invalidParameter(`A trace id must have 1 to ${MAX_TRACE_ID_BYTES} bytes.`);
  if (/[/\\\p{Cc}]|^\.{1,2}$/u.test(requestId)) throw invalidParameter("A trace id must not hold slashes, backslashes or control characters.");
  return storedTraceId(requestId);
}

/** The trace with everything that was acknowledged about it, or MLflow's 404 (JSON: a plain one would mean "no such endpoint"). */
export async function traceOf(deps: MlflowDeps, request: FastifyRequest, requestId: string): Promise<Trace> {
  const [trace] = await tracesOf(deps, request, [requestId]);
  if (trace === undefined) throw missingResource(`Trace with ID '${requestId}' not found.`);
  return trace;
}

/** The traces that exist, in the order asked for. */
export async function tracesOf(deps: MlflowDeps, request: FastifyRequest, requestIds: readonly string[]): Promise<Trace[]> {
  const ids = [...new Set(requestIds.map(parseRequestId))];
  if (ids.length === 0) return [];
  await deps.ingest.readable(ids);
  const found = new Map<string, Trace>();
  for (const trace of await deps.traces.findTraces(deps.scopeOf(request), ids)) {
    const other = found.get(trace.traceId);
    if (other === undefined || other.updatedNs < trace.updatedNs) found.set(trace.traceId, trace);
  }
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** What a client said of a trace, with nothing in it yet. */
export function emptyTraceInfo(traceId: string): {
  requestId: string;
  metadata: Map<string, string>;
  tags: Map<string, string>;
  deletedTags: string[];
  runIds: string[];
  prompts: string[];
} {
  return { requestId: mlflowTraceId(traceId), metadata: new Map(), tags: new Map(), deletedTags: [], runIds: [], prompts: [] };
}
