import { queryOptions } from "@tanstack/react-query";
import type { LabelSchemaOut, LabelSchemaPatch, NewLabelSchema } from "@telltale/model/api";
import { call } from "./client.ts";

/** What people are asked about the traces of a project, newest first; the one that every project has comes last. */
export const labelSchemasQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["label-schemas", projectId],
    queryFn: async ({ signal }) =>
      (await call<{ data: LabelSchemaOut[] }>(`/label-schemas?limit=500&project_id=${encodeURIComponent(projectId)}`, { signal })).data,
    staleTime: 30_000,
  });

export const createLabelSchema = (schema: NewLabelSchema) => call<LabelSchemaOut>("/label-schemas", { method: "POST", body: schema });
export const changeLabelSchema = (id: string, patch: LabelSchemaPatch) => call<LabelSchemaOut>(`/label-schemas/${id}`, { method: "PATCH", body: patch });
export const deleteLabelSchema = (id: string) => call<undefined>(`/label-schemas/${id}`, { method: "DELETE" });
