import { TelltaleError } from "@telltale/model";
import type { SortKey, SortValues } from "./sort-keys.ts";

/** It holds the values sorted by: up to five texts, tags of 8,000 characters and sessions of any length among them. */
const MAX_CURSOR = 1_000_000;

/** A place in an order, opaque to callers: base64url of JSON. It holds no row number, so inserts before it move nothing. */
export function encodeCursor(orderSignature: string, position: SortValues): string {
  return Buffer.from(JSON.stringify({ o: shortHash(orderSignature), s: position })).toString("base64url");
}

/** Throws `cursor_invalid` for anything that `encodeCursor` did not make for this order. */
export function decodeCursor(cursor: string, orderSignature: string, keys: readonly SortKey[]): SortValues {
  const content = parse(cursor);
  if (content?.["o"] !== shortHash(orderSignature)) throw invalid("It was made for another order_by.");
  const values: unknown = content["s"];
  if (!Array.isArray(values) || values.length !== keys.length) throw invalid();
  return keys.map((key, index) => {
    const value: unknown = values[index];
    if (value === null && key.missing !== undefined) return null;
    if (key.type === "Float64" && typeof value === "number") return value;
    if (key.type === "String" && typeof value === "string") return value;
    if (key.type === "Int64" && typeof value === "string" && /^-?\d{1,19}$/.test(value)) return value;
    throw invalid();
  });
}

function parse(cursor: string): Record<string, unknown> | undefined {
  if (cursor.length > MAX_CURSOR || !/^[A-Za-z0-9_-]+$/.test(cursor)) throw invalid();
  try {
    const content: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    return typeof content === "object" && content !== null ? (content as Record<string, unknown>) : undefined;
  } catch (error) {
    throw invalid("", error);
  }
}

function invalid(why = "", cause?: unknown): TelltaleError {
  return new TelltaleError("cursor_invalid", `The cursor is not one this server gave for this query.${why === "" ? "" : ` ${why}`}`, { cause });
}

/** FNV-1a: only tells orders apart, guards nothing. */
function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}
