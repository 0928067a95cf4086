import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { MoversOut, ReleasesOut } from "@telltale/model/api";
import type { TimeWindow } from "../time/time-window.ts";
import { call } from "./client.ts";
import type { MetricsScope } from "./metrics.ts";

const common = { placeholderData: keepPreviousData, staleTime: 25_000, gcTime: 60_000 } as const;

/** GET /releases: what a project has for the first time. */
export const releasesQuery = ({ from, to }: Pick<TimeWindow, "from" | "to">, project: string | undefined) =>
  queryOptions({
    ...common,
    queryKey: ["releases", from, to, project],
    queryFn: ({ signal }) => {
      const params = new URLSearchParams({ from, to, limit: "100", ...(project === undefined ? {} : { project_ids: project }) });
      return call<ReleasesOut>(`/releases?${params.toString()}`, { signal });
    },
  });

/** POST /overview/movers: what changed most since the period before. */
export const moversQuery = ({ time_zone: _zone, ...scope }: MetricsScope) =>
  queryOptions({
    ...common,
    queryKey: ["movers", scope],
    queryFn: ({ signal }) => call<MoversOut>("/overview/movers", { method: "POST", body: { ...scope, limit: 8 }, signal }),
  });
