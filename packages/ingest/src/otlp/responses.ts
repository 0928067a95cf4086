import type { OtlpFormat } from "./traces.ts";

/** What was not taken of a request; becomes `partial_success` of the response. */
export interface PartialSuccess {
  rejected: number;
  /** May stand without rejections: then it is a warning. */
  message: string;
}

/** The OTLP response of a trace export: empty (JSON: `{}`) when all was taken. */
export function encodeTracesResponse(partial: PartialSuccess | undefined, format: OtlpFormat): Buffer {
  return response(partial, format, "rejectedSpans");
}

export function encodeLogsResponse(partial: PartialSuccess | undefined, format: OtlpFormat): Buffer {
  return response(partial, format, "rejectedLogRecords");
}

export function encodeMetricsResponse(partial: PartialSuccess | undefined, format: OtlpFormat): Buffer {
  return response(partial, format, "rejectedDataPoints");
}

/** A google.rpc.Status, the body of an OTLP error. `code` is a gRPC status code (3 = invalid argument, …). */
export function encodeStatus(code: number, message: string, format: OtlpFormat): Buffer {
  if (format === "json") return Buffer.from(JSON.stringify({ code, message }));
  return Buffer.concat([varintField(1, code), stringField(2, message)]);
}

/** The three Export…ServiceResponse have the same wire form: partial_success = 1 { rejected… = 1, error_message = 2 }. */
function response(partial: PartialSuccess | undefined, format: OtlpFormat, jsonName: string): Buffer {
  if (partial === undefined || (partial.rejected === 0 && partial.message === "")) return Buffer.from(format === "json" ? "{}" : "");
  if (format === "json") {
    // int64 is a string in proto3 JSON
    return Buffer.from(JSON.stringify({ partialSuccess: { [jsonName]: String(partial.rejected), errorMessage: partial.message } }));
  }
  const inner = Buffer.concat([varintField(1, partial.rejected), stringField(2, partial.message)]);
  return Buffer.concat([varint(1 * 8 + 2), varint(inner.length), inner]);
}

/** Proto3: a zero is not written. */
function varintField(field: number, value: number): Buffer {
  return value === 0 ? Buffer.alloc(0) : Buffer.concat([varint(field * 8), varint(value)]);
}

function stringField(field: number, value: string): Buffer {
  const bytes = Buffer.from(value);
  return bytes.length === 0 ? bytes : Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
