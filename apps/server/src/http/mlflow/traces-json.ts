import { attributeJson, decodeTracesJson, encodeTracesJson, unwrapDoubleEncoding } from "@telltale/ingest";
import { parseTraceId, type RawSpan, type Trace } from "@telltale/model";
import type { MlflowDeps } from "./deps.ts";
import { JsonText, writeJson } from "./json-text.ts";
import { spansOfTrace } from "./stored-spans.ts";

const kinds = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const statusCodes = ["UNSET", "OK", "ERROR"];

/**
 * MLflow's `traces.json` of a stored trace, in pieces: what clients upload when they cannot reach `/v1/traces`. Clients
 * before 3.0 refuse the newer shape of a span.
 */
export async function* tracesJsonPieces(deps: MlflowDeps, trace: Trace, shape: "v2" | "v3"): AsyncGenerator<string> {
  yield '{"spans":[';
  let separator = "";
  for await (const span of spansOfTrace(deps, trace)) {
    yield separator + (shape === "v2" ? tracesJsonSpanV2(span) : tracesJsonSpan(span));
    separator = ",";
  }
  yield "]}";
}

/**
 * The uploaded file with its spans under the trace it was uploaded for. Clients before 3.0 gave a trace and its spans
 * different ids; ours would be two traces then. An id that is no W3C trace id cannot be a span's: the file stays as it is.
 */
export function underTrace(body: Buffer, traceId: string): Buffer {
  if (parseTraceId(traceId) === undefined) return body;
  const spans = decodeTracesJson(body);
  if (spans.every((span) => span.traceId === traceId)) return body;
  return Buffer.from(encodeTracesJson(spans.map((span) => ({ ...span, traceId }))));
}

/** One span of `traces.json`: ids in base64 (those of links not), every attribute value as JSON inside a string, those of events plain. */
function tracesJsonSpan(span: RawSpan): string {
  return writeJson({
    trace_id: base64(span.traceId),
    span_id: base64(span.spanId),
    parent_span_id: span.parentSpanId === "" ? null : base64(span.parentSpanId),
    name: span.name,
    kind: `SPAN_KIND_${kinds[span.otelKind] ?? "UNSPECIFIED"}`,
    start_time_unix_nano: new JsonText(String(span.startNs)),
    end_time_unix_nano: new JsonText(String(span.endNs)),
    events: span.events.map(({ name, timeNs, attributes }) => ({
      name,
      time_unix_nano: new JsonText(String(timeNs)),
      attributes: new JsonText(attributeJson(attributes)),
    })),
    status: { code: `STATUS_CODE_${statusCodes[span.statusCode] ?? "UNSET"}`, message: span.statusMessage },
    attributes: new Map(Array.from(span.attributes, ([key, value]) => [key, attributeJson(unwrapDoubleEncoding(value))])),
    links: span.links.map(({ traceId, spanId, attributes }) => ({
      trace_id: `tr-${traceId}`,
      span_id: spanId,
      attributes: new JsonText(attributeJson(attributes)),
    })),
  });
}

/** The same as MLflow 2 wrote it: other names, ids in hex. */
function tracesJsonSpanV2(span: RawSpan): string {
  return writeJson({
    name: span.name,
    context: { span_id: span.spanId, trace_id: span.traceId },
    parent_id: span.parentSpanId === "" ? null : span.parentSpanId,
    start_time: new JsonText(String(span.startNs)),
    end_time: new JsonText(String(span.endNs)),
    status_code: statusCodes[span.statusCode] ?? "UNSET",
    status_message: span.statusMessage,
    attributes: new Map(Array.from(span.attributes, ([key, value]) => [key, attributeJson(unwrapDoubleEncoding(value))])),
    events: span.events.map(({ name, timeNs, attributes }) => ({
      name,
      timestamp: new JsonText(String(timeNs)),
      attributes: new JsonText(attributeJson(attributes)),
    })),
  });
}

function base64(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}
