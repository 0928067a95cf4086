import type { RawLog } from "@telltale/model";
import { decodeLimits, type DecodeLimits } from "./decode-limits.ts";
import { decodeLogsJson } from "./logs-json.ts";
import { decodeLogsProtobuf } from "./logs-protobuf.ts";
import type { Rejected } from "./rejected.ts";
import type { OtlpFormat } from "./traces.ts";

/** Decodes an OTLP ExportLogsServiceRequest; as `decodeTraces`. A log without ids is taken: it belongs to no span. */
export function decodeLogs(body: Uint8Array, format: OtlpFormat, limits: Partial<DecodeLimits> = {}): { logs: RawLog[]; rejected: Rejected } {
  return format === "json" ? decodeLogsJson(body, decodeLimits(limits)) : decodeLogsProtobuf(body, decodeLimits(limits));
}
