import type { TraceQuery } from "../../store.ts";

const MAX_SEARCHES = 500;

/**
 * How many rows of traces it took to fill a page of a search the last time it was asked. The next page and a list that is
 * kept up to date ask the same again: they begin with a window of that size, where a search for something rare would first
 * read a small one for nothing. Only speed rests on it.
 */
export class SearchPace {
  readonly #rows = new Map<string, number>();

  rowsOf(query: TraceQuery): number | undefined {
    return this.#rows.get(keyOf(query));
  }

  learn(query: TraceQuery, rows: number): void {
    const key = keyOf(query);
    this.#rows.delete(key); // moves to the end: the map is in order of time
    this.#rows.set(key, rows);
    for (const oldest of this.#rows.keys()) {
      if (this.#rows.size <= MAX_SEARCHES) break;
      this.#rows.delete(oldest);
    }
  }
}

function keyOf({ scope, filter, text, orderBy }: TraceQuery): string {
  return JSON.stringify([scope.projectIds, filter, text, orderBy]);
}
