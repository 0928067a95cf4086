import { Double, type AttributeValue } from "@telltale/model";
import { vectorMarker } from "./blob-link.ts";

/** More numbers than this in a row are an embedding, not something to read. */
export const maxListedNumbers = 64;
/** How far before a vector in JSON text its key stands. */
const contextLength = 120;

/** Whether a list is an embedding: many numbers, and either fractions or a key that says so (token ids are neither). */
export function isVector(values: readonly AttributeValue[], key: string): boolean {
  if (values.length <= maxListedNumbers) return false;
  const isNamed = /embed|vector/i.test(key);
  let fractions = 0;
  for (const value of values) {
    if (value instanceof Double) fractions += 1;
    else if (typeof value !== "number") return false;
    else if (!Number.isInteger(value)) fractions += 1;
  }
  return isNamed || fractions > values.length / 2;
}

/**
 * Replaces vectors written out in JSON text (`"embedding": [0.1, …]`) by a quoted marker, with quotes escaped as those of
 * the text around them. One pass.
 */
export function withoutVectors(text: string): string {
  const parts: string[] = [];
  let kept = 0;
  let open = text.indexOf("[");
  while (open >= 0) {
    const list = numberList(text, open + 1);
    if (list.isClosed && list.count > maxListedNumbers && list.hasFractions) {
      const quote = quoteBefore(text, open);
      parts.push(text.slice(kept, open), quote, vectorMarker(list.count), quote);
      kept = list.end + 1;
    }
    open = text.indexOf("[", list.end);
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(kept);
}

/** The dimension of a text that is nothing but a vector (Vercel writes `ai.embedding` so); `undefined` when it is not. */
export function wholeVector(text: string): number | undefined {
  if (!text.startsWith("[")) return undefined;
  const list = numberList(text, 1);
  return list.isClosed && list.end === text.trimEnd().length - 1 && list.count > maxListedNumbers && list.hasFractions ? list.count : undefined;
}

/** Reads numbers and commas from `from`; `end` is where something else stands. */
function numberList(text: string, from: number): { end: number; count: number; hasFractions: boolean; isClosed: boolean } {
  let commas = 0;
  let hasFractions = false;
  let end = from;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    if (code === 0x2c) commas += 1;
    else if (code === 0x2e) hasFractions = true;
    else if (!isNumberCharacter(code)) break;
  }
  return { end, count: commas + 1, hasFractions, isClosed: text.charCodeAt(end) === 0x5d };
}

/** Digits, sign, exponent, blank, line break. */
function isNumberCharacter(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2b || code === 0x65 || code === 0x45 || code === 0x20 || code === 0x0a || code === 0x0d;
}

function quoteBefore(text: string, at: number): string {
  const context = text.slice(Math.max(0, at - contextLength), at);
  return /(\\*["'])[^"']*$/.exec(context)?.[1] ?? '"';
}
