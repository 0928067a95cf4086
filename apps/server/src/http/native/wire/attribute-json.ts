import { Double, type Attributes, type AttributeValue } from "@telltale/model";

/** Deeper than any decoder lets through; a guard for values made otherwise. */
const MAX_DEPTH = 100;

/**
 * An attribute as JSON: int64 beyond 2^53 as a string, bytes as base64, NaN and infinities as strings (JSON has none).
 */
export function attributeJson(value: AttributeValue, depth = 0): unknown {
  if (depth > MAX_DEPTH) return "…";
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Double) return Number.isFinite(value.value) ? value.value : String(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  if (Array.isArray(value)) return value.map((item) => attributeJson(item, depth + 1));
  return attributesJson(value, depth + 1);
}

/** Attributes as a JSON object; any key is a key, `__proto__` too. */
export function attributesJson(attributes: Attributes, depth = 0): Record<string, unknown> {
  const record = Object.create(null) as Record<string, unknown>;
  for (const [key, value] of attributes) record[key] = attributeJson(value, depth);
  return record;
}
