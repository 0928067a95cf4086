import type { RowWriter } from "./row-writer.ts";

export const payloadColumns = [
  "project_id",
  "bucket",
  "trace_id",
  "span_id",
  "start_time",
  "inputs",
  "outputs",
  "raw",
  "words",
  "version",
  "is_deleted",
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
  out.rows += 1;
  out.string(projectId);
  out.u32(bucket);
  out.string(row.traceId);
  out.string(row.spanId);
  out.i64(row.startNs);
  out.string(row.inputs);
  out.string(row.outputs);
  out.string(row.raw);
  out.string(row.words);
  out.u64(version);
  out.u8(0);
}
