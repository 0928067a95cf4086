import { queryOptions } from "@tanstack/react-query";
import type { DashboardOut, DashboardPatch, DashboardSummary, NewDashboard } from "@telltale/model/api";
import type { z } from "zod";
import { call } from "./client.ts";

/** Dashboards of a project and those of none, or all there are. */
export const dashboardsQuery = (project: string | undefined) =>
  queryOptions({
    queryKey: ["dashboards", project],
    queryFn: async ({ signal }) =>
      (
        await call<{ data: DashboardSummary[] }>(`/dashboards?limit=1000${project === undefined ? "" : `&project_id=${encodeURIComponent(project)}`}`, {
          signal,
        })
      ).data,
    staleTime: 15_000,
  });

export const dashboardQuery = (id: string) =>
  queryOptions({
    queryKey: ["dashboard", id],
    queryFn: ({ signal }) => call<DashboardOut>(`/dashboards/${encodeURIComponent(id)}`, { signal }),
    staleTime: 15_000,
  });

/** As it is now, whatever was read before. */
export const readDashboard = (id: string) => call<DashboardOut>(`/dashboards/${encodeURIComponent(id)}`);
export const createDashboard = (dashboard: z.input<typeof NewDashboard>) => call<DashboardOut>("/dashboards", { method: "POST", body: dashboard });
export const changeDashboard = (id: string, patch: DashboardPatch) =>
  call<DashboardOut>(`/dashboards/${encodeURIComponent(id)}`, { method: "PATCH", body: patch });
export const deleteDashboard = (id: string) => call<undefined>(`/dashboards/${encodeURIComponent(id)}`, { method: "DELETE" });
export const exportDashboard = (id: string) => call<unknown>(`/dashboards/${encodeURIComponent(id)}/export`);
/** The file is checked by the server, which names what is wrong with it. */
export const importDashboard = (file: unknown, project: string | undefined) =>
  call<DashboardOut>(`/dashboards/import${project === undefined ? "" : `?project_id=${encodeURIComponent(project)}`}`, { method: "POST", body: file });
