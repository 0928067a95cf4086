import type { Filter } from "@telltale/model/filter";
import type { Engine } from "../../engine/engine.ts";
import { filterToSql, readsOtherTables } from "../../filter-to-sql/filter-to-sql.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { Wanted } from "./trace-conditions.ts";
import { type StoredTraceRow, traceRowSelect } from "./trace-rows.ts";

/** Fifty keys name their granules exactly: looking them up in the bloom indexes as well costs more, and so does a second thread. */
const BY_KEY = "SETTINGS max_threads = 1, use_skip_indexes = 0";

/** A row of `traces` that matches as far as it can tell itself, by its key, the hour of its spans (Unix seconds) and its version. */
export interface Candidate {
  project_id: string;
  trace_id: string;
  at: number;
  spans_at: number;
  version: string;
}

export function candidateKey(row: Pick<Candidate, "project_id" | "trace_id" | "at">): string {
  return `${row.project_id}/${row.at}/${row.trace_id}`;
}

/**
 * The whole rows of those candidates that match exactly. What a filter asks of the row itself holds when the candidate is the
 * current row of its trace: a replaced one is dropped, and its current row is a candidate of its own if that matches. What a
 * filter asks of other tables is checked at the same time on another connection.
 */
export async function confirmCandidates<Row extends Candidate>(
  engine: Engine,
  wanted: Wanted,
  candidates: readonly Row[],
  signal?: AbortSignal,
): Promise<{ candidate: Row; stored: StoredTraceRow }[]> {
  const newest = new Map<string, Row>();
  for (const row of candidates) {
    const other = newest.get(candidateKey(row));
    if (other === undefined || BigInt(row.version) > BigInt(other.version)) newest.set(candidateKey(row), row);
  }
  const parts = wanted.filter === undefined ? [] : wanted.filter.kind === "and" ? wanted.filter.items : [wanted.filter];
  const [current, refuted] = await Promise.all([
    currentRows(engine, wanted, [...newest.values()], signal),
    refutedKeys(engine, wanted, parts.filter(readsOtherTables), [...newest.values()], signal),
  ]);
  return candidates.flatMap((candidate) => {
    const key = candidateKey(candidate);
    const stored = current.get(key);
    if (stored === undefined || newest.get(key) !== candidate || refuted.has(key)) return [];
    // The whole row is stored right after the row that is searched: for that moment it may be the older one.
    return BigInt(candidate.version) < BigInt(stored.version) ? [] : [{ candidate, stored }];
  });
}

async function currentRows(engine: Engine, wanted: Wanted, candidates: readonly Candidate[], signal?: AbortSignal): Promise<Map<string, StoredTraceRow>> {
  const params = new SqlParams();
  const rows = await engine.query<StoredTraceRow & Pick<Candidate, "project_id" | "trace_id" | "at">>(
    `SELECT project_id, trace_id, toUInt32(bucket) AS at, ${traceRowSelect} FROM trace_rows FINAL
     WHERE ${scopeSql(wanted.scope, params)} AND ${keysSql(candidates, "at", params)} ${BY_KEY}`,
    params.values,
    { signal },
  );
  return new Map(rows.map((row) => [candidateKey(row), row]));
}

function joined(parts: readonly Filter[]): Filter | undefined {
  return parts.length > 1 ? { kind: "and", items: [...parts] } : parts[0];
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
         GROUP BY project_id, trace_id, span_id HAVING count() > 1 OR max(is_deleted) = 1) ${BY_KEY}`,
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
