const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Longer texts are not searched: the response id of a 5 MB answer is not worth 5 ms of ingest. */
const MAX_SCANNED = 4 * 1024 * 1024;

/**
 * JSON text of one top-level member, found without parsing the rest: responses are large, and normalisation needs
 * only their `id` and `usage`. Works on truncated text as long as the member itself is whole; `undefined` when absent.
 */
export function jsonMember(source: string, key: string): string | undefined {
  if (source.length > MAX_SCANNED) return undefined;
  let at = skipSpace(source, 0);
  if (source.charCodeAt(at) !== OPEN_BRACE) return undefined;
  for (;;) {
    at = skipSpace(source, at + 1);
    if (source.charCodeAt(at) !== QUOTE) return undefined;
    const keyEnd = stringEnd(source, at);
    if (keyEnd < 0) return undefined;
    const found = keyEnd - at - 1 === key.length && source.startsWith(key, at + 1);
    at = skipSpace(source, keyEnd + 1);
    if (source.charCodeAt(at) !== COLON) return undefined;
    at = skipSpace(source, at + 1);
    const end = valueEnd(source, at);
    if (end < 0) return undefined;
    if (found) return source.slice(at, end);
    at = skipSpace(source, end);
    if (source.charCodeAt(at) !== COMMA) return undefined;
  }
}

/** A top-level member that is a string, decoded; `""` otherwise. The result never keeps the large text alive. */
export function jsonTextMember(source: string, key: string): string {
  const member = jsonMember(source, key);
  if (member === undefined || member.charCodeAt(0) !== QUOTE) return "";
  try {
    const value: unknown = JSON.parse(member); // a fresh string, unlike a slice
    return typeof value === "string" ? value : "";
  } catch {
    return ""; // a broken escape inside the string: not an id
  }
}

function skipSpace(source: string, from: number): number {
  let at = from;
  for (;;) {
    const code = source.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
    at += 1;
  }
}

/** Index of the closing quote of the string that opens at `open`, or -1. */
function stringEnd(source: string, open: number): number {
  let at = open;
  for (;;) {
    at = source.indexOf('"', at + 1);
    if (at < 0) return -1;
    let slashes = 0;
    while (source.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
}

/** Index just past the value that starts at `from`, or -1 when it does not end. */
function valueEnd(source: string, from: number): number {
  let depth = 0;
  for (let at = from; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(source, at);
      if (at < 0) return -1;
      if (depth === 0) return at + 1;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 0) return at;
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (code === COMMA && depth === 0) {
      return at;
    }
  }
  return -1;
}
