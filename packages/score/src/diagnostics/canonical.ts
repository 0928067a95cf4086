import { createHash } from "node:crypto";

/** Longer texts are compared as they are: parsing megabytes to find a cosmetic difference is not worth it. */
const MAX_PARSED_CHARS = 256 * 1024;
/** Deeper JSON is compared as text. */
const MAX_DEPTH = 64;

/** Parsed JSON, or the text itself when it is none, too long or not there. */
export function parsedJson(value: unknown): unknown {
  if (typeof value !== "string" || value.length > MAX_PARSED_CHARS) return value;
  const start = value.trimStart().charAt(0);
  if (start !== "{" && start !== "[" && start !== '"') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value; // cut off, or not JSON after all
  }
}

/** Arguments that mean the same have the same key: keys sorted, strings trimmed, lower-cased, blanks collapsed. */
export function argumentsKey(value: unknown): string {
  return digest(value, (text) => text.trim().replaceAll(/\s+/g, " ").toLowerCase());
}

/** Results are the same when nothing but the order of keys or blanks at the ends differ. */
export function resultKey(value: unknown): string {
  return digest(value, (text) => text.trim());
}

function digest(value: unknown, normalise: (text: string) => string): string {
  const hash = createHash("sha256");
  const text = canonicalText(parsedJson(value), normalise, 0) ?? jsonText(value).trim();
  return hash.update(text).digest("base64url");
}

/** A text as it is, anything else as JSON; `""` for what has none: nested too deep, or not JSON at all. */
export function jsonText(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return ""; // the stack has an end, and bigints no JSON
  }
}

/** JSON with sorted keys; undefined when it is too deep. */
function canonicalText(value: unknown, normalise: (text: string) => string, depth: number): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (typeof value === "string") return JSON.stringify(normalise(value));
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) {
    const parts = value.map((item) => canonicalText(item, normalise, depth + 1));
    return parts.includes(undefined) ? undefined : `[${parts.join(",")}]`;
  }
  const parts: string[] = [];
  for (const [key, item] of entriesOf(value)) {
    const text = canonicalText(item, normalise, depth + 1);
    if (text === undefined) return undefined;
    parts.push(`${JSON.stringify(normalise(key))}:${text}`);
  }
  return `{${parts.toSorted().join(",")}}`;
}

function entriesOf(value: object): [string, unknown][] {
  return value instanceof Map ? Array.from(value, ([key, item]: [unknown, unknown]) => [String(key), item]) : Object.entries(value);
}
