import type { RawLog, Trace } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { SpanPayload, StoredSpan } from "../../store.ts";
import { storedBuckets } from "../stored-buckets.ts";
import { storedKey, storedTraces } from "../stored-traces.ts";
import { keysSql } from "../trace-keys.ts";

/** A span with its content and its log records. */
export interface WholeSpan {
  span: StoredSpan;
  payload: SpanPayload | undefined;
  logs: RawLog[];
}

/** Content read at once: as many spans as come to about this much text, guessed from those before. */
const CHARACTERS_PER_READ = 8 * 1024 * 1024;
const FIRST_READ = 100;
const MAX_READ = 2_000;
const LIMITS = { maxSeconds: 60, maxMemoryBytes: 2 * 1024 * 1024 * 1024 };

/** Everything that many traces hold, some spans at a time, trace by trace: a few questions for a hundred traces. */
export async function* wholeTraces(
  engine: Engine,
  unpackLog: (raw: string) => RawLog,
  traces: readonly Trace[],
  signal?: AbortSignal,
): AsyncGenerator<WholeSpan[]> {
  const counts = new Map(traces.map((trace) => [storedKey(trace), trace.spanCount]));
  const buckets = await storedBuckets(
    engine,
    traces.map(({ traceId }) => traceId),
  );
  const where = buckets.flatMap((row) => (counts.has(storedKey(row)) ? [{ ...row, spanCount: counts.get(storedKey(row)) ?? 0 }] : []));
  const bucketOf = new Map(where.map((row) => [storedKey(row), row.spansBucket]));
  const stored = await storedTraces(engine, where, unpackLog);
  const spans = [...stored.values()].flatMap((trace) => trace.spans);
  let count = FIRST_READ;
  for (let at = 0; at < spans.length;) {
    const slice = spans.slice(at, at + count);
    const payloads = await payloadsOfSpans(engine, slice, bucketOf, signal);
    yield slice.map((span) => ({
      span,
      payload: payloads.get(`${storedKey(span)}/${span.spanId}`),
      logs: (stored.get(storedKey(span))?.logs ?? []).filter((log) => log.spanId === span.spanId),
    }));
    at += slice.length;
    const characters = [...payloads.values()].reduce((sum, { inputs, outputs, raw }) => sum + inputs.length + outputs.length + raw.length, 0);
    count = Math.max(1, Math.min(MAX_READ, Math.floor((CHARACTERS_PER_READ * slice.length) / Math.max(1, characters))));
  }
}

async function payloadsOfSpans(
  engine: Engine,
  spans: readonly StoredSpan[],
  bucketOf: ReadonlyMap<string, number>,
  signal: AbortSignal | undefined,
): Promise<Map<string, SpanPayload>> {
  const params = new SqlParams();
  const keys = new Map(spans.map((span) => [storedKey(span), { project_id: span.projectId, trace_id: span.traceId, at: bucketOf.get(storedKey(span)) ?? 0 }]));
  const ids = params.bind("Array(String)", [...new Set(spans.map(({ spanId }) => spanId))]);
  const rows = await engine.query<{ project_id: string; trace_id: string; span_id: string; inputs: string; outputs: string; raw: string }>(
    `SELECT project_id, trace_id, span_id, inputs, outputs, raw FROM payloads FINAL WHERE ${keysSql([...keys.values()], params)} AND span_id IN ${ids}`,
    params.values,
    { signal, ...LIMITS },
  );
  return new Map(
    rows.map((row) => [
      `${storedKey({ projectId: row.project_id, traceId: row.trace_id })}/${row.span_id}`,
      { spanId: row.span_id, inputs: row.inputs, outputs: row.outputs, raw: row.raw },
    ]),
  );
}
