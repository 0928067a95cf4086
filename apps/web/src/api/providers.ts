import { queryOptions } from "@tanstack/react-query";
import type { NewProvider, ProviderOut, ProviderPatch, ProviderTestResult } from "@telltale/model/api";
import { call } from "./client.ts";

export const providersQuery = queryOptions({
  queryKey: ["providers"],
  queryFn: async ({ signal }) => (await call<{ data: ProviderOut[] }>("/providers?limit=500", { signal })).data,
  staleTime: 30_000,
});

export const createProvider = (provider: NewProvider) => call<ProviderOut>("/providers", { method: "POST", body: provider });
export const changeProvider = (id: string, patch: ProviderPatch) => call<ProviderOut>(`/providers/${encodeURIComponent(id)}`, { method: "PATCH", body: patch });
export const deleteProvider = (id: string) => call<undefined>(`/providers/${encodeURIComponent(id)}`, { method: "DELETE" });
/** Asks the default model one small question. */
export const testProvider = (id: string) => call<ProviderTestResult>(`/providers/${encodeURIComponent(id)}/test`, { method: "POST", body: {} });
