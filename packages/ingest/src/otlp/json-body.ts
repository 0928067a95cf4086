import { TelltaleError } from "@telltale/model";

/** Objects and lists inside each other in one body. 32 levels of AnyValue need about 140. */
const maxNesting = 512;
/** Digits from which a bare integer may not be a safe JavaScript number. */
const unsafeDigits = 16;

const quote = 0x22;
const backslash = 0x5c;

export type JsonObject = Record<string, unknown>;

/**
 * Parses an OTLP/JSON body. `JSON.parse` would round bare integers above 2^53 (some senders write times so), therefore
 * these are quoted first: every reader of an integer field accepts digits as a string.
 * Invalid UTF-8 becomes U+FFFD. Throws `body_malformed`.
 */
export function parseJsonBody(body: Uint8Array): JsonObject {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const long = longIntegers(bytes);
  let parsed: unknown;
  try {
    parsed = JSON.parse(withoutBom(long.length === 0 ? bytes.toString("utf8") : quoted(bytes, long)));
  } catch (error) {
    throw new TelltaleError("body_malformed", `The body is not valid JSON${placeOf(error)}.`);
  }
  return object(parsed, "the body");
}

/** `value` as an object; `what` names the place in the error. */
export function object(value: unknown, what: string): JsonObject {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new TelltaleError("body_malformed", `The body is not valid OTLP JSON: ${what} must be an object.`);
}

/** A repeated field; absent and null are empty. */
export function list(value: unknown, what: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new TelltaleError("body_malformed", `The body is not valid OTLP JSON: ${what} must be a list.`);
}

/** Start and end of every bare integer with many digits; checks the nesting on the way. One pass, no recursion. */
function longIntegers(bytes: Buffer): number[] {
  const found: number[] = [];
  let depth = 0;
  let index = 0;
  while (index < bytes.length) {
    const byte = bytes[index] ?? 0;
    if (byte === quote) {
      index = stringEnd(bytes, index + 1);
    } else if (byte === 0x7b || byte === 0x5b) {
      depth += 1;
      if (depth > maxNesting) throw new TelltaleError("body_malformed", `The body is nested more than ${maxNesting} levels deep at byte ${index}.`);
      index += 1;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
      index += 1;
    } else if (isDigit(byte) || byte === 0x2d) {
      const start = index;
      index += 1;
      while (isDigit(bytes[index])) index += 1;
      const next = bytes[index];
      const isInteger = next !== 0x2e && next !== 0x65 && next !== 0x45;
      if (isInteger && index - start >= unsafeDigits) found.push(start, index);
      while (isNumberPart(bytes[index])) index += 1;
    } else {
      index += 1;
    }
  }
  return found;
}

/** The index after the closing quote, or the end of the body. */
function stringEnd(bytes: Buffer, from: number): number {
  let index = from;
  while (index < bytes.length) {
    const byte = bytes[index];
    if (byte === quote) return index + 1;
    index += byte === backslash ? 2 : 1;
  }
  return index;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** What may follow the digits of a number: fraction and exponent. */
function isNumberPart(byte: number | undefined): boolean {
  return isDigit(byte) || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b || byte === 0x2d;
}

function quoted(bytes: Buffer, spans: readonly number[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const at of spans) {
    parts.push(bytes.toString("utf8", from, at));
    from = at;
  }
  parts.push(bytes.toString("utf8", from));
  return parts.join('"');
}

function withoutBom(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Where the mistake is. The parser's own message quotes the body, and content must not get into answers and logs. */
function placeOf(error: unknown): string {
  const position = error instanceof Error ? /position (\d+)/.exec(error.message)?.[1] : undefined;
  return position === undefined ? "" : ` (at character ${position})`;
}
