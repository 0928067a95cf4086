import type { Attributes, AttributeValue } from "@telltale/model";
import { wellFormed } from "../raw/well-formed.ts";
import { doubleValue } from "./any-value-wire.ts";
import { type DecodeLimits, tooDeepMarker } from "./decode-limits.ts";
import { field, int64 } from "./json-fields.ts";
import type { JsonObject } from "./json-body.ts";

/** Reads attributes from OTLP/JSON with the bounds of the protobuf reader. A value of the wrong type never costs a span. */
export class JsonAttributeReader {
  droppedAttributes = 0;
  droppedValues = 0;
  #values = 0;

  constructor(readonly limits: DecodeLimits) {}

  reset(): void {
    this.droppedAttributes = 0;
    this.droppedValues = 0;
    this.#values = 0;
  }

  /** A list of KeyValue; the last of two equal keys wins. */
  attributes(given: unknown): Attributes {
    const attributes: Attributes = new Map();
    if (!Array.isArray(given)) return attributes;
    for (const item of given as unknown[]) {
      const entry = asObject(item);
      const key = entry === undefined || typeof entry.key !== "string" ? "" : wellFormed(entry.key);
      const isTooLong = key.length * 3 > this.limits.maxKeyBytes && Buffer.byteLength(key) > this.limits.maxKeyBytes;
      if (entry === undefined || isTooLong || (attributes.size >= this.limits.maxAttributes && !attributes.has(key))) this.droppedAttributes += 1;
      else attributes.set(key, this.anyValue(entry.value, 0));
    }
    return attributes;
  }

  anyValue(given: unknown, depth: number): AttributeValue {
    const value = asObject(given);
    if (value === undefined) return scalar(given);
    const string = field(value, "stringValue", "string_value");
    if (string !== undefined) return typeof string === "string" ? wellFormed(string) : scalar(string);
    const int = field(value, "intValue", "int_value");
    if (int !== undefined) return int64(int) ?? scalar(int);
    const double = field(value, "doubleValue", "double_value");
    if (double !== undefined) return jsonDouble(double);
    const bool = field(value, "boolValue", "bool_value");
    if (bool !== undefined) return bool === true || bool === "true";
    const array = field(value, "arrayValue", "array_value");
    if (array !== undefined) return depth >= this.limits.maxDepth ? this.#tooDeep() : this.#list(array, depth + 1);
    const map = field(value, "kvlistValue", "kvlist_value");
    if (map !== undefined) return depth >= this.limits.maxDepth ? this.#tooDeep() : this.#map(map, depth + 1);
    const bytes = field(value, "bytesValue", "bytes_value");
    return typeof bytes === "string" ? new Uint8Array(Buffer.from(bytes, "base64")) : null;
  }

  #list(given: unknown, depth: number): AttributeValue[] {
    const values: AttributeValue[] = [];
    for (const item of valuesOf(given)) {
      if (this.#hasRoom()) values.push(this.anyValue(item, depth));
    }
    return values;
  }

  #map(given: unknown, depth: number): Map<string, AttributeValue> {
    const entries = new Map<string, AttributeValue>();
    for (const item of valuesOf(given)) {
      const entry = asObject(item);
      if (entry === undefined || !this.#hasRoom()) continue;
      entries.set(typeof entry.key === "string" ? wellFormed(entry.key) : "", this.anyValue(entry.value, depth));
    }
    return entries;
  }

  #tooDeep(): string {
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

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function valuesOf(given: unknown): unknown[] {
  const values = asObject(given)?.values;
  return Array.isArray(values) ? values : [];
}

/** Proto3 JSON writes NaN and the infinities as strings; a double may come as a string of digits too. */
function jsonDouble(given: unknown): AttributeValue {
  if (typeof given === "number") return doubleValue(given);
  if (typeof given !== "string") return scalar(given);
  const number = given === "NaN" ? Number.NaN : Number(given);
  if (given.trim() === "" || (Number.isNaN(number) && given !== "NaN")) return wellFormed(given);
  return doubleValue(number);
}

/** A bare JSON value where an AnyValue belongs: kept as what it plainly is. */
function scalar(given: unknown): AttributeValue {
  if (typeof given === "string") return wellFormed(given);
  if (typeof given === "boolean" || typeof given === "number") return given;
  return null;
}
