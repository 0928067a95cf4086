import type { ProjectScope } from "@telltale/model";

const FRESH_MS = 5_000;
const MAX_PLACES = 1_000;

/**
 * Under which hour the spans of traces that were just looked up lie. A page asks for a trace first and for its spans next:
 * with this the second question goes straight to the rows. Forgotten after seconds, so a trace that was deleted and sent
 * again is found where it is now.
 */
export class TracePlaces {
  readonly #places = new Map<string, { spansBucket: number; atMs: number }>();

  constructor(readonly now: () => number) {}

  remember(projectId: string, traceId: string, spansBucket: number): void {
    const key = `${projectId}/${traceId}`;
    this.#places.delete(key); // moves to the end: the map is in order of time
    this.#places.set(key, { spansBucket, atMs: this.now() });
    for (const oldest of this.#places.keys()) {
      if (this.#places.size <= MAX_PLACES) break;
      this.#places.delete(oldest);
    }
  }

  /** Undefined when the trace was not looked up lately, or when the scope leaves open which project is meant. */
  of(scope: ProjectScope, traceId: string): { projectId: string; spansBucket: number } | undefined {
    const [projectId] = scope.projectIds;
    if (projectId === undefined || scope.projectIds === "all" || scope.projectIds.length !== 1) return undefined;
    const place = this.#places.get(`${projectId}/${traceId}`);
    return place === undefined || this.now() - place.atMs > FRESH_MS ? undefined : { projectId, spansBucket: place.spansBucket };
  }
}
