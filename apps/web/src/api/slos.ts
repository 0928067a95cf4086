import { queryOptions } from "@tanstack/react-query";
import type { NewSlo, SloOut, SloPatch, SloPreviewOut, SloStatusOut } from "@telltale/model/api";
import { call } from "./client.ts";

/** An objective moves slowly; a minute old is fresh. */
const REFRESH_MS = 60_000;

export const slosQuery = (project?: string) =>
  queryOptions({
    queryKey: ["slos", project ?? "all"],
    queryFn: async ({ signal }) =>
      (await call<{ data: SloOut[] }>(`/slos?limit=500${project === undefined ? "" : `&project_id=${encodeURIComponent(project)}`}`, { signal })).data,
    staleTime: 30_000,
  });

export const sloQuery = (id: string) =>
  queryOptions({ queryKey: ["slo", id], queryFn: ({ signal }) => call<SloOut>(`/slos/${encodeURIComponent(id)}`, { signal }), staleTime: 30_000 });

/** Kept under the objective's last change: one that was edited is measured anew. */
export const sloStatusQuery = ({ id, updated_at }: Pick<SloOut, "id" | "updated_at">) =>
  queryOptions({
    queryKey: ["slo-status", id, updated_at],
    queryFn: ({ signal }) => call<SloStatusOut>(`/slos/${encodeURIComponent(id)}/status`, { signal }),
    staleTime: REFRESH_MS / 2,
    refetchInterval: REFRESH_MS,
  });

/** What an objective promises, without a name. */
export type SloObjectiveIn = Pick<NewSlo, "project_id" | "filter" | "indicator" | "target" | "window_days">;

export const sloPreviewQuery = (objective: SloObjectiveIn | undefined) =>
  queryOptions({
    queryKey: ["slo-preview", objective],
    queryFn: ({ signal }) => call<SloPreviewOut>("/slos/preview", { method: "POST", body: objective, signal }),
    enabled: objective !== undefined,
    staleTime: REFRESH_MS,
    retry: false,
  });

export const createSlo = (slo: NewSlo) => call<SloOut>("/slos", { method: "POST", body: slo });
export const changeSlo = (id: string, patch: SloPatch) => call<SloOut>(`/slos/${encodeURIComponent(id)}`, { method: "PATCH", body: patch });
export const deleteSlo = (id: string) => call<undefined>(`/slos/${encodeURIComponent(id)}`, { method: "DELETE" });
