import type { Engine } from "../engine/engine.ts";

/** Traces still in progress whose row was last written before `beforeNs`, at most 1,000. Looks at the last week only. */
export async function rootlessTraces(engine: Engine, beforeNs: bigint): Promise<{ projectId: string; traceId: string }[]> {
  const rows = await engine.query<{ project_id: string; trace_id: string }>(
    `SELECT project_id, trace_id FROM traces FINAL
     WHERE status = 'in_progress' AND bucket >= now() - INTERVAL 8 DAY AND version < {before:UInt64}
     LIMIT 1000`,
    { before: beforeNs },
    { lane: "heavy", maxSeconds: 30 },
  );
  return rows.map((row) => ({ projectId: row.project_id, traceId: row.trace_id }));
}
