export { decodeTracesJson, encodeTracesJson } from "./traces-json.ts";
export { encodeSpanJson } from "./otlp-span-json.ts";
export { unwrapDoubleEncoding } from "./unwrap-double-encoding.ts";
