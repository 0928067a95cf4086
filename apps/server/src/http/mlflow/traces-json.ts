import { attributeJson, unwrapDoubleEncoding } from "@telltale/ingest";
import type { RawSpan, Trace } from "@telltale/model";
import type { MlflowDeps } from "./deps.ts";
import { JsonText, writeJson } from "./json-text.ts";
import { spansOfTrace } from "./stored-spans.ts";

const kinds = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const statusCodes = ["UNSET", "OK", "ERROR"];

/** MLflow's `traces.json` of a stored trace, in pieces: what clients upload when they cannot reach `/v1/traces`. */
export async function* tracesJsonPieces(deps: MlflowDeps, trace: Trace): AsyncGenerator<string> {
  yield '{"spans":[';
  let separator = "";
  for await (const span of spansOfTrace(deps, trace)) {
    yield separator + tracesJsonSpan(span);
    separator = ",";
  }
  yield "]}";
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

function base64(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}
