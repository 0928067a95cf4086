import type { Received } from "../../pipeline/ingest.ts";
import type { OtlpFormat } from "./media-type.ts";

export type Signal = "traces" | "logs" | "metrics";

const REJECTED_KEY = { traces: "rejectedSpans", logs: "rejectedLogRecords", metrics: "rejectedDataPoints" } as const;

/** `Export{Trace,Logs,Metrics}ServiceResponse`: the three differ only in the JSON name of the count. Empty when all was accepted. */
export function encodeExportResponse(signal: Signal, format: OtlpFormat, { rejected, message }: Received): Buffer {
  const isComplete = rejected === 0 && message === "";
  if (format === "json") {
    // int64 is a string in protobuf's JSON mapping
    return Buffer.from(JSON.stringify(isComplete ? {} : { partialSuccess: { [REJECTED_KEY[signal]]: String(rejected), errorMessage: message } }));
  }
  if (isComplete) return Buffer.alloc(0);
  return lengthDelimited(1, Buffer.concat([varintField(1, rejected), textField(2, message)]));
}

/** `google.rpc.Status`. `retryAfterS` adds `google.rpc.RetryInfo`, which gRPC clients wait for. */
export function encodeStatus(format: OtlpFormat, code: number, message: string, retryAfterS?: number): Buffer {
  if (format === "json") return Buffer.from(JSON.stringify({ code, message }));
  const fields = [varintField(1, code), textField(2, message)];
  if (retryAfterS !== undefined) fields.push(lengthDelimited(3, retryInfo(retryAfterS)));
  return Buffer.concat(fields);
}

/** `google.protobuf.Any` around `RetryInfo { Duration retry_delay = 1 }`. */
function retryInfo(seconds: number): Buffer {
  const whole = Math.floor(seconds);
  const duration = Buffer.concat([varintField(1, whole), varintField(2, Math.round((seconds - whole) * 1e9))]);
  return Buffer.concat([textField(1, "type.googleapis.com/google.rpc.RetryInfo"), lengthDelimited(2, lengthDelimited(1, duration))]);
}

function textField(field: number, text: string): Buffer {
  return text === "" ? Buffer.alloc(0) : lengthDelimited(field, Buffer.from(text));
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
