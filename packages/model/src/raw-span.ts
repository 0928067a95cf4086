import type { Attributes, AttributeValue } from "./attribute-value.ts";

/** Shared by every span of one ResourceSpans block (same object, not a copy). */
export interface Resource {
  attributes: Attributes;
  schemaUrl: string;
}

/** Shared by every span of one ScopeSpans block (same object, not a copy). */
export interface Scope {
  name: string;
  version: string;
  attributes: Attributes;
}

export interface RawEvent {
  timeNs: bigint;
  name: string;
  attributes: Attributes;
}

export interface RawLink {
  traceId: string;
  spanId: string;
  attributes: Attributes;
}

/** A span as it was sent: decoded, bounded and checked, not yet understood. Ids are lower-case hex; `""` = no parent. */
export interface RawSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  traceState: string;
  flags: number;
  name: string;
  /** OTLP SpanKind 0..5. */
  otelKind: number;
  startNs: bigint;
  endNs: bigint;
  attributes: Attributes;
  events: RawEvent[];
  links: RawLink[];
  /** 0 unset, 1 ok, 2 error. */
  statusCode: number;
  statusMessage: string;
  resource: Resource;
  scope: Scope;
}

/** An OTLP log record. Messages of several conventions travel in these; they join their span by trace and span id. */
export interface RawLog {
  traceId: string;
  spanId: string;
  timeNs: bigint;
  /** OTLP `event_name`, or the attribute `event.name`, or `""`. */
  eventName: string;
  severity: number;
  severityText: string;
  body: AttributeValue;
  attributes: Attributes;
  resource: Resource;
  scope: Scope;
}
