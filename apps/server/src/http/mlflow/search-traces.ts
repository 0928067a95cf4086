import type { Trace } from "@telltale/model";
import { parseFilter, parseOrderBy } from "@telltale/model/filter";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { scopeWithin } from "./access.ts";
import type { MlflowDeps } from "./deps.ts";
import { invalidParameter } from "./errors.ts";
import { Int64, jsonBody, maybe, parseRequest, queryAll, queryInteger, queryOne } from "./request.ts";
import type { MlflowRoute } from "./route-table.ts";
import { groupAssessments } from "./read-traces.ts";
import { traceInfoJson, traceInfoV2Json } from "./trace-info.ts";

const SearchTracesV3 = z.object({
  locations: z.array(z.object({ type: maybe(z.string()), mlflow_experiment: maybe(z.object({ experiment_id: z.string() })) })).max(1000),
  filter: maybe(z.string()),
  max_results: maybe(Int64),
  order_by: maybe(z.array(z.string())),
  page_token: maybe(z.string()),
});

const DEFAULT_RESULTS = 100;
const MAX_RESULTS = 500;

interface Search {
  experimentIds: readonly string[];
  filter: string | undefined;
  maxResults: number | undefined;
  orderBy: readonly string[] | undefined;
  pageToken: string | undefined;
}

/** Listing traces without their spans: V3 as a POST, V2 as a GET. Page tokens are the store's keysets, stable while traces arrive. */
export function searchTraceRoutes(deps: MlflowDeps): MlflowRoute[] {
  return [
    { method: "POST", path: "3.0/mlflow/traces/search", handle: (request) => searchV3(deps, request) },
    { method: "GET", path: "2.0/mlflow/traces", handle: (request) => searchV2(deps, request) },
  ];
}

async function searchV3(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const sent = parseRequest(SearchTracesV3, jsonBody(request));
  const { traces, nextPageToken } = await searchPage(deps, request, {
    experimentIds: sent.locations.flatMap((location) => location.mlflow_experiment?.experiment_id ?? []),
    filter: sent.filter,
    maxResults: sent.max_results,
    orderBy: sent.order_by,
    pageToken: sent.page_token,
  });
  if (traces.length === 0) return {};
  const assessments = await groupAssessments(deps, request, traces);
  return { traces: traces.map((trace) => traceInfoJson(trace, assessments.get(trace.traceId) ?? [])), next_page_token: nextPageToken };
}

async function searchV2(deps: MlflowDeps, request: FastifyRequest): Promise<unknown> {
  const { traces, nextPageToken } = await searchPage(deps, request, {
    experimentIds: queryAll(request, "experiment_ids"),
    filter: queryOne(request, "filter"),
    maxResults: queryInteger(request, "max_results"),
    orderBy: queryAll(request, "order_by"),
    pageToken: queryOne(request, "page_token"),
  });
  return traces.length === 0 ? {} : { traces: traces.map(traceInfoV2Json), next_page_token: nextPageToken };
}

async function searchPage(deps: MlflowDeps, request: FastifyRequest, search: Search): Promise<{ traces: Trace[]; nextPageToken: string | undefined }> {
  const limit = search.maxResults ?? DEFAULT_RESULTS;
  if (limit < 1 || limit > MAX_RESULTS) {
    throw invalidParameter(`Invalid value ${limit} for parameter 'max_results' supplied: It must be a positive integer, at most ${MAX_RESULTS}.`);
  }
  const filter = parseFilter(search.filter ?? "");
  const orderBy = parseOrderBy(search.orderBy ?? []);
  const scope = scopeWithin(deps.scopeOf(request), search.experimentIds);
  if (scope.projectIds.length === 0) return { traces: [], nextPageToken: undefined };
  await deps.ingest.readable();
  const cursor = search.pageToken === "" ? undefined : search.pageToken;
  const page = await deps.traces.searchTraces({ scope, filter, orderBy: orderBy.length === 0 ? undefined : orderBy, limit, cursor });
  return { traces: page.traces, nextPageToken: page.nextCursor ?? undefined };
}
