import type { Engine } from "../../engine/engine.ts";
import { filterToSql } from "../../filter-to-sql/filter-to-sql.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { TracePage, TraceQuery } from "../../store.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { afterSql, orderSignature, orderSql, type SortKey, sortKeys, sortSelect, type SortValues, sortValuesOf, timeDirection } from "./sort-keys.ts";
import { type BucketWindow, boundsSql, earlier, later, windowOf } from "./time-window.ts";
import { wantedBy, type Wanted, windowConditions } from "./trace-conditions.ts";
import type { TraceHistogram } from "./trace-histogram.ts";
import { traceColumnList, traceOf, type TraceRow, traceSelect } from "./trace-rows.ts";

const WINDOW_GROWTH = 10;
/** Read beyond the page: replaced rows of the same traces take places among the candidates. */
const SPARE_CANDIDATES = 14;

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
  for (const window of await windowsFor(query, wanted, start, histogram, signal)) {
    await search.readWindow(window);
    if (search.isFull) break;
  }
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

interface Candidate {
  project_id: string;
  trace_id: string;
  at: number;
  spans_at: number;
}

interface Found {
  row: TraceRow;
  position: SortValues;
}

class PageSearch {
  readonly found: Found[] = [];

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

  /** Adds the traces of a window in order until it is read to its end or the page is full. */
  async readWindow(window: BucketWindow): Promise<void> {
    let from = this.start;
    for (;;) {
      const count = this.need - this.found.length + SPARE_CANDIDATES;
      const candidates = await this.#candidates(window, from, count);
      const last = candidates.at(-1);
      if (!last) return;
      const isCut = candidates.length === count;
      const until = isCut ? sortValuesOf(last as unknown as Record<string, unknown>, this.keys) : undefined;
      this.found.push(...(await this.#confirm(candidates, from, until)));
      if (!isCut || this.isFull) return;
      from = until;
    }
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

  /** The current rows of the candidates that still match and lie after `from` and not after `until`, in order. */
  async #confirm(candidates: readonly Candidate[], from: SortValues | undefined, until: SortValues | undefined): Promise<Found[]> {
    const params = new SqlParams();
    const ids = params.bind("Array(String)", [...new Set(candidates.map((item) => item.trace_id))]);
    const hours = (values: number[]): string => `(SELECT toDateTime(arrayJoin(${params.bind("Array(UInt32)", [...new Set(values)])}), 'UTC'))`;
    const projects = params.bind("Array(String)", [...new Set(candidates.map((item) => item.project_id))]);
    const keyed = [
      scopeSql(this.wanted.scope, params),
      `project_id IN ${projects}`,
      `bucket IN ${hours(candidates.map((item) => item.at))}`,
      `trace_id IN ${ids}`,
    ];
    const { wanted } = this;
    const where = [
      "is_deleted = 0",
      ...boundsSql(wanted.asked, params),
      ...(wanted.filter
        ? [
            filterToSql(wanted.filter, {
              params,
              scope: wanted.scope,
              mode: "exact",
              spanRows: [`bucket IN ${hours(candidates.map((item) => item.spans_at))}`, `trace_id IN ${ids}`],
              assessmentRows: [`trace_id IN ${ids}`],
            }),
          ]
        : []),
      ...(from ? [afterSql(this.keys, from, params)] : []),
      ...(until ? [`NOT ${afterSql(this.keys, until, params)}`] : []),
    ];
    const rows = await this.engine.query<TraceRow>(
      `SELECT ${traceSelect}, ${sortSelect(this.keys, params)} FROM (
         SELECT ${traceColumnList} FROM traces WHERE ${keyed.join(" AND ")} ORDER BY version DESC LIMIT 1 BY project_id, bucket, trace_id
       ) WHERE ${where.join(" AND ")} ORDER BY ${orderSql(this.keys)}`,
      params.values,
      { signal: this.signal },
    );
    return rows.map((row) => ({ row, position: sortValuesOf(row as unknown as Record<string, unknown>, this.keys) }));
  }
}
