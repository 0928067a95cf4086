import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { AnchorsOut, AttributionOut } from "@telltale/model/api";
import { call } from "./client.ts";
import type { QualityWindow } from "./quality.ts";
import { scorerPath, type ScorerKey } from "./scorers.ts";

const REFRESH_MS = 20_000;
const WORKING_MS = 2_000;

/** The frozen traces of a judge and its runs over them. */
export const anchorsQuery = (key: ScorerKey) =>
  queryOptions({
    queryKey: ["scorers", key.project_id, key.name, "anchors"],
    queryFn: ({ signal }) => call<AnchorsOut>(scorerPath(key, "/anchors"), { signal }),
    staleTime: WORKING_MS,
    refetchInterval: ({ state }) => (isWorking(state.data) ? WORKING_MS : REFRESH_MS),
  });

export function isWorking(anchors: AnchorsOut | undefined): boolean {
  return anchors?.set != null && anchors.set.next_run_at === null;
}

/** Why the rate of a window differs from that of the window before. */
export const attributionQuery = (key: ScorerKey, { from, to }: QualityWindow) =>
  queryOptions({
    queryKey: ["scorers", key.project_id, key.name, "attribution", from, to],
    queryFn: ({ signal }) => call<AttributionOut>(scorerPath(key, "/attribution", { from, to }), { signal }),
    placeholderData: keepPreviousData,
    staleTime: REFRESH_MS,
  });

export type AnchorChange = { kind: "freeze" } | { kind: "run" } | { kind: "remove" } | { kind: "interval"; hours: number };

export function changeAnchors(key: ScorerKey, change: AnchorChange): Promise<unknown> {
  switch (change.kind) {
    case "freeze":
      return call(scorerPath(key, "/anchors"), { method: "POST", body: {} });
    case "run":
      return call(scorerPath(key, "/anchors/run"), { method: "POST" });
    case "remove":
      return call(scorerPath(key, "/anchors"), { method: "DELETE" });
    case "interval":
      return call(scorerPath(key, "/anchors"), { method: "PATCH", body: { interval_hours: change.hours } });
  }
}
