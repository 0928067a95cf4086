import type { Filter } from "@telltale/model/filter";
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
 * The current rows of the candidates that match exactly and lie in the stretch, in order. What a filter asks of the row itself
 * is asked of the current row; what it asks of other tables is checked at the same time on another connection.
 */
export async function confirmCandidates(
  engine: Engine,
  wanted: Wanted,
  candidates: readonly Candidate[],
  stretch: Stretch,
  signal?: AbortSignal,
): Promise<TraceRow[]> {
  const parts = wanted.filter === undefined ? [] : wanted.filter.kind === "and" ? wanted.filter.items : [wanted.filter];
  const [rows, refuted] = await Promise.all([
    readRows(engine, wanted, joined(parts.filter((part) => !readsOtherTables(part))), candidates, stretch, signal),
    refutedKeys(engine, wanted, parts.filter(readsOtherTables), candidates, signal),
  ]);
  return rows.filter((row) => !refuted.has(candidateKey(row)));
}

function joined(parts: readonly Filter[]): Filter | undefined {
  return parts.length > 1 ? { kind: "and", items: [...parts] } : parts[0];
}

function readRows(
  engine: Engine,
  wanted: Wanted,
  filter: Filter | undefined,
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
    ...(filter ? [filterToSql(filter, { params, scope: wanted.scope, mode: "exact" })] : []),
    ...(from ? [afterSql(keys, from, params)] : []),
    ...(until ? [`NOT ${afterSql(keys, until, params)}`] : []),
  ];
  return engine.query(
    `SELECT ${traceSelect}, toUInt32(bucket) AS at, ${sortSelect(keys, params)} FROM traces FINAL WHERE ${where.join(" AND ")} ORDER BY ${orderSql(keys)}`,
    params.values,
    { signal },
  );
}

/**
 * Candidates that do not match after all. A candidate has passed "one span holds …" with some stored row of a span; that can
 * only be wrong when a span of it was replaced or deleted, which its keys alone tell. Only those are searched again.
 */
async function refutedKeys(
  engine: Engine,
  wanted: Wanted,
  parts: readonly Filter[],
  candidates: readonly Candidate[],
  signal?: AbortSignal,
): Promise<Set<string>> {
  const filter = joined(parts);
  if (filter === undefined) return new Set();
  const clauses = parts.flatMap((part) => (part.kind === "span_exists" ? part.items : []));
  const onlySpans = parts.every((part) => part.kind === "span_exists");
  const tables = [
    ...(clauses.some(({ field }) => field.entity === "content") ? (["payloads"] as const) : []),
    ...(clauses.some(({ field }) => field.entity !== "content") ? (["spans"] as const) : []),
  ];
  const doubtful = onlySpans ? await withReplacedRows(engine, wanted, tables, candidates, signal) : candidates;
  if (doubtful.length === 0) return new Set();
  const matching = await matchingKeys(engine, wanted, filter, doubtful, signal);
  return new Set(doubtful.map(candidateKey).filter((key) => !matching.has(key)));
}

async function withReplacedRows(
  engine: Engine,
  wanted: Wanted,
  tables: readonly ("payloads" | "spans")[],
  candidates: readonly Candidate[],
  signal?: AbortSignal,
): Promise<Candidate[]> {
  const found = new Set<string>();
  for (const table of tables) {
    const params = new SqlParams();
    const rows = await engine.query<{ project: string; trace: string }>(
      `SELECT DISTINCT project_id AS project, trace_id AS trace FROM (
         SELECT project_id, trace_id FROM ${table} WHERE ${scopeSql(wanted.scope, params)} AND ${keysSql(candidates, "spans_at", params)}
         GROUP BY project_id, trace_id, span_id HAVING count() > 1 OR max(is_deleted) = 1)`,
      params.values,
      { signal },
    );
    for (const { project, trace } of rows) found.add(`${project}/${trace}`);
  }
  return candidates.filter((item) => found.has(`${item.project_id}/${item.trace_id}`));
}

async function matchingKeys(engine: Engine, wanted: Wanted, filter: Filter, candidates: readonly Candidate[], signal?: AbortSignal): Promise<Set<string>> {
  const params = new SqlParams();
  const ids = params.bind(
    "Array(String)",
    candidates.map((item) => item.trace_id),
  );
  const condition = filterToSql(filter, {
    params,
    scope: wanted.scope,
    mode: "exact",
    spanRows: [keysSql(candidates, "spans_at", params)],
    assessmentRows: [`trace_id IN ${ids}`],
  });
  const rows = await engine.query<Candidate>(
    `SELECT project_id, trace_id, toUInt32(bucket) AS at FROM traces FINAL WHERE ${scopeSql(wanted.scope, params)} AND ${keysSql(candidates, "at", params)} AND ${condition}`,
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
