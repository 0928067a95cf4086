import { type Attributes, type AttributeValue, Double } from "@telltale/model";

/** Text of a value, for people and for columns of text; structures as JSON. */
export function plainText(value: AttributeValue): string {
  if (typeof value === "string") return value;
  if (value === null) return "";
  if (value instanceof Double || typeof value !== "object") return String(value);
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner instanceof Map) return Object.fromEntries(inner as Map<string, unknown>);
    if (inner instanceof Double) return inner.value;
    if (inner instanceof Uint8Array) return Buffer.from(inner).toString("base64");
    return typeof inner === "bigint" ? inner.toString() : inner;
  });
}

/** The attributes of a metric point as text, at most 64 of at most 256 characters (they are its labels). */
export function scalarAttributes(attributes: Attributes): Map<string, string> {
  const plain = new Map<string, string>();
  for (const [key, value] of attributes) {
    if (plain.size >= 64) break;
    plain.set(key.slice(0, 256), plainText(value).slice(0, 256));
  }
  return plain;
}
