import { TelltaleError } from "@telltale/model";
import { type ErasureCounts, EraseIn, ErasureListOut, ErasureOut, ErasurePreview, MAX_GROUP_ID, PersonExportIn } from "@telltale/model/api";
import type { Erasure } from "@telltale/store";
import { z } from "zod";
import { personOf } from "../person.ts";
import { narrowedScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { Paging, pageOf } from "./paging.ts";
import { exportPerson } from "./person-export.ts";
import { UserParams } from "./users.ts";
import { formatMs } from "./wire/timestamp.ts";

const ErasureParams = z.object({ id: z.string().max(100) });
const ErasureQuery = Paging.extend({
  /** Only those of this user. */
  user: z.string().min(1).max(MAX_GROUP_ID).optional(),
});
/** Receipts that are listed, newest first. */
const MAX_LISTED = 1_000;
/** An export reads for minutes. */
const MAX_EXPORTS = 2;

type ErasureDeps = Pick<NativeDeps, "eraser" | "ingest" | "questions" | "sessions" | "blobs" | "artifacts" | "readSpan" | "now">;

export function erasureRoutes(app: TypedApp, deps: ErasureDeps): void {
  const { eraser } = deps;
  app.post(
    "/users/:id/erase",
    {
      schema: {
        tags: ["sessions"],
        summary: "Erase a user: traces with everything in them, from the engine's files, blobs and journal; dry_run only counts",
        params: UserParams,
        body: EraseIn,
        response: { 200: ErasurePreview, 202: ErasureOut },
      },
    },
    async (request, reply) => {
      const scope = narrowedScope(request, request.body.project_ids);
      if (request.body.dry_run) return reply.code(200).send(await eraser.preview(scope, request.params.id));
      return reply.code(202).send(toErasureOut(await eraser.start(scope, request.params.id, personOf(request) ?? "local")));
    },
  );

  app.get(
    "/erasures",
    {
      schema: {
        tags: ["sessions"],
        summary: "Receipts of erasures, newest first, and how far those are that run",
        querystring: ErasureQuery,
        response: { 200: ErasureListOut },
      },
    },
    async (request) => {
      const receipts = (await eraser.list(MAX_LISTED, request.query.user)).map((erasure) => ({ id: erasure.id, out: toErasureOut(erasure) }));
      const { data, next_cursor } = pageOf(receipts, request.query);
      return { data: data.map(({ out }) => out), next_cursor };
    },
  );

  app.get(
    "/erasures/:id",
    { schema: { tags: ["sessions"], summary: "One receipt", params: ErasureParams, response: { 200: ErasureOut } } },
    async (request) => {
      const found = await eraser.find(request.params.id);
      if (found === undefined) throw new TelltaleError("not_found", `There is no erasure ${request.params.id}`);
      return toErasureOut(found);
    },
  );

  let exporting = 0;
  app.post(
    "/users/:id/export",
    {
      schema: {
        tags: ["sessions"],
        summary: "Everything of a user as a .tar.gz: NDJSON of traces, spans, assessments and sessions, the blobs, and a manifest with checksums",
        params: UserParams,
        body: PersonExportIn.optional(),
      },
    },
    async (request, reply) => {
      const userId = request.params.id;
      const scope = narrowedScope(request, request.body?.project_ids);
      if (exporting >= MAX_EXPORTS) throw new TelltaleError("overloaded", `${MAX_EXPORTS} exports are running already`, { retryAfterS: 10 });
      exporting += 1;
      // Given back when the answer is over, however it ended.
      reply.raw.once("close", () => (exporting -= 1));
      await deps.ingest.readable();
      const figures = await deps.sessions.user({ scope, userId, fromNs: undefined, toNs: undefined }, request.signal);
      if (figures === undefined) throw new TelltaleError("not_found", `There are no traces of a user ${JSON.stringify(userId.slice(0, 100))}`);
      return reply
        .header("content-type", "application/gzip")
        .header("content-disposition", `attachment; filename="user-export-${new Date(deps.now()).toISOString().slice(0, 10)}.tar.gz"`)
        .header("cache-control", "no-store")
        .send(exportPerson({ scope, userId }, deps, request.signal));
    },
  );
}

export function toErasureOut(erasure: Erasure): ErasureOut {
  return {
    erasure_id: erasure.id,
    user_sha256: erasure.subjectSha256,
    project_ids: erasure.projectIds ?? null,
    requested_by: erasure.requestedBy,
    requested_at: formatMs(erasure.createdMs),
    finished_at: erasure.finishedMs === undefined ? null : formatMs(erasure.finishedMs),
    state: erasure.state,
    step: erasure.step as ErasureOut["step"], // written by the eraser from the same list
    counts: { ...(erasure.counts as ErasureCounts & { quarantined: number }), copies: erasure.counts["copies"] ?? 0 }, // likewise; receipts of before have no copies
    traces_sha256: erasure.tracesSha256 ?? null,
    error: erasure.error ?? null,
  };
}
