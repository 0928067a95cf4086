import { filterError } from "./filter-error.ts";

/**
 * `path` = a field or a keyword (`tags.a`, ``metadata.`x.y` ``, `AND`); `name` = something in back-ticks that stands alone.
 * `start` and `end` are offsets into the text.
 */
export type Token =
  | { kind: "path"; segments: string[]; text: string; start: number; end: number }
  | { kind: "string"; value: string; text: string; start: number; end: number }
  | { kind: "number"; value: number; text: string; start: number; end: number }
  | { kind: "name" | "operator" | "(" | ")" | "," | "end"; text: string; start: number; end: number };

const blank = /\s+/y;
const number = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y;
const firstSegment = /[A-Za-z_]\w*/y;
const laterSegment = /[\p{L}\p{N}_-]+/uy;
const operator = /[=!<>~&|]+/y;

/** Splits a filter into tokens in one pass, every character looked at a bounded number of times. */
export function lex(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(blank, text, at)?.length ?? 0;
    if (at >= text.length) break;
    const token = next(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

function next(text: string, at: number): Token {
  const char = text[at] ?? "";
  if (char === "(" || char === ")" || char === ",") return { kind: char, text: char, start: at, end: at + 1 };
  if (char === "'" || char === '"') {
    const { value, end } = quoted(text, at);
    return { kind: "string", value, text: text.slice(at, end), start: at, end };
  }
  if (char === "`") {
    const { end } = quoted(text, at);
    return { kind: "name", text: text.slice(at, end), start: at, end };
  }
  const digits = matchAt(number, text, at);
  if (digits !== undefined) return { kind: "number", value: Number(digits), text: digits, start: at, end: at + digits.length };
  const sign = matchAt(operator, text, at);
  if (sign !== undefined) return { kind: "operator", text: sign, start: at, end: at + sign.length };
  return path(text, at);
}

/** `first(.segment)*`; a later segment may stand in back-ticks or double quotes and then holds anything. */
function path(text: string, start: number): Token {
  const first = matchAt(firstSegment, text, start);
  if (first === undefined) throw filterError(start, `Unexpected character ${JSON.stringify(String.fromCodePoint(text.codePointAt(start) ?? 0))}`);
  const segments = [first];
  let at = start + first.length;
  while (text[at] === ".") {
    at += 1;
    const char = text[at];
    if (char === "`" || char === '"') {
      const { value, end } = quoted(text, at);
      segments.push(value);
      at = end;
      continue;
    }
    const segment = matchAt(laterSegment, text, at);
    if (segment === undefined) throw filterError(at, `A name is missing after "${text.slice(start, at)}"`);
    segments.push(segment);
    at += segment.length;
  }
  return { kind: "path", segments, text: text.slice(start, at), start, end: at };
}

/** Between two equal quotes; a doubled quote inside is one quote, a backslash is a backslash (as in MLflow, so that RLIKE patterns stay whole). */
function quoted(text: string, start: number): { value: string; end: number } {
  const quote = text[start] ?? "";
  const pieces: string[] = [];
  let from = start + 1;
  for (;;) {
    const close = text.indexOf(quote, from);
    if (close === -1) throw filterError(start, `A quote ${quote} is opened and never closed`);
    if (text[close + 1] !== quote) {
      pieces.push(text.slice(from, close));
      return { value: pieces.join(""), end: close + 1 };
    }
    pieces.push(text.slice(from, close + 1));
    from = close + 2;
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
