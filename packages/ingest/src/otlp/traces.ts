import type { RawSpan } from "@telltale/model";
import { decodeLimits, type DecodeLimits } from "./decode-limits.ts";
import type { Rejected } from "./rejected.ts";
import { decodeTracesOtlpJson } from "./traces-json.ts";
import { decodeTracesProtobuf } from "./traces-protobuf.ts";

export type OtlpFormat = "protobuf" | "json";

/**
 * Decodes an OTLP ExportTraceServiceRequest. Spans of one block share their resource and scope objects.
 * Throws only `TelltaleError` (`body_malformed`, when the body as a whole cannot be read); spans that cannot be taken are
 * counted in `rejected`, for the partial success of the response.
 */
export function decodeTraces(body: Uint8Array, format: OtlpFormat, limits: Partial<DecodeLimits> = {}): { spans: RawSpan[]; rejected: Rejected } {
  return format === "json" ? decodeTracesOtlpJson(body, decodeLimits(limits)) : decodeTracesProtobuf(body, decodeLimits(limits));
}
