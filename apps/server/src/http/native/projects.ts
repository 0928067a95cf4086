import { NewProject, ProjectOut, ProjectPatch } from "@telltale/model/api";
import { TelltaleError, type Project } from "@telltale/model";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { assertInScope, scopeOf } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { Paging, pageOf } from "./paging.ts";
import { recordOf } from "./wire/plain-values.ts";
import { formatMs } from "./wire/timestamp.ts";

const ProjectParams = z.object({ id: z.string().max(20) });
const ListQuery = Paging.extend({ lifecycle: z.enum(["active", "deleted", "all"]).default("active") });
const ProjectPage = z.object({ data: z.array(ProjectOut), next_cursor: z.string().nullable() });
const DEFAULT_PROJECT_ID = "0";

export function projectRoutes(app: TypedApp, { projects }: Pick<NativeDeps, "projects">): void {
  const find = async (request: FastifyRequest, id: string): Promise<Project> => {
    assertInScope(request, id);
    const project = await projects.find(id);
    if (project === undefined) throw new TelltaleError("project_not_found", `There is no project with id ${id}`);
    return project;
  };

  app.get(
    "/projects",
    { schema: { tags: ["projects"], summary: "Projects, oldest first", querystring: ListQuery, response: { 200: ProjectPage } } },
    async (request) => {
      const { projectIds } = scopeOf(request);
      const all = await projects.list({ lifecycle: request.query.lifecycle });
      const visible = projectIds === "all" ? all : all.filter((project) => projectIds.includes(project.id));
      return pageOf(visible.map(toProjectOut), request.query);
    },
  );

  app.post(
    "/projects",
    { schema: { tags: ["projects"], summary: "Create a project", body: NewProject, response: { 201: ProjectOut } } },
    async (request, reply) => {
      const { name, tags } = request.body;
      return reply.code(201).send(toProjectOut(await projects.create({ name, tags: new Map(Object.entries(tags ?? {})) })));
    },
  );

  app.get("/projects/:id", { schema: { tags: ["projects"], summary: "One project", params: ProjectParams, response: { 200: ProjectOut } } }, async (request) =>
    toProjectOut(await find(request, request.params.id)),
  );

  app.patch(
    "/projects/:id",
    {
      schema: {
        tags: ["projects"],
        summary: "Rename, tag, archive or restore a project",
        params: ProjectParams,
        body: ProjectPatch,
        response: { 200: ProjectOut },
      },
    },
    async (request) => {
      const { id, name } = await find(request, request.params.id);
      const patch = request.body;
      if (patch.lifecycle === "deleted") refuseDefault(id);
      if (patch.name !== undefined && patch.name !== name) await projects.rename(id, patch.name);
      for (const [key, value] of Object.entries(patch.tags ?? {})) {
        await (value === null ? projects.deleteTag(id, key) : projects.setTag(id, key, value));
      }
      if (patch.lifecycle !== undefined) await projects.setLifecycle(id, patch.lifecycle);
      return toProjectOut(await find(request, id));
    },
  );

  app.delete(
    "/projects/:id",
    {
      schema: {
        tags: ["projects"],
        summary: "Archive a project; its traces stay, and PATCH lifecycle=active brings it back",
        params: ProjectParams,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { id } = await find(request, request.params.id);
      refuseDefault(id);
      await projects.setLifecycle(id, "deleted");
      return reply.code(204).send(null);
    },
  );
}

/** Clients that name no project log to it, so it always exists. */
function refuseDefault(id: string): void {
  if (id === DEFAULT_PROJECT_ID) throw new TelltaleError("bad_request", "The project Default cannot be deleted: spans that name no project go there");
}

function toProjectOut(project: Project): ProjectOut {
  return {
    id: project.id,
    name: project.name,
    lifecycle: project.lifecycle,
    tags: recordOf(project.tags),
    created_at: formatMs(project.createdMs),
    updated_at: formatMs(project.updatedMs),
  };
}
