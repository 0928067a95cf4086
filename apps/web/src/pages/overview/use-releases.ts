import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { releasesQuery } from "../../api/overview.ts";
import type { ChartMarker } from "../../components/chart/TimeChart.tsx";
import type { Scope } from "../../url/scope.ts";

/** What is new in the window; what was there from the start is no news. */
export function useReleases(scope: Scope) {
  const query = useQuery(releasesQuery(scope.window, scope.project));
  const releases = useMemo(() => query.data?.data.filter(({ initial }) => !initial) ?? [], [query.data]);
  return { query, releases };
}

/** Releases as lines of a chart. When they cannot be read the chart goes without: the panel of changes says why. */
export function useReleaseMarkers(scope: Scope): readonly ChartMarker[] {
  const { releases } = useReleases(scope);
  return useMemo(
    () =>
      releases
        // One trace may bring several: the version names the line.
        .toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))
        .map(({ time, kind, value }) => ({ timeMs: Date.parse(time), label: kind === "version" ? value : `${kind} ${value}` })),
    [releases],
  );
}

const kinds = ["version", "prompt", "model"];
