import { encodeLogsResponse, encodeMetricsResponse, encodeStatus, encodeTracesResponse } from "@telltale/ingest";
import type { Received } from "../../pipeline/ingest.ts";
import type { OtlpFormat } from "./media-type.ts";

export type Signal = "traces" | "logs" | "metrics";

const encoders = { traces: encodeTracesResponse, logs: encodeLogsResponse, metrics: encodeMetricsResponse } as const;

/** The response of an export: empty when all was accepted. */
export function encodeExportResponse(signal: Signal, format: OtlpFormat, { rejected, message }: Received): Buffer {
  return encoders[signal]({ rejected, message }, format);
}

/**
 * `google.rpc.Status` with `google.rpc.RetryInfo` among its details, as gRPC clients read it from `grpc-status-details-bin`.
 * A protobuf message may be written in parts, so the details (field 3) simply follow.
 */
export function statusWithRetry(code: number, message: string, retryAfterS: number): Buffer {
  const whole = Math.floor(retryAfterS);
  const duration = Buffer.concat([varintField(1, whole), varintField(2, Math.round((retryAfterS - whole) * 1e9))]);
  const type = Buffer.from("type.googleapis.com/google.rpc.RetryInfo");
  const any = Buffer.concat([lengthDelimited(1, type), lengthDelimited(2, lengthDelimited(1, duration))]);
  return Buffer.concat([encodeStatus(code, message, "protobuf"), lengthDelimited(3, any)]);
}

function varintField(field: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.concat([varint(field << 3), varint(value)]);
}

function lengthDelimited(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(bytes.length), bytes]);
}

/** Safe integers, not negative. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
