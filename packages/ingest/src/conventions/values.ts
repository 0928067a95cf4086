import { Double, type AttributeValue } from "@telltale/model";

/** Counts are stored as UInt32; what does not fit is not a count that anyone meant. */
const MAX_COUNT = 4_294_967_295;
const MAX_DEPTH = 64; // deeper values are cut to null; the decoder refuses them earlier

/** Text of a scalar; `""` for anything that is not one. */
export function text(value: AttributeValue | undefined): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  return value instanceof Double ? String(value.value) : "";
}

/** A finite number, also from numeric text; `undefined` for NaN, Infinity and everything else. */
export function decimal(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (value instanceof Double) return Number.isFinite(value.value) ? value.value : undefined;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "string" && value !== "" && value.length <= 40) {
    const parsed = Number(value);
    return Number.isFinite(parsed) && value.trim() !== "" ? parsed : undefined;
  }
  return undefined;
}

/** A count of tokens: a whole number from 0 to 2^32-1. A negative, broken or absurd count is "not reported", never 0. */
export function count(value: unknown): number | undefined {
  const number = decimal(value);
  return number !== undefined && number >= 0 && number <= MAX_COUNT && Number.isInteger(number) ? number : undefined;
}

/** Accepts booleans and what Python and JavaScript print for them. */
export function flag(value: AttributeValue | undefined): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "True") return true;
  if (value === "false" || value === "False") return false;
  return undefined;
}

/** A list of strings from an array, a JSON array in a string, or one plain string. Empty strings are dropped. */
export function stringList(value: AttributeValue | undefined): string[] {
  if (typeof value === "string") {
    if (!value.startsWith("[")) return value === "" ? [] : [value];
    const parsed = parseJson(value);
    return Array.isArray(parsed) ? parsed.filter((item): item is string => typeof item === "string" && item !== "") : [value];
  }
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string" && item !== "") : [];
}

/** Parses JSON, `undefined` when it is none (truncated text, a Python repr). */
export function parseJson(source: string): unknown {
  try {
    return JSON.parse(source) as unknown;
  } catch {
    return undefined; // expected: any attribute may hold any text
  }
}

/** The object in a JSON text or structured value; `undefined` for anything else. */
export function record(value: unknown): Record<string, unknown> | undefined {
  const plainValue = typeof value === "string" ? (value.startsWith("{") ? parseJson(value) : undefined) : value;
  return typeof plainValue === "object" && plainValue !== null && !Array.isArray(plainValue) ? (plainValue as Record<string, unknown>) : undefined;
}

/** Attribute value as plain JSON data. Keys such as `__proto__` become own properties. */
export function plain(value: AttributeValue | undefined, depth = 0): unknown {
  if (value === undefined || value === null || depth > MAX_DEPTH) return null;
  if (typeof value === "bigint") return value.toString();
  if (typeof value !== "object") return value;
  if (value instanceof Double) return value.value;
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("base64");
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1));
  return Object.fromEntries(Array.from(value, ([key, item]) => [key, plain(item, depth + 1)]));
}

/** Structured value behind an attribute: JSON text is parsed, a list or map made plain; other text stays text. */
export function structured(value: AttributeValue | undefined): unknown {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") return plain(value);
  const first = value.charCodeAt(0);
  const looksLikeJson = first === 0x7b || first === 0x5b || first === 0x22; // { [ "
  return looksLikeJson ? (parseJson(value) ?? value) : value;
}

/** Content of one attribute as text: verbatim when it is a string (the store then keeps it once), else JSON. */
export function contentText(value: AttributeValue | undefined): string {
  if (typeof value === "string") return value;
  if (value === undefined || value === null) return "";
  return typeof value === "object" && !(value instanceof Double) ? JSON.stringify(plain(value)) : text(value);
}

/** Undoes one level of JSON quoting (`"\"gold\""` → `gold`): MLflow and Langfuse for Python quote plain strings. */
export function unquoted(source: string): string {
  if (source.length < 2 || source.charCodeAt(0) !== 0x22 || source.charCodeAt(source.length - 1) !== 0x22) return source;
  if (!source.includes("\\")) return source.slice(1, -1);
  const parsed = parseJson(source);
  return typeof parsed === "string" ? parsed : source;
}

/** Text of an attribute that may be JSON-quoted. */
export function unquotedText(value: AttributeValue | undefined): string {
  return typeof value === "string" ? unquoted(value) : text(value);
}
