import type { Engine } from "../engine/engine.ts";

/**
 * Deletes traces with all that hangs on them: a tombstone replaces each row (content columns are empty in it), reads skip
 * it at once, and the next merge drops the old rows from disk.
 */
export async function deleteTraces(engine: Engine, projectId: string, traceIds: readonly string[], version: bigint): Promise<void> {
  const params = { project: projectId, ids: [...traceIds], version };
  const where = "project_id = {project:String} AND trace_id IN {ids:Array(String)} AND is_deleted = 0";
  const tombstones: [table: string, keys: string[]][] = [
    ["traces", ["project_id", "bucket", "trace_id", "start_time"]],
    ["assessments", ["project_id", "trace_id", "assessment_id"]],
    ["spans", ["project_id", "bucket", "trace_id", "span_id", "start_time"]],
    ["payloads", ["project_id", "bucket", "trace_id", "span_id", "start_time"]],
    ["span_logs", ["project_id", "bucket", "trace_id", "span_id", "log_id", "time"]],
  ];
  for (const [table, keys] of tombstones) {
    const columns = keys.join(", ");
    await engine.command(
      `INSERT INTO ${table} (${columns}, version, is_deleted) SELECT DISTINCT ${columns}, {version:UInt64}, 1 FROM ${table} WHERE ${where}`,
      params,
    );
  }
}

/** The trace moved to another hour: the row under the old hour goes. */
export async function moveTraces(engine: Engine, moved: readonly { projectId: string; traceId: string; bucket: number }[], version: bigint): Promise<void> {
  for (const { projectId, traceId, bucket } of moved) {
    await engine.command(
      "INSERT INTO traces (project_id, bucket, trace_id, version, is_deleted) VALUES ({project:String}, toDateTime({bucket:UInt32}, 'UTC'), {id:String}, {version:UInt64}, 1)",
      { project: projectId, bucket, id: traceId, version },
    );
  }
}
