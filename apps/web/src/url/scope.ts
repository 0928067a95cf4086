import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { oldestTraceQuery, type MetricsScope } from "../api/metrics.ts";
import { useWindowEnd } from "../time/clock.ts";
import { isAllTime, previousWindow, resolveWindow, windowInterval, type TimeWindow } from "../time/time-window.ts";
import type { ScopeSearch } from "./page-search.ts";
import { useShellSearch, useZone } from "./search.ts";

export interface Scope {
  window: TimeWindow;
  previous: TimeWindow;
  /** The step of charts: `interval` of the metrics API. */
  interval: string;
  filter: string;
  project: string | undefined;
  isCompared: boolean;
  /** What every question about the window has in common; for `metricsQuery({ ...scope.now, metric: … })`. */
  now: MetricsScope;
  /** The same about the period before. */
  before: MetricsScope;
}

/** What the figures of a page are about, from the URL. All panels that use it ask for the same window; an open one moves every 30 s. */
export function useScope(): Scope {
  const shell = useShellSearch();
  const search: ScopeSearch = useSearch({ strict: false });
  const endMs = useWindowEnd();
  const timeZone = useTimeZone();
  const { project, range, from, to } = shell;
  const oldest = useQuery({ ...oldestTraceQuery(project), enabled: isAllTime(shell) }).data ?? undefined;
  const filter = search.filter ?? "";
  const isCompared = search.compare === "1";
  // A closed window does not move with the clock, so its questions stay the same.
  const clockMs = to === undefined ? endMs : 0;
  return useMemo(() => {
    const window = resolveWindow(
      { ...(range === undefined ? {} : { range }), ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
      clockMs,
      oldest,
    );
    const previous = previousWindow(window);
    const common = { time_zone: timeZone, ...(filter === "" ? {} : { filter }), ...(project === undefined ? {} : { project_ids: [project] }) };
    return {
      window,
      previous,
      interval: windowInterval(window),
      filter,
      project,
      isCompared,
      now: { ...common, from: window.from, to: window.to },
      before: { ...common, from: previous.from, to: previous.to },
    };
  }, [project, range, from, to, clockMs, oldest, filter, isCompared, timeZone]);
}

/** The IANA zone in which days begin: the one times are shown in. */
export function useTimeZone(): string {
  return useZone() === "utc" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
}
