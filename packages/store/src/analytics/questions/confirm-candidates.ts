import type { Engine } from "../../engine/engine.ts";
import { filterToSql, readsOtherTables } from "../../filter-to-sql/filter-to-sql.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { afterSql, orderSql, type SortKey, sortSelect, type SortValues } from "./sort-keys.ts";
import { boundsSql } from "./time-window.ts";
import type { Wanted } from "./trace-conditions.ts";
import { type TraceRow, traceSelect } from "./trace-rows.ts";

/** A row of `traces` that may match, by its key and the hour of its spans (Unix seconds). */
export interface Candidate {
  project_id: string;
  trace_id: string;
  at: number;
  spans_at: number;
}

export function candidateKey(row: Pick<Candidate, "project_id" | "trace_id" | "at">): string {
  return `${row.project_id}/${row.at}/${row.trace_id}`;
}

/** Where a page stands: rows after `from` and not after `until` are wanted, in the order of `keys`. */
export interface Stretch {
  keys: readonly SortKey[];
  from: SortValues | undefined;
  until: SortValues | undefined;
}

/**
 * The current rows of the candidates that match exactly and lie in the stretch, in order. What a filter asks of other tables
 * is asked at the same time as the wide rows are read: on another connection it costs no time of its own.
 */
export async function confirmCandidates(
  engine: Engine,
  wanted: Wanted,
  candidates: readonly Candidate[],
  stretch: Stretch,
  signal?: AbortSignal,
): Promise<TraceRow[]> {
  const [rows, matching] = await Promise.all([
    readRows(engine, wanted, candidates, stretch, signal),
    wanted.filter && readsOtherTables(wanted.filter) ? matchingKeys(engine, wanted, candidates, signal) : undefined,
  ]);
  return matching === undefined ? rows : rows.filter((row) => matching.has(candidateKey(row)));
}

function readRows(
  engine: Engine,
  wanted: Wanted,
  candidates: readonly Candidate[],
  stretch: Stretch,
  signal?: AbortSignal,
): Promise<(TraceRow & { at: number })[]> {
  const { keys, from, until } = stretch;
  const params = new SqlParams();
  const where = [
    scopeSql(wanted.scope, params),
    keysSql(candidates, "at", params),
    ...boundsSql(wanted.asked, params),
    ...(wanted.filter && !readsOtherTables(wanted.filter) ? [filterToSql(wanted.filter, { params, scope: wanted.scope, mode: "exact" })] : []),
    ...(from ? [afterSql(keys, from, params)] : []),
    ...(until ? [`NOT ${afterSql(keys, until, params)}`] : []),
  ];
  return engine.query(
    `SELECT ${traceSelect}, toUInt32(bucket) AS at, ${sortSelect(keys, params)} FROM traces FINAL WHERE ${where.join(" AND ")} ORDER BY ${orderSql(keys)}`,
    params.values,
    { signal },
  );
}

async function matchingKeys(engine: Engine, wanted: Wanted, candidates: readonly Candidate[], signal?: AbortSignal): Promise<Set<string>> {
  const params = new SqlParams();
  const ids = params.bind(
    "Array(String)",
    candidates.map((item) => item.trace_id),
  );
  const filter = wanted.filter
    ? filterToSql(wanted.filter, {
        params,
        scope: wanted.scope,
        mode: "exact",
        spanRows: [keysSql(candidates, "spans_at", params)],
        assessmentRows: [`trace_id IN ${ids}`],
      })
    : "1";
  const rows = await engine.query<Candidate>(
    `SELECT project_id, trace_id, toUInt32(bucket) AS at FROM traces FINAL WHERE ${scopeSql(wanted.scope, params)} AND ${keysSql(candidates, "at", params)} AND ${filter}`,
    params.values,
    { signal },
  );
  return new Set(rows.map(candidateKey));
}

/** Whole keys, not their parts apart: fifty traces of fifty hours are fifty places, not 2,500. */
function keysSql(candidates: readonly Candidate[], hour: "at" | "spans_at", params: SqlParams): string {
  const texts = (values: string[]): string => params.bind("Array(String)", values);
  const projects = texts(candidates.map((item) => item.project_id));
  const ids = texts(candidates.map((item) => item.trace_id));
  const hours = params.bind(
    "Array(UInt32)",
    candidates.map((item) => item[hour]),
  );
  return `(project_id, bucket, trace_id) IN (SELECT key.1, toDateTime(key.2, 'UTC'), key.3 FROM (SELECT arrayJoin(arrayZip(${projects}, ${hours}, ${ids})) AS key))`;
}
