import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { DiagnosticsSummary } from "@telltale/model/api";
import { call } from "./client.ts";

export interface DiagnosticsAsk {
  from: string;
  to: string;
  project?: string | undefined;
  group_by: "diagnostic" | "agent" | "tool";
}

const ask = ({ from, to, project, group_by }: DiagnosticsAsk, signal: AbortSignal): Promise<DiagnosticsSummary> =>
  call(`/diagnostics?${new URLSearchParams({ from, to, group_by, ...(project === undefined ? {} : { project_id: project }) })}`, { signal });

/** What was found in a window, added up. */
export const diagnosticsQuery = (question: DiagnosticsAsk) =>
  queryOptions({
    queryKey: ["diagnostics", question],
    queryFn: ({ signal }) => ask(question, signal),
    placeholderData: keepPreviousData,
    staleTime: 25_000,
    gcTime: 60_000,
  });

/** Every diagnostic there is. The names come with any summary: that of the last minute is the shortest. */
export const diagnosticNamesQuery = queryOptions({
  queryKey: ["diagnostic-names"],
  queryFn: async ({ signal }) => {
    const now = Date.now();
    const minute = { from: new Date(now - 60_000).toISOString(), to: new Date(now).toISOString(), group_by: "diagnostic" as const };
    return (await ask(minute, signal)).diagnostics;
  },
  staleTime: Infinity,
});
