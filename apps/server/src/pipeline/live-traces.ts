import type { AssemblySpan } from "@telltale/ingest";
import type { RawLog, TraceInfo } from "@telltale/model";

export interface Decision {
  counted: boolean;
  duplicateOf: string;
}

/** What the writer knows of a trace that is still moving: enough to derive its row, no content. */
export interface LiveTrace {
  readonly projectId: string;
  readonly traceId: string;
  readonly spans: Map<string, AssemblySpan>;
  info: TraceInfo | undefined;
  /** Hour (Unix seconds) under which its spans are stored; fixed when the first span is seen. */
  spansBucket: number;
  /** Hour of the row now in the store; 0 = no row yet. */
  rowBucket: number;
  /** De-duplication as it stands in the store. Absent = counted. */
  readonly decisions: Map<string, Decision>;
  /** Decided across traces (response id); stronger than the rules inside the trace. */
  readonly crossTrace: Map<string, string>;
  /** Log records whose span has not come yet (and, for late spans, those already stored). */
  readonly logs: Map<string, RawLog[]>;
  logCount: number;
  dirty: boolean;
  /** Nothing came for so long that it counts as ended without its root. */
  timedOut: boolean;
  touchedMs: number;
  assembledMs: number;
}

export function newLiveTrace(projectId: string, traceId: string): LiveTrace {
  return {
    projectId,
    traceId,
    spans: new Map(),
    info: undefined,
    spansBucket: 0,
    rowBucket: 0,
    decisions: new Map(),
    crossTrace: new Map(),
    logs: new Map(),
    logCount: 0,
    dirty: false,
    timedOut: false,
    touchedMs: 0,
    assembledMs: 0,
  };
}

export function traceKey(projectId: string, traceId: string): string {
  return `${projectId}/${traceId}`;
}

/**
 * The traces being written, least recently touched first. Bounded by spans, not by traces: what falls out is read back
 * from the store when another span of it arrives.
 */
export class LiveTraces {
  readonly #byKey = new Map<string, LiveTrace>();
  #spans = 0;

  constructor(
    readonly maxSpans: number,
    readonly idleMs: number,
  ) {}

  get size(): number {
    return this.#byKey.size;
  }

  get(projectId: string, traceId: string): LiveTrace | undefined {
    return this.#byKey.get(traceKey(projectId, traceId));
  }

  add(live: LiveTrace): void {
    this.#byKey.set(traceKey(live.projectId, live.traceId), live);
    this.#spans += live.spans.size;
  }

  touch(live: LiveTrace, nowMs: number): void {
    const key = traceKey(live.projectId, live.traceId);
    live.touchedMs = nowMs;
    live.dirty = true;
    this.#byKey.delete(key);
    this.#byKey.set(key, live);
  }

  /** Returns true when the span was known already (sent twice, or sent again complete). */
  setSpan(live: LiveTrace, span: AssemblySpan): boolean {
    const before = live.spans.size;
    live.spans.set(span.spanId, span);
    if (live.spans.size === before) return true;
    this.#spans += 1;
    return false;
  }

  drop(projectId: string, traceIds: readonly string[]): void {
    for (const id of traceIds) {
      const live = this.get(projectId, id);
      if (live) this.#remove(live);
    }
  }

  /** Lets go of idle traces and, above the bound, of the least recently touched ones. Never of one with unwritten changes. */
  evict(nowMs: number): void {
    for (const live of this.#byKey.values()) {
      const idle = nowMs - live.touchedMs > this.idleMs;
      if (!idle && this.#spans <= this.maxSpans) return;
      if (!live.dirty) this.#remove(live);
    }
  }

  evictAll(): void {
    for (const live of this.#byKey.values()) if (!live.dirty) this.#remove(live);
  }

  *dirty(): IterableIterator<LiveTrace> {
    for (const live of this.#byKey.values()) if (live.dirty) yield live;
  }

  #remove(live: LiveTrace): void {
    if (this.#byKey.delete(traceKey(live.projectId, live.traceId))) this.#spans -= live.spans.size;
  }
}
