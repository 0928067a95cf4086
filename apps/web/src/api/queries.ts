import { queryOptions } from "@tanstack/react-query";
import { type ColumnSpan, columnSpans } from "@telltale/model/api";
import type { IngestHealth, ProjectOut, ServerInfo, SpanDetail, TraceColumns, TracePageOut, TraceSearch } from "@telltale/model/api";
import { call } from "./client.ts";

/** Server state, one place per question; keys are `[noun, …parameters]`. */
export const serverQuery = queryOptions({
  queryKey: ["server"],
  queryFn: ({ signal }) => call<ServerInfo>("/server", { signal }),
  staleTime: 60_000,
  // While the demo project is being written or removed, its progress is followed.
  refetchInterval: (query) => (query.state.data?.demo.state === "creating" || query.state.data?.demo.state === "removing" ? 600 : false),
});

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: async ({ signal }) => {
    const projects: ProjectOut[] = [];
    let cursor: string | null = null;
    // Bounded: a switcher with more than a few thousand entries is searched on the server, not listed.
    for (let page = 0; page < 10; page += 1) {
      const answer: { data: ProjectOut[]; next_cursor: string | null } = await call(
        `/projects?limit=500${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
        {
          signal,
        },
      );
      projects.push(...answer.data);
      cursor = answer.next_cursor;
      if (cursor === null) break;
    }
    return projects.filter((project) => project.lifecycle === "active");
  },
  staleTime: 30_000,
});

export const ingestHealthQuery = queryOptions({
  queryKey: ["ingest-health"],
  queryFn: ({ signal }) => call<IngestHealth>("/ingest/health", { signal }),
  refetchInterval: 2_000,
});

/** A trace and its spans, as views on the columns that were sent. */
export type TraceTree = Omit<TraceColumns, "columns"> & { spans: ColumnSpan[] };

/** One trace with what its tree is drawn from. Columns: a seventh of the bytes of 50,000 skeletons. */
export const traceQuery = (traceId: string) =>
  queryOptions({
    queryKey: ["trace", traceId],
    queryFn: async ({ signal }): Promise<TraceTree> => {
      const { columns, ...rest } = await call<TraceColumns>(`/traces/${encodeURIComponent(traceId)}?columns=true`, { signal });
      return { ...rest, spans: columnSpans(columns) };
    },
    staleTime: 15_000,
    refetchInterval: (query) => (query.state.data?.trace.status === "in_progress" && query.state.data.spans.length < 5_000 ? 3_000 : false),
  });

export const spanQuery = (traceId: string, spanId: string) =>
  queryOptions({
    queryKey: ["span", traceId, spanId],
    queryFn: ({ signal }) => call<SpanDetail>(`/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(spanId)}`, { signal }),
    staleTime: 60_000,
    gcTime: 120_000,
  });

/** POST /traces/search. */
export function searchTraces(search: TraceSearch, signal?: AbortSignal): Promise<TracePageOut> {
  return call<TracePageOut>("/traces/search", { method: "POST", body: search, ...(signal === undefined ? {} : { signal }) });
}

/** Whether the project has any trace at all, of any time: asked when a page is empty, and again until one arrives. */
export const hasTracesQuery = (projectIds: string[] | undefined) =>
  queryOptions({
    queryKey: ["has-traces", projectIds],
    queryFn: async ({ signal }) => (await searchTraces({ ...(projectIds === undefined ? {} : { project_ids: projectIds }), limit: 1 }, signal)).data.length > 0,
    refetchInterval: (query) => (query.state.data === false ? 1_500 : false),
  });

export const docsQuery = queryOptions({
  queryKey: ["docs"],
  queryFn: async ({ signal }) => {
    const answer = await call<{ data: { slug: string; title: string }[] } | { slug: string; title: string }[]>("/docs", { signal });
    return Array.isArray(answer) ? answer : answer.data;
  },
  staleTime: Infinity,
});

export const docQuery = (slug: string) =>
  queryOptions({
    queryKey: ["docs", slug],
    queryFn: ({ signal }) => call<{ markdown: string }>(`/docs/${encodeURIComponent(slug)}`, { signal }),
    staleTime: Infinity,
  });
