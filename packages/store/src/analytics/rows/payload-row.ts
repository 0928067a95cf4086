import type { RowWriter } from "./row-writer.ts";

export const payloadColumns = [
  "version",
  "bucket",
  "is_deleted",
  "project_id",
  "trace_id",
  "span_id",
  "start_time",
  "inputs",
  "outputs",
  "raw",
  "words",
] as const;

export interface PayloadRow {
  traceId: string;
  spanId: string;
  startNs: bigint;
  inputs: string;
  outputs: string;
  raw: string;
  words: string;
}

/** One row of `payloads`, columns as in `payloadColumns`. */
export function writePayloadRow(out: RowWriter, projectId: string, bucket: number, row: PayloadRow, version: bigint): void {
  const start = out.bytes;
  writePayloadBody(out, projectId, row);
  out.stamp(start, version, bucket);
  out.rows += 1;
}

/** The row but for version and bucket (left 0, see `RowWriter.stamp`): made when a span is received. */
export function writePayloadBody(out: RowWriter, projectId: string, row: PayloadRow): void {
  out.u64(0n);
  out.u32(0);
  out.u8(0);
  out.string(projectId);
  out.string(row.traceId);
  out.string(row.spanId);
  out.i64(row.startNs);
  out.string(row.inputs);
  out.string(row.outputs);
  out.string(row.raw);
  out.string(row.words);
}
