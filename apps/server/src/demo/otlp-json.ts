import type { AttributeInput, AttributeInputs, DemoSpan, Service } from "./trace-builder.ts";

/** One OTLP/JSON export request with these spans, grouped by resource and scope as an SDK would send them. */
export function exportRequest(spans: readonly DemoSpan[]): Buffer {
  const byService = groupBy(spans, ({ service }) => `${service.name}\0${service.version}\0${service.instance}`);
  const resourceSpans = Array.from(byService.values(), (ofService) => ({
    resource: { attributes: resourceAttributes(ofService) },
    scopeSpans: Array.from(
      groupBy(ofService, ({ scope }) => scope),
      ([name, ofScope]) => ({ scope: { name, version: "1.4.0" }, spans: ofScope.map(encodeSpan) }),
    ),
  }));
  return Buffer.from(JSON.stringify({ resourceSpans }));
}

function groupBy(spans: readonly DemoSpan[], keyOf: (span: DemoSpan) => string): Map<string, DemoSpan[]> {
  const groups = new Map<string, DemoSpan[]>();
  for (const span of spans) {
    const group = groups.get(keyOf(span));
    if (group === undefined) groups.set(keyOf(span), [span]);
    else group.push(span);
  }
  return groups;
}

function resourceAttributes(spans: readonly DemoSpan[]): unknown[] {
  const service: Service | undefined = spans[0]?.service;
  if (service === undefined) return [];
  return encodeAttributes({
    "service.name": service.name,
    "service.version": service.version,
    "service.instance.id": service.instance,
    "deployment.environment.name": service.environment,
    "telemetry.sdk.name": "opentelemetry",
    "telemetry.sdk.language": "python",
    "telemetry.sdk.version": "1.39.1",
  });
}

function encodeSpan(span: DemoSpan): unknown {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.otelKind,
    startTimeUnixNano: nanoseconds(span.startMs),
    endTimeUnixNano: nanoseconds(span.endMs),
    attributes: encodeAttributes(span.attributes),
    events: span.events.map(({ timeMs, name, attributes }) => ({ timeUnixNano: nanoseconds(timeMs), name, attributes: encodeAttributes(attributes) })),
    status: span.error === undefined ? { code: 1 } : { code: 2, message: span.error.message },
  };
}

function nanoseconds(ms: number): string {
  return (BigInt(Math.round(ms * 1000)) * 1000n).toString();
}

function encodeAttributes(attributes: AttributeInputs): unknown[] {
  return Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: encodeValue(value) }]));
}

function encodeValue(value: Exclude<AttributeInput, undefined>): unknown {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    case "number":
      return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
    default:
      return { arrayValue: { values: value.map((item) => ({ stringValue: item })) } };
  }
}
