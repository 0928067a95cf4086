/**
 * A forgiving tokenizer for text that is still being typed: it never throws, and every character lands in a token.
 * The grammar itself lives in `@telltale/model/filter`; this one serves colours, completion and edits by click.
 */
export interface FilterToken {
  kind: "field" | "operator" | "keyword" | "string" | "number" | "punctuation" | "space" | "other";
  text: string;
  start: number;
  end: number;
}

const KEYWORDS = new Set(["AND", "OR", "NOT"]);
const WORD_OPERATORS = new Set(["IN", "LIKE", "ILIKE", "RLIKE", "IS", "NULL"]);
const pattern =
  /(?<space>\s+)|(?<string>'(?:[^']|'')*'?|"(?:[^"]|"")*"?)|(?<number>[+-]?\d+(?:\.\d+)?(?![\w.]))|(?<operator>[=!<>~]+)|(?<punctuation>[(),])|(?<word>[\p{L}_][\p{L}\p{N}_-]*(?:\.(?:`[^`]*`?|"[^"]*"?|[\p{L}\p{N}_-]*))*)|(?<other>[\s\S])/gu;

/** Tokens in order, without gaps. */
export function tokenize(text: string): FilterToken[] {
  const tokens: FilterToken[] = [];
  for (const match of text.matchAll(pattern)) {
    const groups = match.groups ?? {};
    const name = Object.keys(groups).find((key) => groups[key] !== undefined) ?? "other";
    tokens.push({ kind: kindOf(name, match[0]), text: match[0], start: match.index, end: match.index + match[0].length });
  }
  return tokens;
}

function kindOf(group: string, text: string): FilterToken["kind"] {
  if (group !== "word") return group as FilterToken["kind"];
  const upper = text.toUpperCase();
  if (KEYWORDS.has(upper)) return "keyword";
  return WORD_OPERATORS.has(upper) ? "operator" : "field";
}
