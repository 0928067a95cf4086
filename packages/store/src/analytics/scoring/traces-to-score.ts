import type { ProjectScope, Trace } from "@telltale/model";
import type { Filter } from "@telltale/model/filter";
import type { Engine } from "../../engine/engine.ts";
import { filterToSql } from "../../filter-to-sql/filter-to-sql.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { known } from "../questions/trace-rows.ts";
import { findTraces } from "../questions/find-traces.ts";

/** A span with its content, cut: what scorers read. */
export interface SpanToScore {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  name: string;
  kind: string;
  status: string;
  statusMessage: string;
  startMs: number;
  durationMs: number;
  model: string;
  toolName: string;
  agentName: string;
  costUsd: number | undefined;
  inputs: string;
  outputs: string;
  /** As `packRaw` wrote it; `""` when the content was too large to be read whole. */
  raw: string;
}

export interface TraceToScore {
  trace: Trace;
  spans: SpanToScore[];
  /** Spans or content were left out. */
  truncated: boolean;
}

/** Spans of a trace that scorers see, plumbing left out, in order of their start. */
const MAX_SPANS = 500;
/** Content of a span larger than this is cut to its beginning. */
const MAX_CONTENT = 64 * 1024;
const MAX_RAW = 256 * 1024;

/** Traces with the content of their spans, many at once: a query for each table, not for each trace. */
export async function tracesToScore(engine: Engine, scope: ProjectScope, traceIds: readonly string[], signal?: AbortSignal): Promise<TraceToScore[]> {
  const traces = await findTraces(engine, scope, traceIds, signal);
  if (traces.length === 0) return [];
  const params = new SqlParams();
  const ids = params.bind(
    "Array(String)",
    traces.map((trace) => trace.traceId),
  );
  const scoped = scopeSql(scope, params);
  const rowsOf = `${scoped} AND trace_id IN ${ids} AND bucket IN (SELECT DISTINCT spans_bucket FROM traces WHERE ${scoped} AND trace_id IN ${ids})`;
  const options = { signal, lane: "heavy" as const, maxSeconds: 30 };
  const [spans, payloads] = await Promise.all([
    engine.query<CoreRow>(
      `SELECT trace_id, span_id, parent_span_id, name, kind, status, status_message, toUnixTimestamp64Milli(start_time) AS start_ms, duration_ms, model, tool_name, agent_name,
         toFloat64(cost_usd) AS cost
       FROM spans FINAL WHERE ${rowsOf} AND NOT noise ORDER BY trace_id, start_time, span_id LIMIT ${MAX_SPANS + 1} BY trace_id`,
      params.values,
      options,
    ),
    engine.query<PayloadRow>(
      `SELECT trace_id, span_id, length(inputs) > ${MAX_CONTENT} OR length(outputs) > ${MAX_CONTENT} OR length(raw) > ${MAX_RAW} AS is_large,
         substringUTF8(inputs, 1, ${MAX_CONTENT}) AS inputs_text, substringUTF8(outputs, 1, ${MAX_CONTENT}) AS outputs_text, if(is_large, '', raw) AS raw_text
       FROM payloads FINAL WHERE ${rowsOf} ORDER BY trace_id, start_time, span_id LIMIT ${2 * MAX_SPANS} BY trace_id`,
      params.values,
      options,
    ),
  ]);
  return traces.map((trace) => joined(trace, spans, payloads));
}

interface CoreRow {
  trace_id: string;
  span_id: string;
  parent_span_id: string;
  name: string;
  kind: string;
  status: string;
  status_message: string;
  start_ms: string;
  duration_ms: number;
  model: string;
  tool_name: string;
  agent_name: string;
  cost: number | null;
}

interface PayloadRow {
  trace_id: string;
  span_id: string;
  is_large: number;
  inputs_text: string;
  outputs_text: string;
  raw_text: string;
}

function joined(trace: Trace, spans: readonly CoreRow[], payloads: readonly PayloadRow[]): TraceToScore {
  const contentOf = new Map(payloads.flatMap((row) => (row.trace_id === trace.traceId ? [[row.span_id, row] as const] : [])));
  const own = spans.filter((row) => row.trace_id === trace.traceId);
  return {
    trace,
    truncated: own.length > MAX_SPANS || [...contentOf.values()].some((row) => row.is_large === 1),
    spans: own.slice(0, MAX_SPANS).map((row) => {
      const content = contentOf.get(row.span_id);
      return {
        traceId: row.trace_id,
        spanId: row.span_id,
        parentSpanId: row.parent_span_id,
        name: row.name,
        kind: row.kind,
        status: row.status,
        statusMessage: row.status_message,
        startMs: Number(row.start_ms),
        durationMs: row.duration_ms,
        model: row.model,
        toolName: row.tool_name,
        agentName: row.agent_name,
        costUsd: known(row.cost),
        inputs: content?.inputs_text ?? "",
        outputs: content?.outputs_text ?? "",
        raw: content?.raw_text ?? "",
      };
    }),
  };
}

/** Which of these traces a filter matches. */
export async function matchingTraces(engine: Engine, projectId: string, traceIds: readonly string[], filter: Filter): Promise<Set<string>> {
  const matching = new Set<string>();
  for (let from = 0; from < traceIds.length; from += 1_000) {
    const params = new SqlParams();
    const scope: ProjectScope = { projectIds: [projectId] };
    const scoped = scopeSql(scope, params);
    const ids = params.bind("Array(String)", traceIds.slice(from, from + 1_000));
    const condition = filterToSql(filter, {
      params,
      scope,
      mode: "exact",
      spanRows: [`trace_id IN ${ids}`, `bucket IN (SELECT DISTINCT spans_bucket FROM traces WHERE ${scoped} AND trace_id IN ${ids})`],
      assessmentRows: [`trace_id IN ${ids}`],
    });
    const rows = await engine.query<{ trace_id: string }>(
      `SELECT trace_id FROM traces FINAL WHERE ${scoped} AND trace_id IN ${ids} AND ${condition}`,
      params.values,
      { lane: "heavy", maxSeconds: 30 },
    );
    for (const row of rows) matching.add(row.trace_id);
  }
  return matching;
}

/** Ids of the traces of a session in order of their start, the newest `limit` of them. */
export async function tracesOfSession(engine: Engine, projectId: string, sessionId: string, limit: number): Promise<string[]> {
  const rows = await engine.query<{ trace_id: string }>(
    `SELECT trace_id FROM traces FINAL WHERE project_id = {project:String} AND session_id = {session:String} ORDER BY start_time DESC, trace_id LIMIT {limit:UInt32}`,
    { project: projectId, session: sessionId, limit },
    { lane: "heavy" },
  );
  return rows.map((row) => row.trace_id).toReversed();
}
