import { NewView, ViewOut, ViewPage, ViewPatch } from "@telltale/model/api";
import type { SavedView, ViewReader } from "@telltale/store";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { PersonHeaders, personOf, requiredPerson } from "../person.ts";
import { assertInScope, scopeOf } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { Paging, pageOf } from "./paging.ts";
import { formatMs } from "./wire/timestamp.ts";

const ViewParams = z.object({ id: z.string().max(100) });
const ListQuery = Paging.extend({ page: ViewPage.optional() });
const ViewList = z.object({ data: z.array(ViewOut), next_cursor: z.string().nullable() });

/** Saved views of pages: one's own, and those that are shared. */
export function viewRoutes(app: TypedApp, { views }: Pick<NativeDeps, "views">): void {
  const readerOf = (request: FastifyRequest): ViewReader => ({ person: personOf(request), scope: scopeOf(request) });

  app.get(
    "/views",
    {
      schema: {
        tags: ["views"],
        summary: "Saved views: shared ones and the asking person's own, by name",
        querystring: ListQuery,
        headers: PersonHeaders,
        response: { 200: ViewList },
      },
    },
    async (request) => {
      const reader = readerOf(request);
      const all = await views.list(reader, request.query.page);
      return pageOf(
        all.map((view) => toViewOut(view, reader)),
        request.query,
      );
    },
  );

  app.post(
    "/views",
    { schema: { tags: ["views"], summary: "Save a view of a page", body: NewView, headers: PersonHeaders, response: { 201: ViewOut } } },
    async (request, reply) => {
      const { name, page, state, visibility, project_id } = request.body;
      if (project_id !== null) assertInScope(request, project_id);
      const owner = visibility === "private" ? requiredPerson(request) : (personOf(request) ?? "");
      const view = await views.create({ name, page, state, visibility, owner, projectId: project_id });
      return reply.code(201).send(toViewOut(view, readerOf(request)));
    },
  );

  app.patch(
    "/views/:id",
    {
      schema: {
        tags: ["views"],
        summary: "Rename, change or share a view",
        params: ViewParams,
        body: ViewPatch,
        headers: PersonHeaders,
        response: { 200: ViewOut },
      },
    },
    async (request) => {
      const { project_id, ...change } = request.body;
      if (typeof project_id === "string") assertInScope(request, project_id);
      const reader = readerOf(request);
      return toViewOut(await views.change(reader, request.params.id, { ...change, projectId: project_id }), reader);
    },
  );

  app.delete(
    "/views/:id",
    { schema: { tags: ["views"], summary: "Delete a view", params: ViewParams, headers: PersonHeaders, response: { 204: z.null() } } },
    async (request, reply) => {
      await views.remove(readerOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function toViewOut(view: SavedView, { person }: ViewReader): ViewOut {
  return {
    id: view.id,
    name: view.name,
    page: view.page,
    state: view.state,
    visibility: view.visibility,
    project_id: view.projectId,
    is_mine: view.owner !== "" && view.owner === person,
    created_at: formatMs(view.createdMs),
    updated_at: formatMs(view.updatedMs),
  };
}
