import type { RawEvent, RawLink, RawSpan, Resource, Scope } from "@telltale/model";
import { acceptSpan, isSpanId, isTraceId } from "./accept-span.ts";
import { JsonAttributeReader } from "./any-value-json.ts";
import type { DecodeLimits } from "./decode-limits.ts";
import { type JsonObject, list, object, parseJsonBody } from "./json-body.ts";
import { enumeration, field, hexId, nanoseconds, spanKindNames, statusCodeNames, text, uint32, UnreadableField } from "./json-fields.ts";
import { noRejected, reject, type Rejected } from "./rejected.ts";
import { resourceOf, scopeOf } from "./resource-json.ts";

/**
 * Reads an ExportTraceServiceRequest as OTLP/JSON (opentelemetry.io/docs/specs/otlp, "JSON Protobuf Encoding"): ids in
 * hex, 64-bit integers as strings or numbers, enums as numbers or names, field names in camelCase or snake_case.
 * A body of the wrong shape is `body_malformed`; a span with an unreadable field is rejected, the others are kept.
 */
export function decodeTracesOtlpJson(body: Uint8Array, limits: DecodeLimits): { spans: RawSpan[]; rejected: Rejected } {
  const attributes = new JsonAttributeReader(limits);
  const spans: RawSpan[] = [];
  const rejected = noRejected();
  const request = parseJsonBody(body);
  for (const given of list(field(request, "resourceSpans", "resource_spans"), "resourceSpans")) {
    const resourceSpans = object(given, "an item of resourceSpans");
    const resource = resourceOf(attributes, resourceSpans);
    for (const item of list(field(resourceSpans, "scopeSpans", "scope_spans"), "scopeSpans")) {
      const scopeSpans = object(item, "an item of scopeSpans");
      const scope = scopeOf(attributes, scopeSpans);
      for (const span of list(scopeSpans.spans, "spans")) {
        const reason =
          spans.length >= limits.maxItems ? `more than ${limits.maxItems} spans in one request` : take(object(span, "an item of spans"), resource, scope);
        if (reason !== undefined) reject(rejected, reason);
      }
    }
  }
  return { spans, rejected };

  function take(given: JsonObject, resource: Resource, scope: Scope): string | undefined {
    try {
      const { span, losses } = readSpan(attributes, given, resource, scope);
      const reason = acceptSpan(span, losses, limits);
      if (reason === undefined) spans.push(span);
      return reason;
    } catch (error) {
      if (error instanceof UnreadableField) return error.message;
      throw error;
    }
  }
}

function readSpan(attributes: JsonAttributeReader, given: JsonObject, resource: Resource, scope: Scope) {
  attributes.reset();
  const status = given.status === undefined || given.status === null ? {} : object(given.status, "the status of a span");
  const events = readEvents(attributes, given.events);
  const links = readLinks(attributes, given.links);
  const span: RawSpan = {
    traceId: hexId(field(given, "traceId", "trace_id"), 16, "the trace id"),
    spanId: hexId(field(given, "spanId", "span_id"), 8, "the span id"),
    parentSpanId: hexId(field(given, "parentSpanId", "parent_span_id"), 8, "the parent span id"),
    traceState: text(field(given, "traceState", "trace_state"), "the trace state"),
    flags: uint32(given.flags),
    name: text(given.name, "the name"),
    otelKind: enumeration(given.kind, "SPAN_KIND_", spanKindNames),
    startNs: nanoseconds(field(given, "startTimeUnixNano", "start_time_unix_nano"), "the start time"),
    endNs: nanoseconds(field(given, "endTimeUnixNano", "end_time_unix_nano"), "the end time"),
    attributes: attributes.attributes(given.attributes),
    events: events.kept,
    links: links.kept,
    statusCode: enumeration(status.code, "STATUS_CODE_", statusCodeNames),
    statusMessage: text(status.message, "the status message"),
    resource,
    scope,
  };
  const losses = {
    attributes: attributes.droppedAttributes + uint32(field(given, "droppedAttributesCount", "dropped_attributes_count")),
    values: attributes.droppedValues,
    events: events.dropped + uint32(field(given, "droppedEventsCount", "dropped_events_count")),
    links: links.dropped + uint32(field(given, "droppedLinksCount", "dropped_links_count")),
  };
  return { span, losses };
}

function readEvents(attributes: JsonAttributeReader, given: unknown): { kept: RawEvent[]; dropped: number } {
  const items = list(given, "events");
  const kept = items.slice(0, attributes.limits.maxEvents).map((item) => {
    const event = object(item, "an item of events");
    return {
      timeNs: nanoseconds(field(event, "timeUnixNano", "time_unix_nano"), "the time of an event"),
      name: text(event.name, "the name of an event"),
      attributes: attributes.attributes(event.attributes),
    };
  });
  return { kept, dropped: items.length - kept.length };
}

function readLinks(attributes: JsonAttributeReader, given: unknown): { kept: RawLink[]; dropped: number } {
  const items = list(given, "links");
  const kept: RawLink[] = [];
  for (const item of items) {
    const link = object(item, "an item of links");
    const traceId = linkId(field(link, "traceId", "trace_id"), 16);
    const spanId = linkId(field(link, "spanId", "span_id"), 8);
    if (kept.length < attributes.limits.maxLinks && isTraceId(traceId) && isSpanId(spanId)) {
      kept.push({ traceId, spanId, attributes: attributes.attributes(link.attributes) });
    }
  }
  return { kept, dropped: items.length - kept.length };
}

/** A link without valid ids leads nowhere: it is dropped and counted, its span is kept. */
function linkId(given: unknown, bytes: 8 | 16): string {
  try {
    return hexId(given, bytes, "the id of a link");
  } catch (error) {
    if (error instanceof UnreadableField) return "";
    throw error;
  }
}
