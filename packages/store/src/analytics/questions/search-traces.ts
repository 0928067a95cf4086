import type { Engine } from "../../engine/engine.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { TracePage, TraceQuery } from "../../store.ts";
import { type Candidate, candidateKey, confirmCandidates } from "./confirm-candidates.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { afterSql, orderSignature, orderSql, type SortKey, sortKeys, sortSelect, type SortValues, sortValuesOf, timeDirection } from "./sort-keys.ts";
import { type BucketWindow, earlier, later, windowOf } from "./time-window.ts";
import { wantedBy, type Wanted, windowConditions } from "./trace-conditions.ts";
import type { TraceHistogram } from "./trace-histogram.ts";
import { traceOf, type TraceRow } from "./trace-rows.ts";

const WINDOW_GROWTH = 25;
/** A trace has a row for each time it was written until a merge drops the replaced ones: these take places among the candidates. */
const ROWS_PER_TRACE = 4;
/** Traces confirmed beyond what is needed: some candidates matched by a replaced row only. */
const SPARE_CANDIDATES = 6;

/**
 * One page of traces. Two steps, each cheap: candidates are found by narrow columns without FINAL (a replaced row may get
 * in, the current one is always there), then read whole by key, newest version only, and asked again. Pages by time go
 * through windows of hours, newest first, so that a filter that matches often never reads far.
 */
export async function searchTraces(engine: Engine, histogram: TraceHistogram, query: TraceQuery, signal?: AbortSignal): Promise<TracePage> {
  const keys = sortKeys(query.orderBy ?? []);
  const signature = orderSignature(keys);
  const start = query.cursor === undefined ? undefined : decodeCursor(query.cursor, signature, keys);
  const wanted = await wantedBy(query, engine, signal);
  const search = new PageSearch(engine, wanted, keys, query.limit + 1, start, signal);
  await search.read(await windowsFor(query, wanted, start, histogram, signal));
  const page = search.found.slice(0, query.limit);
  const last = page.at(-1);
  return {
    traces: page.map(({ row }) => traceOf(row)),
    nextCursor: search.isFull && last ? encodeCursor(signature, last.position) : null,
  };
}

async function windowsFor(
  query: TraceQuery,
  wanted: Wanted,
  start: SortValues | undefined,
  histogram: TraceHistogram,
  signal?: AbortSignal,
): Promise<BucketWindow[]> {
  const direction = timeDirection(query.orderBy ?? []);
  if (direction === undefined) return [windowOf(wanted.read)];
  const bounds = { ...wanted.read };
  const [reached] = start ?? [];
  if (typeof reached === "string") {
    // Pages by time go on from the hour of the last trace.
    if (direction === "DESC") bounds.toNs = earlier(bounds.toNs, BigInt(reached) + 1n);
    else bounds.fromNs = later(bounds.fromNs, BigInt(reached));
  }
  return histogram.windows(wanted.scope, windowOf(bounds), direction, { firstRows: histogram.windowRows, growth: WINDOW_GROWTH }, signal);
}

interface Found {
  row: TraceRow;
  position: SortValues;
}

class PageSearch {
  readonly found: Found[] = [];
  /** Traces that may match, in order, not yet confirmed. */
  #pending = new Map<string, Candidate>();

  constructor(
    readonly engine: Engine,
    readonly wanted: Wanted,
    readonly keys: readonly SortKey[],
    /** How many traces are needed. */
    readonly need: number,
    readonly start: SortValues | undefined,
    readonly signal: AbortSignal | undefined,
  ) {}

  get isFull(): boolean {
    return this.found.length >= this.need;
  }

  /**
   * Reads windows in order until the page is full. Candidates are gathered until they make a page, whatever the number of
   * windows, because confirming them is the dearer step.
   */
  async read(windows: readonly BucketWindow[]): Promise<void> {
    let confirmed = this.start;
    for (const window of windows) {
      let from = this.start;
      for (let isRead = false; !isRead;) {
        const limit = (this.need - this.found.length) * ROWS_PER_TRACE + SPARE_CANDIDATES;
        const rows = await this.#candidates(window, from, limit);
        const last = this.#gather(rows);
        isRead = rows.length < limit && last === rows.at(-1);
        if (last) from = this.#positionOf(last);
        if (isRead && this.#pending.size < this.need - this.found.length) continue;
        await this.#confirm(confirmed, from);
        confirmed = from;
        if (this.isFull) return;
      }
    }
    await this.#confirm(confirmed, undefined);
  }

  /** Takes as many traces as are needed; returns the row up to which none was left out. */
  #gather(rows: readonly Candidate[]): Candidate | undefined {
    const most = this.need - this.found.length + SPARE_CANDIDATES;
    let last: Candidate | undefined;
    for (const row of rows) {
      const key = candidateKey(row);
      if (!this.#pending.has(key)) {
        if (this.#pending.size >= most) return last;
        this.#pending.set(key, row);
      }
      last = row;
    }
    return last;
  }

  #positionOf(row: Candidate): SortValues {
    return sortValuesOf(row as unknown as Record<string, unknown>, this.keys);
  }

  #candidates(window: BucketWindow, from: SortValues | undefined, count: number): Promise<Candidate[]> {
    const params = new SqlParams();
    const where = [...windowConditions(this.wanted, window, "superset", params), "is_deleted = 0", ...(from ? [afterSql(this.keys, from, params)] : [])];
    const select = `project_id, trace_id, toUInt32(bucket) AS at, toUInt32(spans_bucket) AS spans_at, ${sortSelect(this.keys, params)}`;
    return this.engine.query<Candidate>(
      `SELECT ${select} FROM traces WHERE ${where.join(" AND ")} ORDER BY ${orderSql(this.keys)} LIMIT ${count}`,
      params.values,
      { signal: this.signal },
    );
  }

  /** Adds the current rows of the pending traces that still match and lie after `from` and not after `until`, in order. */
  async #confirm(from: SortValues | undefined, until: SortValues | undefined): Promise<void> {
    const candidates = [...this.#pending.values()];
    this.#pending = new Map();
    if (candidates.length === 0) return;
    const rows = await confirmCandidates(this.engine, this.wanted, candidates, { keys: this.keys, from, until }, this.signal);
    for (const row of rows) this.found.push({ row, position: sortValuesOf(row as unknown as Record<string, unknown>, this.keys) });
  }
}
