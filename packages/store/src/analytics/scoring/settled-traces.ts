import type { Engine } from "../../engine/engine.ts";

/** What decides whether a settled trace is scored. */
export interface SettledTrace {
  projectId: string;
  traceId: string;
  sessionId: string;
  startMs: number;
  endMs: number;
  /** Its root has ended (or was given up): only such traces are scored. */
  isComplete: boolean;
  /** Made by an evaluation or a judge: never scored itself. */
  isEvaluation: boolean;
  /** More than one span: worth a look by the diagnostics. */
  hasSteps: boolean;
}

/** Larger than any block of the writer, so that rows of one version are never cut apart. */
const LIMIT = 20_000;
const SETTINGS = "SETTINGS max_threads = 1";

/**
 * Traces last written after `afterNs` and not after `upToNs` (versions, nanoseconds), which have been quiet since, and the
 * version up to which the answer is complete. Finds candidates by the narrow version column, then reads their current rows.
 */
export async function settledTraces(engine: Engine, afterNs: bigint, upToNs: bigint): Promise<{ traces: SettledTrace[]; positionNs: bigint }> {
  const found = await engine.query<{ project_id: string; at: number; trace_id: string; version: string }>(
    `SELECT project_id, toUInt32(bucket) AS at, trace_id, version FROM traces WHERE version > {after:UInt64} AND version <= {upTo:UInt64} AND is_deleted = 0
     ORDER BY version LIMIT ${LIMIT} ${SETTINGS}`,
    { after: afterNs, upTo: upToNs },
    { lane: "heavy" },
  );
  const newest = found.at(-1);
  if (newest === undefined) return { traces: [], positionNs: upToNs };
  const isCut = found.length === LIMIT;
  const last = BigInt(newest.version);
  // The newest version may go on beyond the limit: it waits for the next step, unless it is all there is.
  const whole = isCut ? found.filter((row) => BigInt(row.version) < last) : found;
  const rows = whole.length === 0 ? found : whole;
  const traces = await currentRows(engine, rows, upToNs);
  return { traces, positionNs: isCut ? (whole.length === 0 ? last : last - 1n) : upToNs };
}

async function currentRows(engine: Engine, keys: readonly { project_id: string; at: number; trace_id: string }[], upToNs: bigint): Promise<SettledTrace[]> {
  const traces: SettledTrace[] = [];
  for (let from = 0; from < keys.length; from += 1_000) {
    const part = keys.slice(from, from + 1_000);
    const rows = await engine.query<{
      project_id: string;
      trace_id: string;
      session_id: string;
      start_ms: string;
      end_ms: string;
      complete: boolean;
      is_evaluation: boolean;
      has_steps: boolean;
    }>(
      `SELECT project_id, trace_id, session_id, toUnixTimestamp64Milli(start_time) AS start_ms, toUnixTimestamp64Milli(end_time) AS end_ms, complete,
         metadata['mlflow.sourceRun'] != '' OR tags['telltale.source'] IN ('judge', 'evaluation') AS is_evaluation,
         span_count > 1 AS has_steps
       FROM traces FINAL
       WHERE (project_id, bucket, trace_id) IN (
         SELECT key.1, toDateTime(key.2, 'UTC'), key.3 FROM (SELECT arrayJoin(arrayZip({projects:Array(String)}, {hours:Array(UInt32)}, {ids:Array(String)})) AS key))
         AND version <= {upTo:UInt64}
       ${SETTINGS}`,
      {
        projects: part.map((key) => key.project_id),
        hours: part.map((key) => Number(key.at)),
        ids: part.map((key) => key.trace_id),
        upTo: upToNs,
      },
      { lane: "heavy" },
    );
    for (const row of rows) {
      traces.push({
        projectId: row.project_id,
        traceId: row.trace_id,
        sessionId: row.session_id,
        startMs: Number(row.start_ms),
        endMs: Number(row.end_ms),
        isComplete: row.complete,
        isEvaluation: Boolean(row.is_evaluation),
        hasSteps: Boolean(row.has_steps),
      });
    }
  }
  return traces;
}
