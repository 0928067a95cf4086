import { Double, type AttributeValue } from "@telltale/model";
import { wellFormed } from "./well-formed.ts";

/** Lists and maps inside each other; deeper text is not read as JSON. */
const maxDepth = 256;

/**
 * Reads JSON as an attribute value without loss: `1` is an int, `1.0` a `Double`, integers of up to 64 bits keep every digit
 * (larger ones are doubles, as in every JSON reader), objects become Maps (order and `__proto__` keys survive).
 * NaN, Infinity and -Infinity are read too, because Python writes them. `undefined` = not JSON.
 */
export function parseAttributeJson(text: string): AttributeValue | undefined {
  const parser = new JsonParser(text);
  try {
    return parser.document();
  } catch (error) {
    if (error instanceof NotJson) return undefined;
    throw error;
  }
}

class NotJson extends Error {}

class JsonParser {
  #at = 0;
  readonly #number = /-?(?:Infinity|(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)/y;

  constructor(readonly text: string) {}

  document(): AttributeValue {
    const value = this.#value(0);
    this.#space();
    if (this.#at < this.text.length) throw new NotJson();
    return value;
  }

  #value(depth: number): AttributeValue {
    this.#space();
    switch (this.text.charCodeAt(this.#at)) {
      case 0x22:
        return this.#string();
      case 0x7b:
        return this.#map(depth + 1);
      case 0x5b:
        return this.#list(depth + 1);
      case 0x74:
        return this.#word("true", true);
      case 0x66:
        return this.#word("false", false);
      case 0x6e:
        return this.#word("null", null);
      case 0x4e:
        return this.#word("NaN", Number.NaN);
      case 0x49:
        return this.#word("Infinity", Infinity);
      default:
        return this.#numeral();
    }
  }

  #map(depth: number): Map<string, AttributeValue> {
    if (depth > maxDepth) throw new NotJson();
    const entries = new Map<string, AttributeValue>();
    this.#at += 1;
    if (this.#take(0x7d)) return entries;
    for (;;) {
      this.#space();
      if (this.text.charCodeAt(this.#at) !== 0x22) throw new NotJson();
      const key = this.#string();
      if (!this.#take(0x3a)) throw new NotJson();
      entries.set(key, this.#value(depth));
      if (this.#take(0x7d)) return entries;
      if (!this.#take(0x2c)) throw new NotJson();
    }
  }

  #list(depth: number): AttributeValue[] {
    if (depth > maxDepth) throw new NotJson();
    const values: AttributeValue[] = [];
    this.#at += 1;
    if (this.#take(0x5d)) return values;
    for (;;) {
      values.push(this.#value(depth));
      if (this.#take(0x5d)) return values;
      if (!this.#take(0x2c)) throw new NotJson();
    }
  }

  /** Finds the closing quote with `indexOf`, and leaves escapes to `JSON.parse`: both are native and linear. */
  #string(): string {
    const { text } = this;
    const start = this.#at;
    let end = text.indexOf('"', start + 1);
    while (end > 0 && isEscaped(text, end, start)) end = text.indexOf('"', end + 1);
    if (end < 0) throw new NotJson();
    this.#at = end + 1;
    const inner = text.slice(start + 1, end);
    if (!needsUnescape(inner)) return inner;
    try {
      return wellFormed(JSON.parse(text.slice(start, end + 1)) as string);
    } catch {
      throw new NotJson(); // a bad escape or a bare control character
    }
  }

  #numeral(): AttributeValue {
    this.#number.lastIndex = this.#at;
    const match = this.#number.exec(this.text);
    if (match === null) throw new NotJson();
    this.#at = this.#number.lastIndex;
    const value = Number(match[0]);
    const isInt = match[1] === undefined && match[2] === undefined && Number.isFinite(value);
    if (!isInt) return Number.isInteger(value) ? new Double(value) : value;
    if (Number.isSafeInteger(value)) return value + 0; // + 0: "-0" is the int 0
    const big = BigInt(match[0]);
    return BigInt.asIntN(64, big) === big ? big : new Double(value);
  }

  #word<T extends AttributeValue>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.#at)) throw new NotJson();
    this.#at += word.length;
    return value;
  }

  #take(code: number): boolean {
    this.#space();
    if (this.text.charCodeAt(this.#at) !== code) return false;
    this.#at += 1;
    return true;
  }

  #space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at += 1;
    }
  }
}

/** Whether an odd number of backslashes stands before `at`. Each is looked at once: the next search starts behind it. */
function isEscaped(text: string, at: number, start: number): boolean {
  let from = at - 1;
  while (from > start && text.charCodeAt(from) === 0x5c) from -= 1;
  return (at - 1 - from) % 2 === 1;
}

/** A backslash, or a bare control character, which makes a JSON string invalid. */
const special = /[^\u0020-\u005b\u005d-\uffff]/;

function needsUnescape(inner: string): boolean {
  return special.test(inner);
}
