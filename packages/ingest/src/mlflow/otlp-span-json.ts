import { Double, type Attributes, type AttributeValue, type RawEvent, type RawLink, type RawSpan } from "@telltale/model";
import { attributeJson, quoteJson } from "../raw/attribute-json.ts";
import { spanKindNames, statusCodeNames } from "../otlp/json-fields.ts";
import { unwrapDoubleEncoding } from "./unwrap-double-encoding.ts";

/**
 * A span as MLflow's `traces/get` shows it: the OTLP Span message as proto3 JSON with proto field names, ids in base64,
 * 64-bit integers as bare numbers with every digit (so this is text, not an object), fields at their default left out.
 * Double-encoded attributes are unwrapped, see `unwrapDoubleEncoding`.
 */
export function encodeSpanJson(span: RawSpan): string {
  const fields = [`"trace_id":${base64(span.traceId)}`, `"span_id":${base64(span.spanId)}`];
  if (span.traceState !== "") fields.push(`"trace_state":${quoteJson(span.traceState)}`);
  if (span.parentSpanId !== "") fields.push(`"parent_span_id":${base64(span.parentSpanId)}`);
  fields.push(`"name":${quoteJson(span.name)}`);
  // OTLP allows to take an unspecified kind for internal; the real server does (mlflow-tracing sends none)
  fields.push(`"kind":"SPAN_KIND_${spanKindNames[span.otelKind || 1] ?? "INTERNAL"}"`);
  fields.push(`"start_time_unix_nano":${span.startNs}`, `"end_time_unix_nano":${span.endNs}`);
  if (span.attributes.size > 0) fields.push(`"attributes":${keyValues(span.attributes, unwrapDoubleEncoding)}`);
  if (span.events.length > 0) fields.push(`"events":[${span.events.map(eventJson).join(",")}]`);
  if (span.links.length > 0) fields.push(`"links":[${span.links.map(linkJson).join(",")}]`);
  if (span.statusCode > 0 || span.statusMessage !== "") fields.push(`"status":${statusJson(span)}`);
  if (span.flags > 0) fields.push(`"flags":${span.flags}`);
  return `{${fields.join(",")}}`;
}

function eventJson(event: RawEvent): string {
  const attributes = event.attributes.size > 0 ? `,"attributes":${keyValues(event.attributes)}` : "";
  return `{"time_unix_nano":${event.timeNs},"name":${quoteJson(event.name)}${attributes}}`;
}

function linkJson(link: RawLink): string {
  const attributes = link.attributes.size > 0 ? `,"attributes":${keyValues(link.attributes)}` : "";
  return `{"trace_id":${base64(link.traceId)},"span_id":${base64(link.spanId)}${attributes}}`;
}

function statusJson(span: RawSpan): string {
  const fields: string[] = [];
  if (span.statusMessage !== "") fields.push(`"message":${quoteJson(span.statusMessage)}`);
  if (span.statusCode > 0) fields.push(`"code":"STATUS_CODE_${statusCodeNames[span.statusCode] ?? "UNSET"}"`);
  return `{${fields.join(",")}}`;
}

/** A list of KeyValue. A null has no value at all: `{"key": "x"}`. */
function keyValues(entries: Attributes, read: (value: AttributeValue) => AttributeValue = (value) => value): string {
  const items: string[] = [];
  for (const [key, given] of entries) {
    const value = read(given);
    items.push(value === null ? `{"key":${quoteJson(key)}}` : `{"key":${quoteJson(key)},"value":${anyValue(value)}}`);
  }
  return `[${items.join(",")}]`;
}

function anyValue(value: AttributeValue): string {
  if (typeof value === "string") return `{"string_value":${quoteJson(value)}}`;
  if (typeof value === "boolean") return `{"bool_value":${value}}`;
  if (typeof value === "bigint") return `{"int_value":${value}}`;
  // NaN and the infinities are strings in proto3 JSON, as `attributeJson` writes them
  if (typeof value === "number") return `{"${Number.isInteger(value) ? "int" : "double"}_value":${attributeJson(value)}}`;
  if (value === null) return "{}";
  if (value instanceof Double) return `{"double_value":${attributeJson(value)}}`;
  if (value instanceof Uint8Array) return `{"bytes_value":${attributeJson(value)}}`;
  if (Array.isArray(value)) return value.length === 0 ? '{"array_value":{}}' : `{"array_value":{"values":[${value.map(anyValue).join(",")}]}}`;
  return value.size === 0 ? '{"kvlist_value":{}}' : `{"kvlist_value":{"values":${keyValues(value)}}}`;
}

function base64(hex: string): string {
  return `"${Buffer.from(hex, "hex").toString("base64")}"`;
}
