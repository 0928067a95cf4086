import { useQuery } from "@tanstack/react-query";
import type { DashboardTime, TileQuery } from "@telltale/model/api";
import { createContext, use, useMemo } from "react";
import { oldestTraceQuery, type MetricsAsk } from "../../api/metrics.ts";
import { isAllTime, resolveWindow, windowInterval, type TimeWindow } from "../../time/time-window.ts";

/** What all tiles of a dashboard have in common. */
export interface DashboardScope {
  time: DashboardTime;
  /** End of windows that are open to now; moves when the dashboard asks again. */
  endMs: number;
  /** The dashboard's and its reader's, joined. */
  filter: string;
  project: string | undefined;
  timeZone: string;
}

export const DashboardScopeContext = createContext<DashboardScope | undefined>(undefined);

/** What one tile is about: the dashboard's window unless it has its own. */
export interface TileScope extends DashboardScope {
  window: TimeWindow;
  interval: string;
}

export function useTileScope(own: DashboardTime | undefined): TileScope {
  const scope = use(DashboardScopeContext);
  if (scope === undefined) throw new Error("a tile is shown outside of a dashboard");
  const time = own === undefined || Object.keys(own).length === 0 ? scope.time : own;
  const range = asSearch(time);
  const oldest = useQuery({ ...oldestTraceQuery(scope.project), enabled: isAllTime(range) }).data ?? undefined;
  return useMemo(() => {
    const window = resolveWindow(asSearch(time), scope.endMs, oldest);
    return { ...scope, window, interval: windowInterval(window) };
  }, [scope, time, oldest]);
}

/** The question of a tile's query; `interval` undefined asks for one figure over the whole window. */
export function askOf(query: TileQuery, scope: TileScope, interval: string | undefined): MetricsAsk {
  const { label: _label, filter: own, interval: _interval, ...measured } = query;
  const filter = joinFilters([scope.filter, own ?? ""]);
  return {
    ...measured,
    from: scope.window.from,
    to: scope.window.to,
    time_zone: scope.timeZone,
    ...(interval === undefined ? {} : { interval }),
    ...(filter === "" ? {} : { filter }),
    ...(scope.project === undefined ? {} : { project_ids: [scope.project] }),
  };
}

/** All of them hold. A filter stands in parentheses where it is not alone: it may contain OR. */
export function joinFilters(filters: readonly string[]): string {
  const said = [...new Set(filters.map((filter) => filter.trim()).filter((filter) => filter !== ""))];
  return said.length < 2 ? (said[0] ?? "") : said.map((filter) => (/\bor\b/i.test(filter) ? `(${filter})` : filter)).join(" AND ");
}

function asSearch({ range, from, to }: DashboardTime): { range?: string; from?: string; to?: string } {
  return { ...(range === undefined ? {} : { range }), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}
