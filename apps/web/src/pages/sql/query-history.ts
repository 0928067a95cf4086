import { useStoredState } from "../../components/stored-state.ts";

export interface PastQuery {
  query: string;
  atMs: number;
}

const MAX_QUERIES = 50;

/** What was run in this browser, newest first; the same text once. */
export function useQueryHistory(): [readonly PastQuery[], (query: string) => void] {
  const [past, store] = useStoredState<readonly PastQuery[]>("telltale.sql.history", [], readPast);
  return [past, (query) => store(withQuery(past, query, Date.now()))];
}

export function withQuery(past: readonly PastQuery[], query: string, atMs: number): PastQuery[] {
  return [{ query, atMs }, ...past.filter((item) => item.query !== query)].slice(0, MAX_QUERIES);
}

export function readPast(stored: unknown): PastQuery[] | undefined {
  if (!Array.isArray(stored)) return undefined;
  return stored
    .filter((item): item is PastQuery => typeof item === "object" && item !== null && typeof item.query === "string" && typeof item.atMs === "number")
    .slice(0, MAX_QUERIES);
}
