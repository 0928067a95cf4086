import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { TraceSearch, TraceSummary } from "@telltale/model/api";
import { useMemo } from "react";
import { searchTraces } from "../../api/queries.ts";

const PAGE_SIZE = 100;

/** What is asked for, without paging. */
export type TraceListSearch = Pick<TraceSearch, "project_ids" | "filter" | "order_by" | "from" | "to">;

/** The list, page by page as it is scrolled. */
export function useTraceList(search: TraceListSearch) {
  const query = useInfiniteQuery({
    queryKey: ["traces", search],
    queryFn: ({ pageParam, signal }) => searchTraces({ ...search, limit: PAGE_SIZE, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const traces = useMemo(() => uniqueTraces(query.data?.pages.flatMap((page) => page.data) ?? []), [query.data]);
  return { query, traces };
}

/** Count and facets, asked apart from the rows so that they never hold them up. */
export function useTraceFigures(search: TraceListSearch) {
  const { order_by: _order, ...rest } = search;
  return useQuery({
    queryKey: ["trace-figures", rest],
    queryFn: ({ signal }) => searchTraces({ ...rest, limit: 1, include: ["count", "facets"] }, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}

/** The first of each id stays: a trace that moved between two pages is shown once. */
export function uniqueTraces(traces: readonly TraceSummary[]): TraceSummary[] {
  const seen = new Set<string>();
  return traces.filter((trace) => !seen.has(trace.trace_id) && seen.add(trace.trace_id) !== undefined);
}
