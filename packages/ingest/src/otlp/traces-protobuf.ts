import type { RawEvent, RawLink, RawSpan, Resource, Scope } from "@telltale/model";
import { acceptSpan, isSpanId, isTraceId } from "./accept-span.ts";
import { AttributeReader } from "./any-value-wire.ts";
import type { DecodeLimits } from "./decode-limits.ts";
import { noRejected, reject, type Rejected } from "./rejected.ts";
import { readResource, readScope } from "./resource-wire.ts";
import { WireReader } from "./wire-reader.ts";

/**
 * Reads an ExportTraceServiceRequest (opentelemetry/proto/trace/v1/trace.proto) straight into spans: no message objects
 * in between, shared strings, resources and scopes. Numbers in `case` are tags: field number × 8 + wire type.
 */
export function decodeTracesProtobuf(body: Uint8Array, limits: DecodeLimits): { spans: RawSpan[]; rejected: Rejected } {
  return new TraceRequest(body, limits).read();
}

class TraceRequest {
  readonly #spans: RawSpan[] = [];
  readonly #rejected = noRejected();
  readonly #reader: WireReader;
  readonly #attributes: AttributeReader;
  readonly #losses = { attributes: 0, values: 0, events: 0, links: 0 };
  #lastTraceId = "";

  constructor(
    body: Uint8Array,
    readonly limits: DecodeLimits,
  ) {
    this.#reader = new WireReader(body);
    this.#attributes = new AttributeReader(this.#reader, limits);
  }

  read(): { spans: RawSpan[]; rejected: Rejected } {
    const reader = this.#reader;
    const end = reader.length;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 10) this.#resourceSpans(end);
      else reader.skip(tag, end);
    }
    return { spans: this.#spans, rejected: this.#rejected };
  }

  /** The resource is filled in place when it comes: on the wire it may follow the spans that point at it. */
  #resourceSpans(outerEnd: number): void {
    const reader = this.#reader;
    const end = reader.block(outerEnd);
    const resource: Resource = { attributes: new Map(), schemaUrl: "" };
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 10) readResource(this.#attributes, resource, end);
      else if (tag === 18) this.#scopeSpans(resource, end);
      else if (tag === 26) resource.schemaUrl = reader.string(end);
      else reader.skip(tag, end);
    }
  }

  #scopeSpans(resource: Resource, outerEnd: number): void {
    const reader = this.#reader;
    const end = reader.block(outerEnd);
    const scope: Scope = { name: "", version: "", attributes: new Map() };
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 10) readScope(this.#attributes, scope, end);
      else if (tag === 18) this.#take(this.#span(resource, scope, end));
      else reader.skip(tag, end);
    }
  }

  #take(span: RawSpan): void {
    const losses = this.#losses;
    losses.attributes = this.#attributes.droppedAttributes;
    losses.values = this.#attributes.droppedValues;
    const reason =
      this.#spans.length >= this.limits.maxItems ? `more than ${this.limits.maxItems} spans in one request` : acceptSpan(span, losses, this.limits);
    if (reason === undefined) this.#spans.push(span);
    else reject(this.#rejected, reason);
  }

  #span(resource: Resource, scope: Scope, outerEnd: number): RawSpan {
    const reader = this.#reader;
    const end = reader.block(outerEnd);
    const span: RawSpan = {
      traceId: "",
      spanId: "",
      parentSpanId: "",
      traceState: "",
      flags: 0,
      name: "",
      otelKind: 0,
      startNs: 0n,
      endNs: 0n,
      attributes: new Map(),
      events: [],
      links: [],
      statusCode: 0,
      statusMessage: "",
      resource,
      scope,
    };
    this.#attributes.reset();
    this.#losses.events = 0;
    this.#losses.links = 0;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      switch (tag) {
        case 10:
          span.traceId = this.#traceId(end);
          break;
        case 18:
          span.spanId = reader.hex(end);
          break;
        case 26:
          span.traceState = reader.string(end);
          break;
        case 34:
          span.parentSpanId = reader.hex(end);
          break;
        case 42:
          span.name = reader.string(end);
          break;
        case 48:
          span.otelKind = bounded(reader.uint32(end), 5);
          break;
        case 57:
          span.startNs = reader.fixed64(end);
          break;
        case 65:
          span.endNs = reader.fixed64(end);
          break;
        case 74:
          this.#attributes.keyValue(span.attributes, end);
          break;
        case 90:
          this.#event(span.events, end);
          break;
        case 106:
          this.#link(span.links, end);
          break;
        case 122:
          this.#status(span, end);
          break;
        case 133:
          span.flags = reader.fixed32(end);
          break;
        case 80: // dropped by the sender, before us
          this.#attributes.droppedAttributes += reader.uint32(end);
          break;
        case 96:
          this.#losses.events += reader.uint32(end);
          break;
        case 112:
          this.#losses.links += reader.uint32(end);
          break;
        default:
          reader.skip(tag, end);
      }
    }
    return span;
  }

  /** Neighbours mostly share their trace: one string for all of them. */
  #traceId(end: number): string {
    const id = this.#reader.hex(end);
    if (id !== this.#lastTraceId) this.#lastTraceId = id;
    return this.#lastTraceId;
  }

  #event(events: RawEvent[], outerEnd: number): void {
    const reader = this.#reader;
    const end = reader.block(outerEnd);
    if (events.length >= this.limits.maxEvents) {
      this.#losses.events += 1;
      reader.pos = end;
      return;
    }
    const event: RawEvent = { timeNs: 0n, name: "", attributes: new Map() };
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 9) event.timeNs = reader.fixed64(end);
      else if (tag === 18) event.name = reader.string(end);
      else if (tag === 26) this.#attributes.keyValue(event.attributes, end);
      else reader.skip(tag, end);
    }
    events.push(event);
  }

  #link(links: RawLink[], outerEnd: number): void {
    const reader = this.#reader;
    const end = reader.block(outerEnd);
    const link: RawLink = { traceId: "", spanId: "", attributes: new Map() };
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 10) link.traceId = reader.hex(end);
      else if (tag === 18) link.spanId = reader.hex(end);
      else if (tag === 34) this.#attributes.keyValue(link.attributes, end);
      else reader.skip(tag, end);
    }
    // A link without valid ids leads nowhere; it is counted, and its span is kept.
    if (links.length >= this.limits.maxLinks || !isTraceId(link.traceId) || !isSpanId(link.spanId)) this.#losses.links += 1;
    else links.push(link);
  }

  #status(span: RawSpan, outerEnd: number): void {
    const reader = this.#reader;
    const end = reader.block(outerEnd);
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 18) span.statusMessage = reader.string(end);
      else if (tag === 24) span.statusCode = bounded(reader.uint32(end), 2);
      else reader.skip(tag, end);
    }
  }
}

/** An enum value we do not know is its zero, "unspecified". */
function bounded(value: number, max: number): number {
  return value <= max ? value : 0;
}
