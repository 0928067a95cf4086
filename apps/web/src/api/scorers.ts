import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type {
  BuiltInScorerOut,
  NewScorer,
  ScorerBackfillResult,
  ScorerDefinitionIn,
  ScorerHealth,
  ScorerOut,
  ScorerPatch,
  ScorerTryResult,
} from "@telltale/model/api";
import { call } from "./client.ts";

/** Names are unique in a project: both say which scorer is meant. */
export type ScorerKey = Pick<ScorerOut, "name" | "project_id">;

/** Scores come in all the time; half a minute old is fresh. */
const REFRESH_MS = 20_000;
const WORKING_MS = 4_000;

export const scorerPath = ({ name, project_id: project }: ScorerKey, action = "", more: Record<string, string> = {}): string =>
  `/scorers/${encodeURIComponent(name)}${action}?${new URLSearchParams({ project_id: project, ...more })}`;

export const scorersQuery = (project: string) =>
  queryOptions({
    queryKey: ["scorers", project],
    queryFn: async ({ signal }) => (await call<{ data: ScorerOut[] }>(`/scorers?limit=500&project_id=${encodeURIComponent(project)}`, { signal })).data,
    staleTime: REFRESH_MS / 2,
    refetchInterval: REFRESH_MS,
  });

export const scorerQuery = (key: ScorerKey) =>
  queryOptions({
    queryKey: ["scorers", key.project_id, key.name],
    queryFn: ({ signal }) => call<ScorerOut>(scorerPath(key), { signal }),
    staleTime: REFRESH_MS / 2,
    refetchInterval: REFRESH_MS,
  });

/** Without a window: the last day. */
export const scorerHealthQuery = (key: ScorerKey, window?: { from: string; to: string }) =>
  queryOptions({
    queryKey: ["scorer-health", key.project_id, key.name, window ?? "day"],
    queryFn: ({ signal }) => call<ScorerHealth>(scorerPath(key, "/health", window === undefined ? {} : { from: window.from, to: window.to }), { signal }),
    placeholderData: keepPreviousData,
    staleTime: REFRESH_MS / 2,
    // A list keeps its pace; somebody who watches one scorer work wants to see it move.
    refetchInterval: ({ state: { data } }) => (window !== undefined && data !== undefined && data.waiting + data.running > 0 ? WORKING_MS : REFRESH_MS),
  });

export const builtInScorersQuery = queryOptions({
  queryKey: ["built-in-scorers"],
  queryFn: async ({ signal }) => (await call<{ data: BuiltInScorerOut[] }>("/scorers/built-in", { signal })).data,
  staleTime: Infinity,
});

export const registerScorer = (scorer: NewScorer) => call<ScorerOut>("/scorers", { method: "POST", body: scorer });
export const startScorer = (key: ScorerKey, run: { sample_rate: number; filter?: string; daily_budget_usd: number | null }) =>
  call<ScorerOut>(scorerPath(key, "/start"), { method: "POST", body: run });
export const stopScorer = (key: ScorerKey) => call<ScorerOut>(scorerPath(key, "/stop"), { method: "POST" });
export const changeScorer = (key: ScorerKey, patch: ScorerPatch) => call<ScorerOut>(scorerPath(key), { method: "PATCH", body: patch });
export const deleteScorer = (key: ScorerKey) => call<undefined>(scorerPath(key), { method: "DELETE" });
/** Runs it on the newest twenty traces that match, and keeps nothing. Without a definition: the registered one. */
export const tryScorer = (key: ScorerKey, ask: { definition?: ScorerDefinitionIn; filter?: string }, signal: AbortSignal) =>
  call<ScorerTryResult>(scorerPath(key, "/try"), { method: "POST", body: ask, signal });
export const backfillScorer = (
  key: ScorerKey,
  ask: { from: string; to: string; sample_rate: number; filter?: string; dry_run: boolean },
  signal?: AbortSignal,
) => call<ScorerBackfillResult>(scorerPath(key, "/backfill"), { method: "POST", body: ask, ...(signal === undefined ? {} : { signal }) });
