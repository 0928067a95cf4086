import { Double, type Attributes, type AttributeValue } from "@telltale/model";
import { type DecodeLimits, tooDeepMarker } from "./decode-limits.ts";
import type { WireReader } from "./wire-reader.ts";

/** Reads `opentelemetry.proto.common.v1` attributes off the wire. One per request; `dropped…` count since `reset`. */
export class AttributeReader {
  droppedAttributes = 0;
  droppedValues = 0;
  #values = 0;

  constructor(
    readonly reader: WireReader,
    readonly limits: DecodeLimits,
  ) {}

  /** Starts the counts of the next span (or log record). */
  reset(): void {
    this.droppedAttributes = 0;
    this.droppedValues = 0;
    this.#values = 0;
  }

  /** Reads one KeyValue into `attributes`; the last of two equal keys wins. */
  keyValue(attributes: Attributes, outerEnd: number): void {
    const { reader } = this;
    const end = reader.block(outerEnd);
    let key = "";
    let keyBytes = 0;
    let value: AttributeValue = null;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 10) {
        const start = reader.pos;
        key = reader.key(end);
        keyBytes = reader.pos - start;
      } else if (tag === 18) value = this.anyValue(end, 0);
      else reader.skip(tag, end);
    }
    if (keyBytes > this.limits.maxKeyBytes || (attributes.size >= this.limits.maxAttributes && !attributes.has(key))) this.droppedAttributes += 1;
    else attributes.set(key, value);
  }

  /** AnyValue; `null` when no member is set. `depth` = lists and maps around it. */
  anyValue(outerEnd: number, depth: number): AttributeValue {
    const { reader } = this;
    const end = reader.block(outerEnd);
    let value: AttributeValue = null;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      switch (tag) {
        case 10:
          value = reader.string(end);
          break;
        case 16:
          value = reader.int64(end) !== 0;
          break;
        case 24:
          value = reader.int64(end);
          break;
        case 33:
          value = doubleValue(reader.double(end));
          break;
        case 42:
          value = depth >= this.limits.maxDepth ? this.#tooDeep(end) : this.#list(end, depth + 1);
          break;
        case 50:
          value = depth >= this.limits.maxDepth ? this.#tooDeep(end) : this.#map(end, depth + 1);
          break;
        case 58:
          value = reader.bytes(end);
          break;
        default:
          reader.skip(tag, end);
      }
    }
    return value;
  }

  #list(outerEnd: number, depth: number): AttributeValue[] {
    const { reader } = this;
    const end = reader.block(outerEnd);
    const values: AttributeValue[] = [];
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 10 && this.#hasRoom()) values.push(this.anyValue(end, depth));
      else reader.skip(tag, end);
    }
    return values;
  }

  #map(outerEnd: number, depth: number): Map<string, AttributeValue> {
    const { reader } = this;
    const end = reader.block(outerEnd);
    const entries = new Map<string, AttributeValue>();
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 10 && this.#hasRoom()) this.#entry(entries, end, depth);
      else reader.skip(tag, end);
    }
    return entries;
  }

  #entry(entries: Map<string, AttributeValue>, outerEnd: number, depth: number): void {
    const { reader } = this;
    const end = reader.block(outerEnd);
    let key = "";
    let value: AttributeValue = null;
    while (reader.pos < end) {
      const tag = reader.tag(end);
      if (tag === 10) key = reader.key(end);
      else if (tag === 18) value = this.anyValue(end, depth);
      else reader.skip(tag, end);
    }
    entries.set(key, value);
  }

  #tooDeep(end: number): string {
    this.reader.pos = this.reader.block(end);
    this.droppedValues += 1;
    return tooDeepMarker;
  }

  #hasRoom(): boolean {
    this.#values += 1;
    if (this.#values <= this.limits.maxValues) return true;
    this.droppedValues += 1;
    return false;
  }
}

/** A double as the model keeps it: wrapped when a plain number would read as an int. */
export function doubleValue(value: number): number | Double {
  return Number.isInteger(value) ? new Double(value) : value;
}
