import { useQueries } from "@tanstack/react-query";
import type { SessionTurn } from "@telltale/model/api";
import { type SessionRef, TURNS_PER_PAGE, turnsQuery } from "../../api/sessions.ts";

export interface LoadedTurns {
  /** By place. */
  turns: ReadonlyMap<number, SessionTurn>;
  error: Error | undefined;
  retry: () => void;
}

/** The pages that hold these places, and no more: of 20,000 turns a handful is in memory. */
export function pagesOf(first: number, last: number, total: number): number[] {
  if (total === 0) return [];
  const from = Math.floor(Math.max(0, first) / TURNS_PER_PAGE);
  const to = Math.floor(Math.max(0, Math.min(total - 1, Math.max(first, last))) / TURNS_PER_PAGE);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

export function useTurns(session: SessionRef, pages: readonly number[], total: number): LoadedTurns {
  const results = useQueries({
    queries: pages.map((page) => turnsQuery(session, page, Math.min(TURNS_PER_PAGE, total - page * TURNS_PER_PAGE))),
  });
  const turns = new Map<number, SessionTurn>();
  for (const { data } of results) for (const turn of data ?? []) turns.set(turn.position, turn);
  const failed = results.filter(({ isError, data }) => isError && data === undefined);
  return {
    turns,
    error: failed[0]?.error ?? undefined,
    retry: () => {
      for (const result of failed) void result.refetch();
    },
  };
}
