import type { ProjectScope } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { SpanPayload, StoredSpan } from "../../store.ts";
import { skeletonSelect, spanOf, type SpanRow } from "../questions/span-rows.ts";

/** All spans of a trace, and the content of the root and of calls of tools, models and retrievers. */
export interface TraceContent {
  /** In order of their start, at most `MAX_SPANS`. */
  spans: StoredSpan[];
  contents: ReadonlyMap<string, SpanPayload>;
}

/** A trace of more spans is diagnosed by its first ones. */
const MAX_SPANS = 20_000;
/** Content of a span larger than this is not read: what it says is too long to be compared. */
const MAX_CONTENT = 256 * 1024;

/** Many traces at once, with two queries. By trace id, as the writer keyed them; ids are unique within the scope's one project. */
export async function tracesWithContent(engine: Engine, projectId: string, traceIds: readonly string[]): Promise<Map<string, TraceContent>> {
  const scope: ProjectScope = { projectIds: [projectId] };
  const params = new SqlParams();
  const scoped = scopeSql(scope, params);
  const ids = params.bind("Array(String)", [...traceIds]);
  const rowsOf = `${scoped} AND trace_id IN ${ids} AND bucket IN (SELECT DISTINCT spans_bucket FROM traces WHERE ${scoped} AND trace_id IN ${ids})`;
  const options = { lane: "heavy" as const, maxSeconds: 60 };
  const [spans, payloads] = await Promise.all([
    engine.query<SpanRow>(
      `SELECT ${skeletonSelect} FROM spans FINAL WHERE ${rowsOf} ORDER BY trace_id, start_time, span_id LIMIT ${MAX_SPANS} BY trace_id`,
      params.values,
      options,
    ),
    engine.query<{ trace_id: string; span_id: string; inputs: string; outputs: string; raw: string }>(
      `SELECT trace_id, span_id, inputs, outputs, raw FROM payloads FINAL
       WHERE ${rowsOf} AND length(inputs) <= ${MAX_CONTENT} AND length(outputs) <= ${MAX_CONTENT} AND length(raw) <= ${2 * MAX_CONTENT}
         AND (trace_id, span_id) IN (SELECT trace_id, span_id FROM spans WHERE ${rowsOf} AND (kind IN ('LLM', 'TOOL', 'RETRIEVER') OR parent_span_id = ''))`,
      params.values,
      options,
    ),
  ]);
  const traces = new Map<string, { spans: StoredSpan[]; contents: Map<string, SpanPayload> }>(traceIds.map((id) => [id, { spans: [], contents: new Map() }]));
  for (const row of spans) traces.get(row.trace_id)?.spans.push(spanOf(row));
  for (const row of payloads)
    traces.get(row.trace_id)?.contents.set(row.span_id, { spanId: row.span_id, inputs: row.inputs, outputs: row.outputs, raw: row.raw });
  return traces;
}
