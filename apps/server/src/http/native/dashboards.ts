import { DASHBOARD_FORMAT, DASHBOARD_SCHEMA_VERSION, DashboardFile, DashboardOut, DashboardPatch, DashboardSummary, NewDashboard } from "@telltale/model/api";
import { z } from "zod";
import { checkDashboard, contentOf, readContent, type DashboardContent } from "../../dashboards/content.ts";
import { assertInScope, scopeOf } from "../scope.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { Paging, pageOf } from "./paging.ts";
import { toDashboardOut, toDashboardSummary } from "./wire/dashboard-out.ts";

const DashboardParams = z.object({ id: z.string().max(100) });
const ProjectId = z.string().max(20).optional();
const ListQuery = Paging.extend({ project_id: ProjectId.describe("Only those of this project, and those of none") });
const DashboardList = z.object({ data: z.array(DashboardSummary), next_cursor: z.string().nullable() });

/** Dashboards: tiles of saved metric queries, changed by whoever was first, carried as files. */
export function dashboardRoutes(app: TypedApp, { dashboards }: Pick<NativeDeps, "dashboards">): void {
  app.get(
    "/dashboards",
    { schema: { tags: ["dashboards"], summary: "Dashboards without their tiles, by name", querystring: ListQuery, response: { 200: DashboardList } } },
    async (request) => {
      const { project_id } = request.query;
      const all = await dashboards.list(scopeOf(request));
      const wanted = project_id === undefined ? all : all.filter(({ projectId }) => projectId === null || projectId === project_id);
      return pageOf(wanted.map(toDashboardSummary), request.query);
    },
  );

  app.post(
    "/dashboards",
    { schema: { tags: ["dashboards"], summary: "Create a dashboard", body: NewDashboard, response: { 201: DashboardOut } } },
    async (request, reply) => {
      const { name, project_id, ...content } = request.body;
      if (project_id !== null) assertInScope(request, project_id);
      checkDashboard(content, "body");
      return reply.code(201).send(toDashboardOut(await dashboards.create({ name, projectId: project_id, content })));
    },
  );

  app.post(
    "/dashboards/import",
    {
      schema: {
        tags: ["dashboards"],
        summary: "Create a dashboard from a file that export wrote",
        querystring: z.object({ project_id: ProjectId }),
        body: DashboardFile,
        response: { 201: DashboardOut },
      },
    },
    async (request, reply) => {
      const { project_id } = request.query;
      if (project_id !== undefined) assertInScope(request, project_id);
      const { name, ...content } = request.body.dashboard;
      checkDashboard(content, "body.dashboard");
      return reply.code(201).send(toDashboardOut(await dashboards.create({ name, projectId: project_id ?? null, content })));
    },
  );

  app.get(
    "/dashboards/:id",
    { schema: { tags: ["dashboards"], summary: "One dashboard with its tiles", params: DashboardParams, response: { 200: DashboardOut } } },
    async (request) => toDashboardOut(await dashboards.find(scopeOf(request), request.params.id)),
  );

  app.get(
    "/dashboards/:id/export",
    { schema: { tags: ["dashboards"], summary: "One dashboard as a file for import", params: DashboardParams, response: { 200: DashboardFile } } },
    async (request, reply) => {
      const { name, content } = await dashboards.find(scopeOf(request), request.params.id);
      const file: DashboardFile = { format: DASHBOARD_FORMAT, schema_version: DASHBOARD_SCHEMA_VERSION, dashboard: { name, ...readContent(content) } };
      const fileName =
        name
          .replaceAll(/[^A-Za-z0-9]+/g, "-")
          .replaceAll(/^-|-$/g, "")
          .toLowerCase() || "dashboard";
      return reply.header("content-disposition", `attachment; filename="${fileName}.dashboard.json"`).send(file);
    },
  );

  app.patch(
    "/dashboards/:id",
    {
      schema: {
        tags: ["dashboards"],
        summary: "Change a dashboard; 409 when it is no longer at the version that was read",
        params: DashboardParams,
        body: DashboardPatch,
        response: { 200: DashboardOut },
      },
    },
    async (request) => {
      const scope = scopeOf(request);
      const { version, name, project_id, ...changed } = request.body;
      if (typeof project_id === "string") assertInScope(request, project_id);
      const before = await dashboards.find(scope, request.params.id);
      const content: DashboardContent = { ...readContent(before.content), ...contentOf(changed) };
      checkDashboard(content, "body");
      return toDashboardOut(await dashboards.change(scope, request.params.id, version, { name, projectId: project_id, content }));
    },
  );

  app.delete(
    "/dashboards/:id",
    { schema: { tags: ["dashboards"], summary: "Delete a dashboard", params: DashboardParams, response: { 204: z.null() } } },
    async (request, reply) => {
      await dashboards.remove(scopeOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
