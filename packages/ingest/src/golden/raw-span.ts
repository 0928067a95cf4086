import { type AttributeValue, Double, type RawEvent, type RawLog, type RawSpan } from "@telltale/model";

/** For tests: a raw span with the given attributes, 1 s long. */
export function rawSpan(
  attributes: Record<string, AttributeValue>,
  given: Partial<RawSpan> & { scopeName?: string; resourceAttributes?: Record<string, AttributeValue> } = {},
): RawSpan {
  const { scopeName = "test", resourceAttributes = {}, ...fields } = given;
  return {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    parentSpanId: "",
    traceState: "",
    flags: 1,
    name: "span",
    otelKind: 1,
    startNs: 1_700_000_000_000_000_000n,
    endNs: 1_700_000_001_000_000_000n,
    attributes: new Map(Object.entries(attributes)),
    events: [],
    links: [],
    statusCode: 0,
    statusMessage: "",
    resource: { attributes: new Map(Object.entries(resourceAttributes)), schemaUrl: "" },
    scope: { name: scopeName, version: "1.0", attributes: new Map() },
    ...fields,
  };
}

/** For tests: an event so many milliseconds after the start of `rawSpan`. */
export function rawEvent(name: string, attributes: Record<string, AttributeValue> = {}, afterMs = 0): RawEvent {
  return { timeNs: 1_700_000_000_000_000_000n + BigInt(Math.round(afterMs * 1e6)), name, attributes: new Map(Object.entries(attributes)) };
}

/** For tests: a log record joined to `rawSpan`. */
export function rawLog(eventName: string, body: AttributeValue, attributes: Record<string, AttributeValue> = {}, afterMs = 0): RawLog {
  const span = rawSpan({});
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    timeNs: span.startNs + BigInt(afterMs) * 1_000_000n,
    eventName,
    severity: 9,
    severityText: "INFO",
    body,
    attributes: new Map(Object.entries(attributes)),
    resource: span.resource,
    scope: span.scope,
  };
}

/** For tests: a double as OTLP sends it. */
export function double(value: number): AttributeValue {
  return Number.isInteger(value) ? new Double(value) : value;
}
