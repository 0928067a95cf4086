import type { RowWriter } from "./row-writer.ts";

export const logColumns = [
  "project_id",
  "bucket",
  "trace_id",
  "span_id",
  "log_id",
  "time",
  "event_name",
  "severity",
  "body",
  "raw",
  "version",
  "is_deleted",
] as const;

export interface LogRow {
  traceId: string;
  spanId: string;
  /** Content hash: the same record sent twice is one row. */
  logId: string;
  timeNs: bigint;
  eventName: string;
  severity: number;
  /** Body as text, for people. */
  body: string;
  /** The record whole (see ingest's `packLog`). */
  raw: string;
}

/** One row of `span_logs`, columns as in `logColumns`. */
export function writeLogRow(out: RowWriter, projectId: string, bucket: number, row: LogRow, version: bigint): void {
  out.rows += 1;
  out.string(projectId);
  out.u32(bucket);
  out.string(row.traceId);
  out.string(row.spanId);
  out.string(row.logId);
  out.i64(row.timeNs);
  out.string(row.eventName);
  out.u8(Math.min(255, Math.max(0, row.severity | 0)));
  out.string(row.body);
  out.string(row.raw);
  out.u64(version);
  out.u8(0);
}
