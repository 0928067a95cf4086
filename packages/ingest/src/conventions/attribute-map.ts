import { Double, type AttributeValue, type RawSpan, type Span } from "@telltale/model";
import { keyInfo } from "./keys.ts";
import { text, unquoted } from "./values.ts";

const MAX_VALUE = 256;
const MAX_KEY = 128;
const MAX_ENTRIES = 128;
const MAX_METADATA = 64;
const MAX_METADATA_VALUE = 1_000;
/** Stands where a credential was. */
export const REDACTED = "[redacted]";

/**
 * The one pass over a span's attributes: fills `attributes`, `metadata` and `traceTags` and returns the families of
 * keys that occur, which decide what else has to be looked at.
 */
export function readAttributes(raw: RawSpan, span: Span): number {
  let families = 0;
  const quoted = raw.attributes.has("mlflow.spanType") || raw.attributes.has("mlflow.traceRequestId");
  const filterable = span.attributes;
  for (const [key, value] of raw.attributes) {
    const info = keyInfo(key);
    families |= info.family;
    if (info.content) continue;
    if (info.metadata !== "") putMetadata(span.metadata, info.metadata, unquoted(scalarText(value)));
    if (info.traceTag !== "") putMetadata(span.traceTags, info.traceTag, unquoted(scalarText(value)));
    if (filterable.size >= MAX_ENTRIES || key.length > MAX_KEY) continue;
    let shown = scalarText(value);
    if (shown === "" || shown.length > MAX_VALUE) continue;
    if (info.secret) shown = REDACTED;
    else if (quoted) shown = unquoted(shown);
    filterable.set(key, shown);
  }
  return families;
}

/** Adds an entry, within the bounds that a row of the store can carry. */
export function putMetadata(map: Map<string, string>, key: string, value: string): void {
  if (value === "" || key.length > 250 || (map.size >= MAX_METADATA && !map.has(key))) return;
  map.set(key, value.length > MAX_METADATA_VALUE ? value.slice(0, MAX_METADATA_VALUE) : value);
}

/** Scalars as text, short lists of strings as JSON; `""` for what is neither. */
function scalarText(value: AttributeValue): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return text(value);
  if (value.length === 0 || value.length > 32) return "";
  return value.every((item) => typeof item === "string") ? JSON.stringify(value) : "";
}

/**
 * The same span with credentials replaced (`*api_key*`, `authorization`, …), to be stored as raw. Returns the span
 * itself when there is nothing to replace, which is nearly always.
 */
export function redactSpan(raw: RawSpan): RawSpan {
  let redacted: Map<string, AttributeValue> | undefined;
  for (const [key, value] of raw.attributes) {
    if (!keyInfo(key).secret || value === "" || value === null || typeof value === "boolean" || isNumber(value)) continue;
    redacted ??= new Map(raw.attributes);
    redacted.set(key, REDACTED);
  }
  return redacted === undefined ? raw : { ...raw, attributes: redacted };
}

function isNumber(value: AttributeValue): boolean {
  return typeof value === "number" || typeof value === "bigint" || value instanceof Double;
}
