import { queryOptions } from "@tanstack/react-query";
import type { AlignmentOut, AlignmentOverview, ShadowComparison } from "@telltale/model/api";
import { call } from "./client.ts";
import type { QualityWindow } from "./quality.ts";
import { scorerPath, type ScorerKey } from "./scorers.ts";

const REFRESH_MS = 20_000;
const WORKING_MS = 2_000;

/** Whether a judge can be aligned, and its alignments; looked at often while one runs. */
export const alignmentQuery = (key: ScorerKey) =>
  queryOptions({
    queryKey: ["scorers", key.project_id, key.name, "alignment"],
    queryFn: ({ signal }) => call<AlignmentOverview>(scorerPath(key, "/alignment"), { signal }),
    staleTime: WORKING_MS,
    refetchInterval: ({ state }) => (state.data?.data[0]?.state === "running" ? WORKING_MS : REFRESH_MS),
  });

/** The version in the shadow beside the live one. */
export const shadowQuery = (key: ScorerKey, { from, to }: QualityWindow) =>
  queryOptions({
    // Not among those of the scorer that are read again after a change: promoting ends what this asks about.
    queryKey: ["scorer-shadow", key.project_id, key.name, from, to],
    queryFn: ({ signal }) => call<ShadowComparison>(scorerPath(key, "/shadow", { from, to }), { signal }),
    staleTime: REFRESH_MS / 2,
  });

export type AlignmentAction = "start" | "cancel" | "promote" | "discard";

export const changeAlignment = (key: ScorerKey, action: AlignmentAction): Promise<AlignmentOut> =>
  call<AlignmentOut>(scorerPath(key, action === "start" ? "/alignment" : `/alignment/${action}`), {
    method: "POST",
    ...(action === "start" ? { body: {} } : {}),
  });
