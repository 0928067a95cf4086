import type { Engine } from "../../engine/engine.ts";
import { readsContent, scansTexts } from "../../filter-to-sql/filter-to-sql.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { TracePage, TraceQuery } from "../../store.ts";
import { type Candidate, candidateKey, confirmCandidates } from "./confirm-candidates.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { afterSql, orderSignature, orderSql, type SortKey, sortKeys, sortSelect, type SortValues, sortValuesOf, timeDirection } from "./sort-keys.ts";
import { type BucketWindow, earlier, later, windowOf } from "./time-window.ts";
import { wantedBy, type Wanted, windowConditions } from "./trace-conditions.ts";
import { type TraceHistogram, WindowWalk } from "./trace-histogram.ts";
import { type StoredTraceRow, traceOf } from "./trace-rows.ts";

/** The next window is at most this many times larger: a filter without any match reads everything in three or four steps. */
const WINDOW_GROWTH = 75;
/** … and else this many times what the matches so far let expect that a page needs. */
const MARGIN = 2;
/** A window of more rows than this is read on a connection of its own, so that few such searches never hold up all pages, … */
const LONG_ROWS = 250_000;
/** The windows of one search look the same words up, one after the other. */
const CONTENT_SETTINGS = ["use_text_index_postings_cache = 1"];
/** A trace has a row for each time it was written until a merge drops the replaced ones: these take places among the candidates. */
const ROWS_PER_TRACE = 4;
/** Traces confirmed beyond what is needed: some candidates matched by a replaced row only. */
const SPARE_CANDIDATES = 6;

/**
 * One page of traces. Two steps, each cheap: candidates are found by narrow columns without FINAL (a replaced row may get
 * in, the current one is always there), then their whole rows are read by key, and a candidate that is not the current row
 * is dropped. Pages by time go through windows of hours, newest first, so that a filter that matches often never reads far.
 */
export async function searchTraces(engine: Engine, histogram: TraceHistogram, query: TraceQuery, signal?: AbortSignal): Promise<TracePage> {
  const keys = sortKeys(query.orderBy ?? []);
  const signature = orderSignature(keys);
  const start = query.cursor === undefined ? undefined : decodeCursor(query.cursor, signature, keys);
  const wanted = await wantedBy(query, engine, signal);
  const search = new PageSearch(engine, wanted, keys, query.limit + 1, start, signal);
  const isScan = wanted.filter !== undefined && scansTexts(wanted.filter);
  const rows = await search.read(await windowsOf(query, wanted, start, histogram, signal), {
    isScan,
    firstRows: histogram.windowRows,
    usualRows: isScan ? undefined : histogram.pace.rowsOf(query),
  });
  histogram.pace.learn(query, rows);
  const page = search.found.slice(0, query.limit);
  const last = page.at(-1);
  return {
    traces: page.map(({ stored }) => traceOf(stored)),
    nextCursor: search.isFull && last ? encodeCursor(signature, last.position) : null,
  };
}

async function windowsOf(
  query: TraceQuery,
  wanted: Wanted,
  start: SortValues | undefined,
  histogram: TraceHistogram,
  signal?: AbortSignal,
): Promise<WindowWalk> {
  const direction = timeDirection(query.orderBy ?? []);
  if (direction === undefined) return new WindowWalk([], windowOf(wanted.read), "DESC");
  const bounds = { ...wanted.read };
  const [reached] = start ?? [];
  if (typeof reached === "string") {
    // Pages by time go on from the hour of the last trace.
    if (direction === "DESC") bounds.toNs = earlier(bounds.toNs, BigInt(reached) + 1n);
    else bounds.fromNs = later(bounds.fromNs, BigInt(reached));
  }
  return histogram.walk(wanted.scope, windowOf(bounds), direction, signal);
}

interface Found {
  stored: StoredTraceRow;
  position: SortValues;
}

/** A candidate with its sort values. */
type SortedCandidate = Candidate & Record<string, unknown>;

class PageSearch {
  readonly found: Found[] = [];
  /** Rows that may match, in order, not yet confirmed, … */
  #pending: SortedCandidate[] = [];
  /** … and the traces they are of. */
  #pendingKeys = new Set<string>();

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
   * windows, because confirming them is the dearer step. How many matched so far says how large the next window should be.
   * Returns how many rows a page of such a search takes.
   */
  async read(
    walk: WindowWalk,
    { isScan, firstRows, usualRows = firstRows }: { isScan: boolean; firstRows: number; usualRows: number | undefined },
  ): Promise<number> {
    const within = (rows: number): number => Math.min(firstRows * WINDOW_GROWTH, Math.max(firstRows, Math.ceil(rows)));
    let rowsRead = 0;
    let target = within(usualRows);
    // … and when texts must be read one by one, every window after the first is.
    const isLong = (rows: number): boolean => rows > LONG_ROWS || (isScan && (rowsRead > 0 || rows > firstRows * MARGIN || walk.buckets.length === 0));
    for (let next = walk.next(target); next !== undefined; next = walk.next(target)) {
      let from = this.start;
      let isPlenty = false;
      for (let isRead = false; !isRead;) {
        const limit = (this.need - this.found.length) * ROWS_PER_TRACE + SPARE_CANDIDATES;
        const rows = await this.#candidates(next.window, from, limit, isLong(next.rows) ? "search" : "page");
        const last = this.#gather(rows);
        isPlenty ||= rows.length === limit;
        isRead = rows.length < limit && last === rows.at(-1);
        if (last) from = sortValuesOf(last, this.keys);
        if (isRead && this.#pendingKeys.size < this.need - this.found.length) continue;
        await this.#confirm();
        if (this.isFull) return within(rowsRead > 0 ? rowsRead + next.rows : isPlenty ? target / 2 : target);
      }
      rowsRead += next.rows;
      target = this.#nextTarget(target, rowsRead);
    }
    await this.#confirm();
    return within((rowsRead * this.need) / Math.max(this.found.length, 0.5));
  }

  #nextTarget(target: number, rowsRead: number): number {
    const matches = this.found.length + this.#pendingKeys.size;
    const expected = matches === 0 ? Number.POSITIVE_INFINITY : (MARGIN * rowsRead * (this.need + SPARE_CANDIDATES - matches)) / matches;
    return Math.min(target * WINDOW_GROWTH, Math.max(target, Math.ceil(expected)));
  }

  /** Takes rows of as many traces as are needed; returns the last one taken. */
  #gather(rows: readonly SortedCandidate[]): SortedCandidate | undefined {
    const most = this.need - this.found.length + SPARE_CANDIDATES;
    let last: SortedCandidate | undefined;
    for (const row of rows) {
      const key = candidateKey(row);
      if (!this.#pendingKeys.has(key) && this.#pendingKeys.size >= most) return last;
      this.#pendingKeys.add(key);
      this.#pending.push(row);
      last = row;
    }
    return last;
  }

  #candidates(window: BucketWindow, from: SortValues | undefined, count: number, lane: "page" | "search"): Promise<SortedCandidate[]> {
    const params = new SqlParams();
    const where = [...windowConditions(this.wanted, window, "superset", params), "is_deleted = 0", ...(from ? [afterSql(this.keys, from, params)] : [])];
    const select = `project_id, trace_id, toUInt32(bucket) AS at, toUInt32(spans_bucket) AS spans_at, version, ${sortSelect(this.keys, params)}`;
    const settings = this.wanted.filter !== undefined && readsContent(this.wanted.filter) ? CONTENT_SETTINGS : [];
    return this.engine.query<SortedCandidate>(
      `SELECT ${select} FROM traces WHERE ${where.join(" AND ")} ORDER BY ${orderSql(this.keys)} LIMIT ${count}`,
      params.values,
      { signal: this.signal, lane, settings },
    );
  }

  /** Adds the whole rows of the pending candidates that match, in order. */
  async #confirm(): Promise<void> {
    const candidates = this.#pending;
    this.#pending = [];
    this.#pendingKeys = new Set();
    if (candidates.length === 0) return;
    for (const { candidate, stored } of await confirmCandidates(this.engine, this.wanted, candidates, this.signal))
      this.found.push({ stored, position: sortValuesOf(candidate, this.keys) });
  }
}
