import { quoteValue } from "./clauses.ts";
import { tokenize, type FilterToken } from "./tokens.ts";

/** A field as completion shows it; see `field-hints.ts`. */
export interface FieldHint {
  name: string;
  operators: readonly string[];
  summary: string;
  /** Values to offer when no facet knows any. */
  values?: readonly string[];
  /** What those values mean. */
  meanings?: Readonly<Record<string, string>>;
  /** Values stand without quotes. */
  bare: boolean;
  /** `tags.` waits for a key. */
  prefix: boolean;
}

export interface Completion {
  label: string;
  /** What replaces `from … to`. */
  insert: string;
  detail: string;
  kind: "field" | "operator" | "value" | "keyword" | "search";
}

export interface CompletionResult {
  from: number;
  to: number;
  items: Completion[];
}

const OPERATORS: Record<string, string> = {
  "=": "is",
  "!=": "is not",
  ">": "more than",
  "<": "less than",
  ">=": "at least",
  "<=": "at most",
  "~": "contains the words",
  IN: "is one of",
  "NOT IN": "is none of",
  BETWEEN: "lies between, e.g. BETWEEN 1 AND 5",
  LIKE: "matches, % for anything",
  ILIKE: "matches, any case",
  RLIKE: "matches a regular expression",
  "IS NULL": "is not set",
  "IS NOT NULL": "is set",
};
const ALL_OPERATORS = Object.keys(OPERATORS);
const MAX_ITEMS = 12;

/** The fields with the names of the diagnostics, which the server knows. */
export function withDiagnostics(fields: readonly FieldHint[], diagnostics: readonly { name: string; summary: string }[]): readonly FieldHint[] {
  const meanings = Object.fromEntries(diagnostics.map(({ name, summary }) => [name, summary]));
  return fields.map((field) => (field.name === "diagnostic" ? { ...field, values: Object.keys(meanings), meanings } : field));
}

/** What could stand at the cursor: a field, then an operator, then a value, then AND / OR. */
export function complete(
  text: string,
  cursor: number,
  fields: readonly FieldHint[],
  valuesOf: (field: string) => readonly { value: string; count: number }[],
): CompletionResult {
  const before = tokenize(text).filter((token) => token.start < cursor);
  const last = before.at(-1);
  const open = last !== undefined && last.kind !== "space" && last.end >= cursor ? last : undefined;
  const solid = before.filter((token) => token.kind !== "space" && token !== open);
  const typed = open === undefined ? "" : text.slice(open.start, cursor);
  const from = open?.start ?? cursor;
  const to = open?.end ?? cursor;
  const place = placeOf(solid, open);
  const items =
    place.kind === "field"
      ? fieldItems(typed, fields)
      : place.kind === "operator"
        ? operatorItems(typed, fieldOf(place.field, fields))
        : place.kind === "value"
          ? valueItems(typed, fieldOf(place.field, fields), place.field, valuesOf)
          : joinItems(typed);
  return { from, to, items: items.slice(0, MAX_ITEMS) };
}

type Place = { kind: "field" } | { kind: "operator"; field: string } | { kind: "value"; field: string } | { kind: "join" };

function placeOf(solid: readonly FilterToken[], open: FilterToken | undefined): Place {
  const previous = solid.at(-1);
  if (previous === undefined || previous.kind === "keyword" || (previous.text === "(" && solid.at(-2)?.text.toUpperCase() !== "IN")) {
    return previous?.text.toUpperCase() === "NOT" && solid.at(-2)?.kind === "field" ? { kind: "operator", field: solid.at(-2)?.text ?? "" } : { kind: "field" };
  }
  if (previous.kind === "field") return { kind: "operator", field: previous.text };
  const field = solid.findLast((token) => token.kind === "field")?.text ?? "";
  const word = previous.text.toUpperCase();
  if (previous.kind === "operator" && word !== "NULL" && word !== "IS") return { kind: "value", field };
  if (previous.text === "(" || previous.text === ",") return { kind: "value", field };
  if (open?.text === ",") return { kind: "join" };
  return { kind: "join" };
}

function fieldOf(name: string, fields: readonly FieldHint[]): FieldHint | undefined {
  return fields.find((field) => field.name === name) ?? fields.find((field) => field.prefix && name.startsWith(field.name));
}

function fieldItems(typed: string, fields: readonly FieldHint[]): Completion[] {
  const wanted = typed.toLowerCase();
  const rank = (field: FieldHint): number =>
    field.name.startsWith(wanted) ? 0 : field.name.includes(wanted) ? 1 : field.summary.toLowerCase().includes(wanted) && wanted.length > 2 ? 2 : 3;
  const items: Completion[] = fields
    .map((field) => ({ field, rank: rank(field) }))
    .filter((entry) => entry.rank < 3)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ field }) => ({ label: field.name, insert: field.prefix ? field.name : `${field.name} `, detail: field.summary, kind: "field" as const }));
  if (/^[\p{L}\p{N}]{2,}/u.test(typed))
    items.unshift({ label: `Search “${typed}”`, insert: `text ~ ${quoteValue(typed)}`, detail: "words anywhere in inputs and outputs", kind: "search" });
  // An exact field name is meant as that field; otherwise searching the word is the likelier wish once fields run out.
  if (items[0]?.kind === "search" && items[1]?.label.startsWith(wanted) === true) items.push(...items.splice(0, 1));
  return items;
}

function operatorItems(typed: string, field: FieldHint | undefined): Completion[] {
  const wanted = typed.toUpperCase();
  return (field?.operators ?? ALL_OPERATORS)
    .filter((name) => name.startsWith(wanted))
    .map((name) => ({ label: name, insert: `${name} `, detail: OPERATORS[name] ?? "", kind: "operator" as const }));
}

function valueItems(
  typed: string,
  field: FieldHint | undefined,
  name: string,
  valuesOf: (field: string) => readonly { value: string; count: number }[],
): Completion[] {
  const wanted = typed.replace(/^['"]/, "").replace(/['"]$/, "").toLowerCase();
  const known = valuesOf(name).map(({ value, count }) => ({ value, detail: count.toLocaleString("en-US") }));
  const values = known.length > 0 ? known : (field?.values ?? []).map((value) => ({ value, detail: field?.meanings?.[value] ?? "" }));
  return values
    .filter(({ value }) => value.toLowerCase().includes(wanted))
    .map(({ value, detail }) => ({ label: value, insert: `${field?.bare === true ? value : quoteValue(value)} `, detail, kind: "value" as const }));
}

function joinItems(typed: string): Completion[] {
  const wanted = typed.toUpperCase();
  return [
    ["AND", "both must hold"],
    ["OR", "one must hold"],
  ]
    .filter(([word]) => word?.startsWith(wanted) === true)
    .map(([word, detail]) => ({ label: word ?? "", insert: `${word} `, detail: detail ?? "", kind: "keyword" as const }));
}
