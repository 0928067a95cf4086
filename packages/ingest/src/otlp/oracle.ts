import { Double, type Attributes, type AttributeValue, type RawLog, type RawSpan } from "@telltale/model";
import { otlpMessage } from "./descriptor.ts";

/** A second, independent reading of OTLP through protobufjs: what the hand-written reader is compared with in tests. */
type Decoded = Record<string, unknown>;

export function spansByProtobufjs(body: Uint8Array): RawSpan[] {
  return items(decode("ExportTraceServiceRequest", body).resourceSpans).flatMap((block) => {
    const resource = { attributes: attributesOf(items((block.resource as Decoded | undefined)?.attributes)), schemaUrl: string(block.schemaUrl) };
    return items(block.scopeSpans).flatMap((part) => {
      const scope = scopeOf(part.scope as Decoded | undefined);
      return items(part.spans).map((span): RawSpan => {
        const status = (span.status ?? {}) as Decoded;
        return {
          traceId: hex(span.traceId),
          spanId: hex(span.spanId),
          parentSpanId: hex(span.parentSpanId),
          traceState: string(span.traceState),
          flags: number(span.flags),
          name: string(span.name),
          otelKind: number(span.kind),
          startNs: BigInt(string(span.startTimeUnixNano)),
          endNs: BigInt(string(span.endTimeUnixNano)),
          attributes: attributesOf(items(span.attributes)),
          events: items(span.events).map((event) => ({
            timeNs: BigInt(string(event.timeUnixNano)),
            name: string(event.name),
            attributes: attributesOf(items(event.attributes)),
          })),
          links: items(span.links).map((link) => ({ traceId: hex(link.traceId), spanId: hex(link.spanId), attributes: attributesOf(items(link.attributes)) })),
          statusCode: number(status.code),
          statusMessage: string(status.message),
          resource,
          scope,
        };
      });
    });
  });
}

export function logsByProtobufjs(body: Uint8Array): RawLog[] {
  return items(decode("ExportLogsServiceRequest", body).resourceLogs).flatMap((block) => {
    const resource = { attributes: attributesOf(items((block.resource as Decoded | undefined)?.attributes)), schemaUrl: string(block.schemaUrl) };
    return items(block.scopeLogs).flatMap((part) => {
      const scope = scopeOf(part.scope as Decoded | undefined);
      return items(part.logRecords).map((log): RawLog => {
        const attributes = attributesOf(items(log.attributes));
        const time = BigInt(string(log.timeUnixNano));
        const named = attributes.get("event.name");
        return {
          traceId: hex(log.traceId),
          spanId: hex(log.spanId),
          timeNs: time === 0n ? BigInt(string(log.observedTimeUnixNano)) : time,
          eventName: string(log.eventName) || (typeof named === "string" ? named : ""),
          severity: number(log.severityNumber),
          severityText: string(log.severityText),
          body: valueOf(log.body as Decoded | undefined),
          attributes,
          resource,
          scope,
        };
      });
    });
  });
}

function decode(name: "ExportTraceServiceRequest" | "ExportLogsServiceRequest", body: Uint8Array): Decoded {
  const type = otlpMessage(name);
  return type.toObject(type.decode(body), { longs: String, defaults: true, oneofs: true });
}

function scopeOf(scope: Decoded | undefined) {
  return { name: string(scope?.name), version: string(scope?.version), attributes: attributesOf(items(scope?.attributes)) };
}

function attributesOf(pairs: Decoded[]): Attributes {
  return new Map(pairs.map((pair) => [string(pair.key), valueOf(pair.value as Decoded | undefined)]));
}

function valueOf(value: Decoded | undefined | null): AttributeValue {
  switch (value?.value) {
    case "stringValue":
      return string(value.stringValue);
    case "boolValue":
      return value.boolValue === true;
    case "intValue": {
      const int = BigInt(string(value.intValue));
      return Number.isSafeInteger(Number(int)) ? Number(int) : int;
    }
    case "doubleValue":
      return Number.isInteger(value.doubleValue) ? new Double(number(value.doubleValue)) : number(value.doubleValue);
    case "arrayValue":
      return items((value.arrayValue as Decoded).values).map(valueOf);
    case "kvlistValue":
      return attributesOf(items((value.kvlistValue as Decoded).values));
    case "bytesValue":
      return new Uint8Array(value.bytesValue as Uint8Array);
    default:
      return null;
  }
}

function items(given: unknown): Decoded[] {
  return Array.isArray(given) ? (given as Decoded[]) : [];
}

function string(given: unknown): string {
  return typeof given === "string" ? given : "";
}

function number(given: unknown): number {
  return typeof given === "number" ? given : 0;
}

function hex(given: unknown): string {
  return Buffer.from(given as Uint8Array).toString("hex");
}
