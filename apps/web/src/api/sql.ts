import { queryOptions } from "@tanstack/react-query";
import type { SqlAnswer } from "@telltale/model/api";
import { call } from "./client.ts";

/** One query's answer; it stays until the query is run again. Cancelling ends it on the server as well. */
export const sqlQuery = (query: string, project: string | undefined) =>
  queryOptions({
    queryKey: ["sql", query, project ?? "all"],
    queryFn: ({ signal }) => call<SqlAnswer>("/sql", { method: "POST", body: { query, ...(project === undefined ? {} : { project_ids: [project] }) }, signal }),
    enabled: query.trim() !== "",
    staleTime: Infinity,
    gcTime: 60_000, // up to 32 MB each
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
