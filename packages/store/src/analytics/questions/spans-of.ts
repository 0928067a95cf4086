import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { SpanChoice, SpanPayload, StoredSpan } from "../../store.ts";
import { skeletonExpressions, spanExpressions, spanOf, type SpanRow } from "./span-rows.ts";
import type { TracePlaces } from "./trace-places.ts";

/** A trace of 50,000 spans takes less; more than this and the trace is not one that a page can show. */
export const SPAN_LIMITS = { maxSeconds: 20, maxMemoryBytes: 2 * 1024 * 1024 * 1024 };

/**
 * Where the rows of a trace lie: its row says so (bloom index, one granule), then spans and payloads are read by the full
 * prefix of their key. A deleted trace lies nowhere.
 */
export function rowsOfTrace(places: TracePlaces, scope: ProjectScope, traceId: string, params: SqlParams): string {
  const id = params.bind("String", traceId);
  const scoped = scopeSql(scope, params);
  const known = places.of(scope, traceId);
  if (known !== undefined) return `${scoped} AND bucket = toDateTime(${params.bind("UInt32", known.spansBucket)}, 'UTC') AND trace_id = ${id}`;
  return `${scoped} AND trace_id = ${id} AND (project_id, bucket) IN (
    SELECT project_id, spans_bucket FROM (
      SELECT project_id, spans_bucket, is_deleted FROM trace_rows WHERE ${scoped} AND trace_id = ${id} ORDER BY version DESC LIMIT 1 BY project_id, bucket
    ) WHERE is_deleted = 0)`;
}

/** Spans of a trace without content, in start order. */
export async function spansOf(
  engine: Engine,
  places: TracePlaces,
  scope: ProjectScope,
  traceId: string,
  signal?: AbortSignal,
  choice: SpanChoice = {},
): Promise<StoredSpan[]> {
  const params = new SqlParams();
  const some = choice.spanIds === undefined ? "" : ` AND span_id IN ${params.bind("Array(String)", [...choice.spanIds])}`;
  const rows = `FROM spans FINAL WHERE ${rowsOfTrace(places, scope, traceId, params)}${some}`;
  const selected = choice.isSkeleton === true ? skeletonExpressions : spanExpressions;
  const sql = choice.isLarge === true ? sortedAsOne(selected, rows) : `SELECT ${selected.join(", ")} ${rows} ORDER BY start_time, span_id`;
  const spans: StoredSpan[] = [];
  for (const batch of await engine.queryBatches<SpanRow>(sql, params.values, { signal, ...SPAN_LIMITS })) for (const row of batch) spans.push(spanOf(row));
  return spans;
}

/**
 * The same rows in the same order, sorted as one array of tuples. ORDER BY merges sorted blocks row by row, which with sixty
 * columns and 50,000 rows takes longer than everything else; for few rows it is the one that is planned faster.
 */
function sortedAsOne(selected: readonly string[], rows: string): string {
  const list = selected.map((expression, index) => `t.${index + 3} AS ${expression.split(" AS ").at(-1)}`);
  const values = selected.map((expression) => expression.replace(/ AS \w+$/, ""));
  return `SELECT ${list.join(", ")} FROM (SELECT arrayJoin(arraySort(x -> (x.1, x.2), groupArray((start_time, span_id, ${values.join(", ")})))) AS t ${rows})`;
}

/** Content of spans, in start order; `spanIds` undefined = of all. */
export async function payloadsOf(
  engine: Engine,
  places: TracePlaces,
  scope: ProjectScope,
  traceId: string,
  spanIds: readonly string[] | undefined,
  signal?: AbortSignal,
): Promise<SpanPayload[]> {
  const params = new SqlParams();
  const some = spanIds === undefined ? "" : ` AND span_id IN ${params.bind("Array(String)", [...spanIds])}`;
  const rows = await engine.query<{ span_id: string; inputs: string; outputs: string; raw: string }>(
    `SELECT span_id, inputs, outputs, raw FROM payloads FINAL WHERE ${rowsOfTrace(places, scope, traceId, params)}${some} ORDER BY start_time, span_id`,
    params.values,
    { signal, ...SPAN_LIMITS },
  );
  return rows.map((row) => ({ spanId: row.span_id, inputs: row.inputs, outputs: row.outputs, raw: row.raw }));
}
