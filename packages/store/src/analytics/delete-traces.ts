import type { Engine } from "../engine/engine.ts";
import { spanColumns } from "./rows/span-row.ts";

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

export interface Recount {
  projectId: string;
  /** Hour under which the spans of the trace are stored (Unix seconds). */
  bucket: number;
  traceId: string;
  spanId: string;
  counted: boolean;
  duplicateOf: string;
}

/** De-duplication changed its mind about spans already stored (a late span arrived): their rows are written again. */
export async function recountSpans(engine: Engine, recounts: readonly Recount[], version: bigint): Promise<void> {
  for (let from = 0; from < recounts.length; from += 500) {
    const group = recounts.slice(from, from + 500);
    const key = (item: Recount): string => `${item.traceId}:${item.spanId}`;
    const select = spanColumns
      .map((column) => {
        if (column === "version") return "{version:UInt64}";
        if (column === "counted") return "transform(concat(trace_id, ':', span_id), {keys:Array(String)}, {counted:Array(UInt8)}, toUInt8(counted))";
        if (column === "duplicate_of") return "transform(concat(trace_id, ':', span_id), {keys:Array(String)}, {duplicates:Array(String)}, duplicate_of)";
        return column;
      })
      .join(", ");
    await engine.command(
      `INSERT INTO spans (${spanColumns.join(", ")}) SELECT ${select} FROM spans FINAL
       WHERE project_id IN {projects:Array(String)} AND toUInt32(bucket) IN {buckets:Array(UInt32)} AND trace_id IN {traces:Array(String)} AND concat(trace_id, ':', span_id) IN {keys:Array(String)}`,
      {
        version,
        keys: group.map(key),
        counted: group.map((item) => (item.counted ? 1 : 0)),
        duplicates: group.map((item) => item.duplicateOf),
        projects: [...new Set(group.map((item) => item.projectId))],
        buckets: [...new Set(group.map((item) => item.bucket))],
        traces: [...new Set(group.map((item) => item.traceId))],
      },
    );
  }
}
