/** JSON that is written already: spans (int64 beyond 2^53) and values (`1.0`) that JavaScript's numbers would change. */
export class JsonText {
  constructor(readonly text: string) {}
}

/** JSON text of a value that may contain `JsonText` and `Map`s; what is `undefined` is left out, as protobuf does with unset fields. */
export function writeJson(value: unknown): string {
  if (value instanceof JsonText) return value.text;
  if (Array.isArray(value)) return `[${value.map(writeJson).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const entries = value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value);
  const fields: string[] = [];
  for (const [key, field] of entries) if (field !== undefined) fields.push(`${JSON.stringify(key)}:${writeJson(field)}`);
  return `{${fields.join(",")}}`;
}

/** protobuf's own limit for nested messages. */
const MAX_DEPTH = 100;

/**
 * JSON text of a `google.protobuf.Value`: its numbers are doubles, written so that Python reads a float (`1.0`), with the
 * spaces Python writes. Returns undefined when it is nested too deeply.
 */
export function protobufValueText(value: unknown, depth = 0): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (typeof value === "number") return doubleText(value);
  if (Array.isArray(value))
    return joined(
      value.map((item) => protobufValueText(item, depth + 1)),
      "[",
      "]",
    );
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).map(([key, item]) => {
    const text = protobufValueText(item, depth + 1);
    return text === undefined ? undefined : `${JSON.stringify(key)}: ${text}`;
  });
  return joined(fields, "{", "}");
}

/** `1` → `1.0`; JavaScript writes integral numbers below 1e21 without point or exponent. */
export function doubleText(value: number): string {
  const text = JSON.stringify(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function joined(parts: readonly (string | undefined)[], open: string, close: string): string | undefined {
  return parts.includes(undefined) ? undefined : `${open}${parts.join(", ")}${close}`;
}
