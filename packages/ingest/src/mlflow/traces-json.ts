import { TelltaleError, type Attributes, type AttributeValue, type RawEvent, type RawLink, type RawSpan, type Resource, type Scope } from "@telltale/model";
import { acceptSpan, isSpanId, isTraceId } from "../otlp/accept-span.ts";
import { decodeLimits, type DecodeLimits } from "../otlp/decode-limits.ts";
import { enumeration, hexId, nanoseconds, spanKindNames, statusCodeNames, text, UnreadableField } from "../otlp/json-fields.ts";
import { attributeJson, quoteJson } from "../raw/attribute-json.ts";
import { parseAttributeJson } from "../raw/parse-attribute-json.ts";
import { unwrapDoubleEncoding } from "./unwrap-double-encoding.ts";

type Fields = Map<string, AttributeValue>;

/**
 * Reads MLflow's `traces.json` artifact: `{"spans": [{trace_id, span_id, parent_span_id, name, kind, start_time_unix_nano, …,
 * attributes: {key: "<JSON text>"}}]}`, ids in base64 or hex; also MLflow 2's form of it. All or nothing, because the client uploads a file: a file or
 * span that cannot be read is `body_malformed`, naming the span.
 */
export function decodeTracesJson(body: Uint8Array, limits: Partial<DecodeLimits> = {}): RawSpan[] {
  const bounds = decodeLimits(limits);
  const parsed = parseAttributeJson(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8"));
  const given = parsed instanceof Map ? parsed.get("spans") : undefined;
  if (!Array.isArray(given)) throw malformed("it must be an object with a list of spans");
  if (given.length > bounds.maxItems) throw malformed(`it has more than ${bounds.maxItems} spans`);
  const shared = { resource: { attributes: new Map(), schemaUrl: "" }, scope: { name: "", version: "", attributes: new Map() } };
  return given.map((fields, index) => {
    if (!(fields instanceof Map)) throw malformed(`span ${index} must be an object`);
    try {
      return readSpan(fields, shared, bounds);
    } catch (error) {
      if (error instanceof UnreadableField) throw malformed(`in span ${index} ${error.message}`);
      throw error;
    }
  });
}

/** Writes the same artifact; attributes as JSON text, double-encoded ones only once. */
export function encodeTracesJson(spans: readonly RawSpan[]): string {
  return `{"spans":[${spans.map(spanJson).join(",")}]}`;
}

function readSpan(fields: Fields, shared: { resource: Resource; scope: Scope }, limits: DecodeLimits): RawSpan {
  const status = mapOf(fields.get("status"));
  const context = mapOf(fields.get("context")); // MLflow 2 kept the ids here and had other names for the rest
  const events = listOf(fields.get("events")).map(readEvent);
  const links = listOf(fields.get("links")).flatMap(readLink);
  const attributes = attributesOf(fields.get("attributes"), limits);
  const span: RawSpan = {
    traceId: hexId(fields.get("trace_id") ?? context.get("trace_id"), 16, "the trace id"),
    spanId: hexId(fields.get("span_id") ?? context.get("span_id"), 8, "the span id"),
    parentSpanId: hexId(fields.get("parent_span_id") ?? fields.get("parent_id"), 8, "the parent span id"),
    traceState: text(fields.get("trace_state"), "the trace state"),
    flags: 0,
    name: text(fields.get("name"), "the name"),
    otelKind: enumeration(fields.get("kind"), "SPAN_KIND_", spanKindNames),
    startNs: time(fields.get("start_time_unix_nano") ?? fields.get("start_time"), "the start time"),
    endNs: time(fields.get("end_time_unix_nano") ?? fields.get("end_time"), "the end time"),
    attributes: attributes.kept,
    events: events.slice(0, limits.maxEvents),
    links: links.slice(0, limits.maxLinks),
    statusCode: enumeration(status.get("code") ?? fields.get("status_code"), "STATUS_CODE_", statusCodeNames),
    statusMessage: text(status.get("message") ?? fields.get("status_message"), "the status message"),
    ...shared,
  };
  const losses = {
    attributes: attributes.dropped,
    values: 0,
    events: events.length - span.events.length,
    links: listOf(fields.get("links")).length - span.links.length,
  };
  const reason = acceptSpan(span, losses, limits);
  if (reason !== undefined) throw new UnreadableField(reason);
  return span;
}

/** Every value is JSON text of its own; a value that is not is kept as it is. */
function attributesOf(given: AttributeValue | undefined, limits: DecodeLimits): { kept: Attributes; dropped: number } {
  const all = mapOf(given);
  const kept: Attributes = new Map();
  for (const [key, value] of all) {
    if (kept.size >= limits.maxAttributes) break;
    kept.set(key, typeof value === "string" ? (parseAttributeJson(value) ?? value) : value);
  }
  return { kept, dropped: all.size - kept.size };
}

function readEvent(given: AttributeValue): RawEvent {
  const event = mapOf(given);
  return {
    timeNs: time(event.get("time_unix_nano") ?? event.get("timestamp"), "the time of an event"),
    name: text(event.get("name"), "the name of an event"),
    attributes: mapOf(event.get("attributes")),
  };
}

/** A link without valid ids leads nowhere: dropped, and counted on the span. */
function readLink(given: AttributeValue): RawLink[] {
  const link = mapOf(given);
  try {
    const traceId = hexId(link.get("trace_id"), 16, "the trace id of a link");
    const spanId = hexId(link.get("span_id"), 8, "the span id of a link");
    return isTraceId(traceId) && isSpanId(spanId) ? [{ traceId, spanId, attributes: mapOf(link.get("attributes")) }] : [];
  } catch (error) {
    if (error instanceof UnreadableField) return [];
    throw error;
  }
}

/** A span still open has no end time: null. */
function time(given: AttributeValue | undefined, what: string): bigint {
  return typeof given === "bigint" && given >= 0n ? given : nanoseconds(given, what);
}

function mapOf(given: AttributeValue | undefined): Fields {
  return given instanceof Map ? given : new Map();
}

function listOf(given: AttributeValue | undefined): AttributeValue[] {
  return Array.isArray(given) ? given : [];
}

function malformed(what: string): TelltaleError {
  return new TelltaleError("body_malformed", `The file is not MLflow's traces.json: ${what}.`);
}

function spanJson(span: RawSpan): string {
  const attributes = [...span.attributes].map(([key, value]) => `${quoteJson(key)}:${quoteJson(attributeJson(unwrapDoubleEncoding(value)))}`);
  const fields = [
    `"trace_id":${base64(span.traceId)}`,
    `"span_id":${base64(span.spanId)}`,
    `"parent_span_id":${span.parentSpanId === "" ? "null" : base64(span.parentSpanId)}`,
    `"name":${quoteJson(span.name)}`,
    ...(span.otelKind > 0 ? [`"kind":"SPAN_KIND_${spanKindNames[span.otelKind] ?? "UNSPECIFIED"}"`] : []),
    `"start_time_unix_nano":${span.startNs}`,
    `"end_time_unix_nano":${span.endNs}`,
    `"events":[${span.events.map((event) => `{"name":${quoteJson(event.name)},"time_unix_nano":${event.timeNs},"attributes":${attributeJson(event.attributes)}}`).join(",")}]`,
    `"status":{"code":"STATUS_CODE_${statusCodeNames[span.statusCode] ?? "UNSET"}","message":${quoteJson(span.statusMessage)}}`,
    `"attributes":{${attributes.join(",")}}`,
    `"links":[${span.links.map((link) => `{"trace_id":${base64(link.traceId)},"span_id":${base64(link.spanId)},"attributes":${attributeJson(link.attributes)}}`).join(",")}]`,
  ];
  return `{${fields.join(",")}}`;
}

function base64(hex: string): string {
  return `"${Buffer.from(hex, "hex").toString("base64")}"`;
}
