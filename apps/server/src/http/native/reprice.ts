import { RepriceIn, RepriceOut } from "@telltale/model/api";
import { z } from "zod";
import { narrowedScope } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { Paging, pageOf } from "./paging.ts";

const Params = z.object({ id: z.string().max(20) });
const RepricePage = z.object({ data: z.array(RepriceOut), next_cursor: z.string().nullable() });
/** Runs that are listed, newest first. */
const MAX_LISTED = 1_000;

export function repriceRoutes(app: TypedApp, { repricer }: Pick<NativeDeps, "repricer">): void {
  app.post(
    "/reprice",
    {
      schema: {
        tags: ["cost"],
        summary: "Price stored model calls again at the prices of now; one run at a time, it goes on after a restart",
        body: RepriceIn,
        response: { 202: RepriceOut },
      },
    },
    async (request, reply) => {
      const { project_ids, ...question } = request.body;
      const { projectIds } = narrowedScope(request, project_ids);
      return reply.code(202).send(await repricer.start({ ...question, project_ids: projectIds === "all" ? null : [...projectIds] }));
    },
  );

  app.get(
    "/reprice",
    { schema: { tags: ["cost"], summary: "Repricing runs, newest first", querystring: Paging, response: { 200: RepricePage } } },
    async (request) => pageOf(await repricer.list(MAX_LISTED), request.query),
  );

  app.get(
    "/reprice/:id",
    { schema: { tags: ["cost"], summary: "A repricing run: how far it is, and what it changed per model", params: Params, response: { 200: RepriceOut } } },
    async (request) => repricer.find(request.params.id),
  );

  app.post(
    "/reprice/:id/cancel",
    { schema: { tags: ["cost"], summary: "End a repricing run; what it has done stays", params: Params, response: { 200: RepriceOut } } },
    async (request) => repricer.cancel(request.params.id),
  );
}
