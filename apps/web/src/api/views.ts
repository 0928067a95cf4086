import { queryOptions } from "@tanstack/react-query";
import type { ViewOut, ViewPatch } from "@telltale/model/api";
import { personId } from "./person.ts";
import { call, type RequestOptions } from "./client.ts";

/** Saved views of one page, or of all: the shared ones and this browser's own. */
export const viewsQuery = (page?: string) =>
  queryOptions({
    queryKey: ["views", page ?? "all"],
    queryFn: async ({ signal }) =>
      (await ask<{ data: ViewOut[] }>(`/views?limit=1000${page === undefined ? "" : `&page=${encodeURIComponent(page)}`}`, { signal })).data,
    staleTime: 30_000,
  });

export interface ViewToSave {
  name: string;
  page: string;
  state: Record<string, string>;
  visibility: ViewOut["visibility"];
  project_id: string | null;
}

export const createView = (view: ViewToSave) => ask<ViewOut>("/views", { method: "POST", body: view });
export const changeView = (id: string, patch: ViewPatch) => ask<ViewOut>(`/views/${encodeURIComponent(id)}`, { method: "PATCH", body: patch });
export const deleteView = (id: string) => ask<undefined>(`/views/${encodeURIComponent(id)}`, { method: "DELETE" });

function ask<T>(path: string, options: RequestOptions): Promise<T> {
  return call<T>(path, { ...options, headers: { "x-telltale-person": personId() } });
}
