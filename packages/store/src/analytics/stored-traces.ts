import type { RawLog } from "@telltale/model";
import type { Engine } from "../engine/engine.ts";
import type { StoredSpan } from "../store.ts";
import { spanOf, type SpanRow, spanSelect } from "./questions/span-rows.ts";
import type { StoredBuckets } from "./stored-buckets.ts";

/** What is read back at once; a trace of more spans is read alone. */
const MAX_TRACES = 200;
const MAX_SPANS = 20_000;
/** As `logsOf` of one trace. */
const MAX_LOGS = 20_000;
const LIMITS = { maxSeconds: 60, maxMemoryBytes: 2 * 1024 * 1024 * 1024 };

export interface StoredTrace {
  spans: StoredSpan[];
  logs: RawLog[];
}

/** Key of a trace in the answer of `storedTraces`. */
export function storedKey({ projectId, traceId }: { projectId: string; traceId: string }): string {
  return `${projectId}/${traceId}`;
}

/**
 * Spans (without content, in start order) and log records of many traces, for the writer. `spanCount` of each, as its row
 * states it, bounds what is read at once.
 */
export async function storedTraces(
  engine: Engine,
  where: readonly (StoredBuckets & { spanCount: number })[],
  unpackLog: (raw: string) => RawLog,
): Promise<Map<string, StoredTrace>> {
  const found = new Map<string, StoredTrace>(where.map((trace) => [storedKey(trace), { spans: [], logs: [] }]));
  for (const group of groupsOf(where)) {
    const params = {
      projects: [...new Set(group.map((trace) => trace.projectId))],
      buckets: [...new Set(group.map((trace) => trace.spansBucket))],
      ids: group.map((trace) => trace.traceId),
    };
    const ofTraces = "project_id IN {projects:Array(String)} AND trace_id IN {ids:Array(String)}";
    const [spans, logs] = await Promise.all([
      engine.query<SpanRow>(
        `SELECT ${spanSelect} FROM spans FINAL WHERE ${ofTraces} AND toUInt32(bucket) IN {buckets:Array(UInt32)} ORDER BY start_time, span_id`,
        params,
        LIMITS,
      ),
      engine.query<{ project_id: string; trace_id: string; raw: string }>(
        `SELECT project_id, trace_id, raw FROM span_logs FINAL WHERE ${ofTraces} ORDER BY time, log_id LIMIT ${MAX_LOGS} BY project_id, trace_id`,
        { projects: params.projects, ids: params.ids },
        LIMITS,
      ),
    ]);
    for (const row of spans) found.get(storedKey({ projectId: row.project_id, traceId: row.trace_id }))?.spans.push(spanOf(row));
    for (const row of logs) found.get(storedKey({ projectId: row.project_id, traceId: row.trace_id }))?.logs.push(unpackLog(row.raw));
  }
  return found;
}

function* groupsOf<Trace extends { spanCount: number }>(traces: readonly Trace[]): Generator<Trace[]> {
  let group: Trace[] = [];
  let spans = 0;
  for (const trace of traces) {
    if (group.length > 0 && (group.length >= MAX_TRACES || spans + trace.spanCount > MAX_SPANS)) {
      yield group;
      group = [];
      spans = 0;
    }
    group.push(trace);
    spans += trace.spanCount;
  }
  if (group.length > 0) yield group;
}
