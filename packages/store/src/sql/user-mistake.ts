import { TelltaleError } from "@telltale/model";
import { EngineError } from "../engine/errors.ts";

/** Codes of the engine that mean that it is not the query: the server is broken, lost or full. */
const notTheirs = new Set([1002, 49, 76, 74, 75, 210, 209, 107, 198, 252, 384]);

const MAX_MESSAGE = 600;

/**
 * The engine's complaint about a query as `sql_invalid`, without what is ours in it, and with the offset where that is
 * known. Everything that is not about the query stays as it is.
 */
export function userMistake(error: unknown, query: string): unknown {
  if (!(error instanceof EngineError) || notTheirs.has(error.engineCode ?? 1002)) return error;
  const column = positionIn(error.message, query);
  return new TelltaleError("sql_invalid", cleaned(error.message), { field: "query", ...(column === undefined ? {} : { column }), cause: error });
}

function cleaned(message: string): string {
  const text = message
    .replace(/^engine: /, "")
    .replace(/^Code: \d+\. /, "")
    .replace(/^DB::Exception: /, "")
    .replace(/ in scope .*?(?=\. Maybe you meant|$)/s, "")
    // What follows names our own query around theirs.
    .replace(/[:.]?\s*(?:In scope |While processing |while executing |: While ).*$/s, "")
    .replace(/\s*Expected one of: .*$/s, "")
    .replace(/\. \([A-Z_]+\)\s*(?:\(version .*\))?$/, "")
    .replace(/(failed at position \d+ \([^)]*\)).*$/s, "$1")
    .trim();
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}

/** 0-based. The parser counts bytes from 1; of a name that does not resolve, the place where it stands first. */
function positionIn(message: string, query: string): number | undefined {
  const position = /failed at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) {
    const before = Buffer.from(query, "utf8")
      .subarray(0, Number(position) - 1)
      .toString("utf8");
    return Math.min(before.length, query.length);
  }
  const name = /(?:identifier|function with name|Unknown table expression identifier|function) [`'"]?([\w.]+)/i.exec(message)?.[1];
  if (name === undefined) return undefined;
  const at = query.search(new RegExp(`(?<![\\w.])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w])`, "i"));
  return at === -1 ? undefined : at;
}
