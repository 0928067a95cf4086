import type { RawLog, Resource, Scope } from "@telltale/model";
import { acceptLog } from "./accept-log.ts";
import { AttributeReader } from "./any-value-wire.ts";
import type { DecodeLimits } from "./decode-limits.ts";
import { noRejected, reject, type Rejected } from "./rejected.ts";
import { readResource, readScope } from "./resource-wire.ts";
import { WireReader } from "./wire-reader.ts";

/**
 * Reads an ExportLogsServiceRequest (opentelemetry/proto/logs/v1/logs.proto) with the bounded reader of the traces: log
 * bodies carry the same messages, so they need the same exact values, bounds and errors.
 */
export function decodeLogsProtobuf(body: Uint8Array, limits: DecodeLimits): { logs: RawLog[]; rejected: Rejected } {
  return new LogRequest(body, limits).read();
}

class LogRequest {
  readonly #logs: RawLog[] = [];
  readonly #rejected = noRejected();
  readonly #reader: WireReader;
  readonly #attributes: AttributeReader;

  constructor(
    body: Uint8Array,
    readonly limits: DecodeLimits,
  ) {
    this.#reader = new WireReader(body);
    this.#attributes = new AttributeReader(this.#reader, limits);
  }

  read(): { logs: RawLog[]; rejected: Rejected } {
    const reader = this.#reader;
    const end = reader.length;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 10) this.#resourceLogs(end);
      else reader.skip(tag, end);
    }
    return { logs: this.#logs, rejected: this.#rejected };
  }

  #resourceLogs(outerEnd: number): void {
    const reader = this.#reader;
    const end = reader.block(outerEnd);
    const resource: Resource = { attributes: new Map(), schemaUrl: "" };
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 10) readResource(this.#attributes, resource, end);
      else if (tag === 18) this.#scopeLogs(resource, end);
      else if (tag === 26) resource.schemaUrl = reader.string(end);
      else reader.skip(tag, end);
    }
  }

  #scopeLogs(resource: Resource, outerEnd: number): void {
    const reader = this.#reader;
    const end = reader.block(outerEnd);
    const scope: Scope = { name: "", version: "", attributes: new Map() };
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 10) readScope(this.#attributes, scope, end);
      else if (tag === 18) this.#log(resource, scope, end);
      else reader.skip(tag, end);
    }
  }

  #log(resource: Resource, scope: Scope, outerEnd: number): void {
    const reader = this.#reader;
    const end = reader.block(outerEnd);
    const log: RawLog = {
      traceId: "",
      spanId: "",
      timeNs: 0n,
      eventName: "",
      severity: 0,
      severityText: "",
      body: null,
      attributes: new Map(),
      resource,
      scope,
    };
    let observedNs = 0n;
    this.#attributes.reset();
    while (reader.pos < end) {
      const tag = reader.tag(end);
      switch (tag) {
        case 9:
          log.timeNs = reader.fixed64(end);
          break;
        case 16:
          log.severity = Math.min(reader.uint32(end), 24);
          break;
        case 26:
          log.severityText = reader.string(end);
          break;
        case 42:
          log.body = this.#attributes.anyValue(end, 0);
          break;
        case 50:
          this.#attributes.keyValue(log.attributes, end);
          break;
        case 56: // dropped by the sender, before us
          this.#attributes.droppedAttributes += reader.uint32(end);
          break;
        case 74:
          log.traceId = reader.hex(end);
          break;
        case 82:
          log.spanId = reader.hex(end);
          break;
        case 89:
          observedNs = reader.fixed64(end);
          break;
        case 98:
          log.eventName = reader.string(end);
          break;
        default:
          reader.skip(tag, end);
      }
    }
    const { maxItems } = this.limits;
    const dropped = this.#attributes.droppedAttributes + this.#attributes.droppedValues;
    const reason = this.#logs.length >= maxItems ? `more than ${maxItems} log records in one request` : acceptLog(log, observedNs, dropped, this.limits);
    if (reason === undefined) this.#logs.push(log);
    else reject(this.#rejected, reason);
  }
}
