import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type {
  CostIdentities,
  CostModels,
  CostPatterns,
  CostSummary,
  CostUnpriced,
  PricesIn,
  PricesOut,
  PricesSaved,
  RepriceIn,
  RepriceOut,
} from "@telltale/model/api";
import { call } from "./client.ts";
import type { MetricsScope } from "./metrics.ts";

/** What all questions about cost have in common: `scope.now` of `useScope()`. */
export type CostScope = Pick<MetricsScope, "from" | "to" | "filter" | "project_ids">;

function search(scope: CostScope, more: Record<string, string> = {}): string {
  const params = new URLSearchParams({ from: scope.from, to: scope.to, ...more });
  if (scope.filter !== undefined) params.set("filter", scope.filter);
  for (const id of scope.project_ids ?? []) params.append("project_ids", id);
  return params.toString();
}

/** Like the figures of metrics: what was shown stays while a window moves on. */
function costQuery<Answer>(name: string, scope: CostScope, more: Record<string, string> = {}) {
  return queryOptions({
    queryKey: ["cost", name, scope.from, scope.to, scope.filter, scope.project_ids, more],
    queryFn: ({ signal }) => call<Answer>(`/cost/${name}?${search(scope, more)}`, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 25_000,
    gcTime: 60_000,
  });
}

export const costSummaryQuery = (scope: CostScope, groupBy: string) => costQuery<CostSummary>("summary", scope, { group_by: groupBy, limit: "200" });
export const costModelsQuery = (scope: CostScope) => costQuery<CostModels>("models", scope);
export const costUnpricedQuery = (scope: CostScope) => costQuery<CostUnpriced>("unpriced", scope);
export const costIdentitiesQuery = (scope: CostScope) => costQuery<CostIdentities>("identities", scope);
export const costPatternsQuery = (scope: CostScope) => costQuery<CostPatterns>("patterns", scope);

const PAGE = 100;

/** A page of the price table; the operator's own prices come with each. */
export function readPrices(words: string, cursor: string | undefined, signal: AbortSignal): Promise<PricesOut> {
  const params = new URLSearchParams({ search: words, limit: String(PAGE), ...(cursor === undefined ? {} : { cursor }) });
  return call<PricesOut>(`/prices?${params.toString()}`, { signal });
}

/** The operator's own prices, and what `PUT` needs to know of them. */
export const ownPricesQuery = queryOptions({
  queryKey: ["prices", "own"],
  queryFn: ({ signal }) => call<PricesOut>("/prices?source=override", { signal }),
  staleTime: 10_000,
});

export const savePrices = (prices: PricesIn): Promise<PricesSaved> => call<PricesSaved>("/prices", { method: "PUT", body: prices });

export const startReprice = (question: Partial<RepriceIn>): Promise<RepriceOut> => call<RepriceOut>("/reprice", { method: "POST", body: question });
export const cancelReprice = (id: string): Promise<RepriceOut> => call<RepriceOut>(`/reprice/${id}/cancel`, { method: "POST" });

/** The last run of repricing, if there was one; asked again while it goes on. */
export const lastRepriceQuery = queryOptions({
  queryKey: ["reprice", "last"],
  queryFn: async ({ signal }) => (await call<{ data: RepriceOut[] }>("/reprice?limit=1", { signal })).data[0] ?? null,
  refetchInterval: (query) => (query.state.data?.state === "running" ? 700 : false),
});
