import type { Engine } from "../engine/engine.ts";

/** Under which hours (Unix seconds) the row of a trace and its spans are stored. */
export interface StoredBuckets {
  projectId: string;
  traceId: string;
  bucket: number;
  spansBucket: number;
}

/** Which of these traces are stored, and where. Reads the bloom index of `traces`, a granule per hit. */
export async function storedBuckets(engine: Engine, traceIds: readonly string[]): Promise<StoredBuckets[]> {
  const found: StoredBuckets[] = [];
  for (let from = 0; from < traceIds.length; from += 1000) {
    const rows = await engine.query<{ project_id: string; trace_id: string; bucket: number; spans_bucket: number }>(
      `SELECT project_id, trace_id, toUInt32(argMax(bucket, version)) AS bucket, toUInt32(argMax(spans_bucket, version)) AS spans_bucket
       FROM (SELECT project_id, trace_id, traces.bucket AS bucket, spans_bucket, version FROM traces FINAL WHERE trace_id IN {ids:Array(String)})
       GROUP BY project_id, trace_id`,
      { ids: traceIds.slice(from, from + 1000) },
    );
    for (const row of rows) found.push({ projectId: row.project_id, traceId: row.trace_id, bucket: Number(row.bucket), spansBucket: Number(row.spans_bucket) });
  }
  return found;
}

/** Ids of all stored traces, a sixteenth at a time (by first digit), for the writer's filter of known traces. */
export async function* allTraceIds(engine: Engine): AsyncGenerator<string[]> {
  const firsts = [..."0123456789abcdef"].map((digit) => ({ sql: "startsWith(trace_id, {digit:String})", digit }));
  for (const { sql, digit } of [...firsts, { sql: "NOT match(trace_id, {digit:String})", digit: "^[0-9a-f]" }]) {
    const rows = await engine.query<{ trace_id: string }>(`SELECT DISTINCT trace_id FROM traces WHERE ${sql}`, { digit }, { lane: "heavy", maxSeconds: 120 });
    yield rows.map((row) => row.trace_id);
  }
}
