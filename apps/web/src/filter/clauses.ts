import { tokenize, type FilterToken } from "./tokens.ts";

/** `model IN ('a', 'b')` as facets write it; anything else in a filter is left alone. */
interface ValueClause {
  field: string;
  exclude: boolean;
  values: string[];
}

export type Choice = "include" | "exclude" | "none";

/** What the filter says of one value of a facet. */
export function choiceOf(filter: string, field: string, value: string): Choice {
  for (const part of splitTopLevel(filter).parts) {
    const clause = readClause(part);
    if (clause?.field === field && clause.values.includes(value)) return clause.exclude ? "exclude" : "include";
  }
  return "none";
}

/** All choices a filter makes, as `field\0value → choice`: one parse for a whole panel of facets. */
export function choicesOf(filter: string): Map<string, Choice> {
  const choices = new Map<string, Choice>();
  for (const part of splitTopLevel(filter).parts) {
    const clause = readClause(part);
    if (clause === undefined) continue;
    for (const value of clause.values) choices.set(`${clause.field}\0${value}`, clause.exclude ? "exclude" : "include");
  }
  return choices;
}

/** The filter after a click: the value included, excluded, or no longer mentioned. The rest of the text stays as typed. */
export function setChoice(filter: string, field: string, value: string, choice: Choice): string {
  const { parts, hasOr } = splitTopLevel(filter);
  // `a OR b` narrowed by a click must become `(a OR b) AND …`, not `a OR (b AND …)`.
  const kept = hasOr ? [`(${filter.trim()})`] : parts;
  const next: string[] = [];
  let placed = false;
  for (const part of kept) {
    const clause = readClause(part);
    if (clause === undefined || clause.field !== field) {
      next.push(part);
      continue;
    }
    const values = clause.values.filter((known) => known !== value);
    const joins = (choice === "include" && !clause.exclude) || (choice === "exclude" && clause.exclude);
    if (joins && !placed) {
      values.push(value);
      placed = true;
    }
    if (values.length > 0) next.push(writeClause({ ...clause, values }));
  }
  if (choice !== "none" && !placed) next.push(writeClause({ field, exclude: choice === "exclude", values: [value] }));
  return next.join(" AND ");
}

/** Adds a clause by AND, unless it is there already. */
export function addClause(filter: string, clause: string): string {
  const { parts, hasOr } = splitTopLevel(filter);
  if (!hasOr && parts.includes(clause)) return filter;
  return [...(hasOr ? [`(${filter.trim()})`] : parts), clause].join(" AND ");
}

/** Words without any operator are a search in the content: `refund policy` → `text ~ 'refund policy'`. */
export function wordsToFilter(typed: string): string {
  const text = typed.trim();
  if (text === "" || looksLikeFilter(text)) return text;
  const words = /^"[^"]*"$/.test(text) ? text.slice(1, -1) : text;
  return `text ~ ${quoteValue(words)}`;
}

function looksLikeFilter(text: string): boolean {
  const solid = tokenize(text).filter((token) => token.kind !== "space");
  // A comparison begins with a field and an operator somewhere: `… model = …`, `(has_error …`, `NOT tool IN …`.
  return solid.some(
    (token, index) =>
      token.kind === "operator" && (isSymbol(token) || solid[index - 1]?.kind === "field") && (isSymbol(token) || token.text === token.text.toUpperCase()),
  );
}

function isSymbol(token: FilterToken): boolean {
  return /^[=!<>~]+$/.test(token.text);
}

/** Splits by AND outside quotes and parentheses. `hasOr`: an OR stands at the top level, so parts may not be edited alone. */
function splitTopLevel(filter: string): { parts: string[]; hasOr: boolean } {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  let hasOr = false;
  for (const token of tokenize(filter)) {
    if (token.text === "(") depth += 1;
    else if (token.text === ")") depth -= 1;
    else if (depth === 0 && token.kind === "keyword") {
      const word = token.text.toUpperCase();
      if (word === "OR") hasOr = true;
      if (word !== "AND") continue;
      parts.push(filter.slice(from, token.start).trim());
      from = token.end;
    }
  }
  parts.push(filter.slice(from).trim());
  return { parts: parts.filter((part) => part !== ""), hasOr };
}

function readClause(part: string): ValueClause | undefined {
  const tokens = tokenize(part).filter((token) => token.kind !== "space");
  const [field, ...rest] = tokens;
  if (field?.kind !== "field") return undefined;
  const words = rest.map((token) => token.text.toUpperCase());
  if ((words[0] === "=" || words[0] === "!=") && rest.length === 2 && rest[1]?.kind === "string") {
    return { field: field.text, exclude: words[0] === "!=", values: [unquote(rest[1].text)] };
  }
  const not = words[0] === "NOT";
  const list = rest.slice(not ? 2 : 1);
  if (words[not ? 1 : 0] !== "IN" || list[0]?.text !== "(" || list.at(-1)?.text !== ")") return undefined;
  const values = list.slice(1, -1).filter((token) => token.text !== ",");
  if (values.length === 0 || values.some((token) => token.kind !== "string")) return undefined;
  return { field: field.text, exclude: not, values: values.map((token) => unquote(token.text)) };
}

function writeClause({ field, exclude, values }: ValueClause): string {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return `${field} ${exclude ? "!=" : "="} ${quoteValue(only)}`;
  return `${field} ${exclude ? "NOT IN" : "IN"} (${values.map(quoteValue).join(", ")})`;
}

/** A string literal of the filter language: a quote inside is doubled. */
export function quoteValue(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function unquote(literal: string): string {
  const quote = literal[0] ?? "'";
  return literal.slice(1, -1).replaceAll(quote + quote, quote);
}
