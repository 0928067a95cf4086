export { decodeTraces, type OtlpFormat } from "./traces.ts";
export { decodeLogs } from "./logs.ts";
export { decodeMetrics } from "./metrics.ts";
export { type DecodeLimits, tooDeepMarker } from "./decode-limits.ts";
export { type Rejected, rejectedMessage } from "./rejected.ts";
export { encodeLogsResponse, encodeMetricsResponse, encodeStatus, encodeTracesResponse, type PartialSuccess } from "./responses.ts";
