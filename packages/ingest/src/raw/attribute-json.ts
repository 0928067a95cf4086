import { Double, type AttributeValue } from "@telltale/model";
import { wellFormed } from "./well-formed.ts";

/**
 * An attribute value as compact, always valid JSON. Ints and doubles stay apart (`1` and `1.0`), bigints keep every digit,
 * maps keep their order: `parseAttributeJson` gives the same value back. Only what JSON has no word for changes: bytes
 * become base64 text, NaN and the infinities the texts "NaN", "Infinity", "-Infinity" (see `isExactAsJson`).
 */
export function attributeJson(value: AttributeValue): string {
  if (typeof value === "string") return quoteJson(value);
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : `"${value}"`;
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Double) return doubleJson(value.value);
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString("base64")}"`;
  return Array.isArray(value) ? listJson(value) : mapJson(value);
}

/** Whether `parseAttributeJson(attributeJson(value))` is `value`: false for bytes, NaN and infinities anywhere in it. */
export function isExactAsJson(value: AttributeValue): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "object" || value === null) return true;
  if (value instanceof Double) return Number.isFinite(value.value);
  if (value instanceof Uint8Array) return false;
  for (const inner of value.values()) if (!isExactAsJson(inner)) return false;
  return true;
}

/** A JSON string; lone surrogates are replaced, because they cannot be written as UTF-8. */
export function quoteJson(text: string): string {
  return JSON.stringify(wellFormed(text));
}

function listJson(values: AttributeValue[]): string {
  let text = "[";
  for (const [index, value] of values.entries()) text += index === 0 ? attributeJson(value) : `,${attributeJson(value)}`;
  return `${text}]`;
}

function mapJson(entries: Map<string, AttributeValue>): string {
  let text = "{";
  for (const [key, value] of entries) text += `${text.length === 1 ? "" : ","}${quoteJson(key)}:${attributeJson(value)}`;
  return `${text}}`;
}

/** With a point or an exponent, so that it is read as a double again. */
function doubleJson(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  const text = Object.is(value, -0) ? "-0" : String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
