import { mlflowTraceId, TelltaleError, type Trace } from "@telltale/model";
import { TagsPatch, Timestamp, TraceSummary } from "@telltale/model/api";
import { z } from "zod";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { findTrace, scopeOfTrace } from "./find-trace.ts";
import { traceQuery } from "./trace-query.ts";
import { toTraceSummary } from "./wire/trace-summary.ts";

const TraceParams = z.object({ id: z.string().max(250) });
const DeleteTraces = z.strictObject({
  /** Blank would mean "all": whoever wants that says so. */
  filter: z.string().trim().min(1).max(20_000),
  project_ids: z.array(z.string()).max(1000).optional(),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
});
const Deleted = z.object({
  deleted: z.number(),
  /** True when the bound of one request was reached: call again for the rest. */
  more: z.boolean(),
});

const DELETE_BATCH = 500;
const MAX_DELETED_PER_REQUEST = 10_000;
/** MLflow's limit for tags of one trace is not documented; this keeps a row readable. */
const MAX_TAGS_PER_PATCH = 100;

export function traceWriteRoutes(app: TypedApp, deps: Pick<NativeDeps, "ingest" | "questions">): void {
  app.patch(
    "/traces/:id/tags",
    { schema: { tags: ["traces"], summary: "Set tags; null removes one", params: TraceParams, body: TagsPatch, response: { 200: TraceSummary } } },
    async (request) => {
      const trace = await findTrace(request, request.params.id, deps);
      await deps.ingest.apply([tagCommand(trace, request.body.tags)]);
      const after = await findTrace(request, request.params.id, deps);
      return toTraceSummary(after, await deps.questions.assessmentsOf(scopeOfTrace(after), [after.traceId], request.signal));
    },
  );

  app.delete(
    "/traces/:id",
    { schema: { tags: ["traces"], summary: "Delete a trace", params: TraceParams, response: { 204: z.null() } } },
    async (request, reply) => {
      const { projectId, traceId } = await findTrace(request, request.params.id, deps);
      await deps.ingest.apply([{ type: "traces_delete", projectId, traceIds: [traceId] }]);
      return reply.code(204).send(null);
    },
  );

  app.post(
    "/traces/delete",
    { schema: { tags: ["traces"], summary: "Delete every trace that matches a filter", body: DeleteTraces, response: { 200: Deleted } } },
    async (request) => {
      const query = { ...traceQuery(request, request.body), limit: DELETE_BATCH };
      await deps.ingest.readable();
      let deleted = 0;
      let cursor: string | undefined;
      do {
        const page = await deps.questions.searchTraces({ ...query, cursor }, request.signal);
        await deps.ingest.apply(deleteCommands(page.traces));
        deleted += page.traces.length;
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined && deleted < MAX_DELETED_PER_REQUEST);
      return { deleted, more: cursor !== undefined };
    },
  );
}

function tagCommand(trace: Trace, patch: Record<string, string | null>): Parameters<NativeDeps["ingest"]["apply"]>[0][number] {
  const entries = Object.entries(patch);
  if (entries.length > MAX_TAGS_PER_PATCH)
    throw new TelltaleError("bad_request", `At most ${MAX_TAGS_PER_PATCH} tags can be changed at once`, { field: "body.tags" });
  const set = entries.filter((entry): entry is [string, string] => entry[1] !== null);
  return {
    type: "trace_info",
    projectId: trace.projectId,
    traceId: trace.traceId,
    info: {
      requestId: trace.info?.requestId ?? mlflowTraceId(trace.traceId),
      metadata: new Map(),
      tags: new Map(set),
      deletedTags: entries.filter(([, value]) => value === null).map(([key]) => key),
      runIds: [],
      prompts: [],
    },
  };
}

function deleteCommands(traces: readonly Trace[]): { type: "traces_delete"; projectId: string; traceIds: string[] }[] {
  const byProject = new Map<string, string[]>();
  for (const { projectId, traceId } of traces) {
    const known = byProject.get(projectId);
    if (known === undefined) byProject.set(projectId, [traceId]);
    else known.push(traceId);
  }
  return Array.from(byProject, ([projectId, traceIds]) => ({ type: "traces_delete", projectId, traceIds }));
}
