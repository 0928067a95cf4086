import type { Project } from "@telltale/model";
import { invalidParameter } from "./errors.ts";

type Side = { kind: "name" | "experiment_id" | "creation_time" | "last_update_time" } | { kind: "tag"; key: string };

/** One clause of the AND. Texts for all but times, which are numbers. */
export interface Comparison {
  left: Side;
  operator: string;
  values: (string | number)[];
}

const MAX_LENGTH = 20_000;
const MAX_CLAUSES = 100;
/** `key`, `tags.key`, quoted keys; then an operator; then a quoted text, a number or a list. Linear: every part starts differently. */
const KEY = /\s*(?:(attributes?|tags?)\s*\.\s*)?(?:`([^`]*)`|"([^"]*)"|([A-Za-z_][\w.]*))\s*/y;
const OPERATOR = /(!=|>=|<=|=|>|<|IS\s+NOT\s+NULL|IS\s+NULL|NOT\s+IN|IN|ILIKE|LIKE)\s*/iy;
const LITERAL = /(?:'([^']*)'|"([^"]*)"|(-?\d+(?:\.\d+)?))\s*/y;

/** The filter of `experiments/search`: comparisons joined by AND. Throws MLflow's 400 that names the place of the mistake. */
export function parseExperimentFilter(text: string): Comparison[] {
  if (text === "") return [];
  if (text.length > MAX_LENGTH) throw invalidParameter(`The filter is longer than ${MAX_LENGTH} characters.`);
  const reader = new Reader(text);
  const comparisons: Comparison[] = [];
  do {
    if (comparisons.length === MAX_CLAUSES) throw invalidParameter(`The filter has more than ${MAX_CLAUSES} clauses.`);
    comparisons.push(readComparison(reader));
  } while (reader.take(/AND\s+/iy) !== undefined);
  if (!reader.atEnd) throw reader.wrong("AND or the end of the filter is expected");
  return comparisons;
}

export function matchesAll(project: Project, comparisons: readonly Comparison[]): boolean {
  return comparisons.every((comparison) => matches(project, comparison));
}

class Reader {
  #at = 0;
  constructor(readonly text: string) {}

  get atEnd(): boolean {
    return this.#at >= this.text.length;
  }

  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }

  wrong(expected: string): Error {
    return invalidParameter(`Invalid filter '${this.text.slice(0, 500)}' at column ${this.#at}: ${expected}.`);
  }
}

function readComparison(reader: Reader): Comparison {
  const key = reader.take(KEY);
  if (key === undefined) throw reader.wrong("a key such as name or tags.team is expected");
  const left = sideOf(key[1], key[2] ?? key[3] ?? key[4] ?? "");
  const operator = reader.take(OPERATOR)?.[1]?.toUpperCase().replace(/\s+/g, " ");
  if (operator === undefined) throw reader.wrong("an operator (=, !=, LIKE, ILIKE, IN, >, …) is expected");
  const isTime = left.kind === "creation_time" || left.kind === "last_update_time";
  const allowed = operatorsOf(left);
  if (!allowed.includes(operator)) throw reader.wrong(`the operator ${operator} is not possible here; use one of ${allowed.join(", ")}`);
  if (operator.startsWith("IS ")) return { left, operator, values: [] };
  const values = operator.endsWith("IN") ? readList(reader) : [readLiteral(reader)];
  if (isTime !== values.every((value) => typeof value === "number")) throw reader.wrong(isTime ? "a number is expected" : "a quoted text is expected");
  return { left, operator, values };
}

function sideOf(entity: string | undefined, key: string): Side {
  if (entity?.startsWith("tag") === true) return { kind: "tag", key };
  if (key === "name" || key === "experiment_id" || key === "creation_time" || key === "last_update_time") return { kind: key };
  throw invalidParameter(
    `Invalid attribute key '${key.slice(0, 100)}' specified. Valid keys are 'name', 'experiment_id', 'creation_time', 'last_update_time' and 'tags.<key>'.`,
  );
}

function operatorsOf(left: Side): string[] {
  if (left.kind === "tag") return ["=", "!=", "LIKE", "ILIKE", "IS NULL", "IS NOT NULL"];
  if (left.kind === "creation_time" || left.kind === "last_update_time") return ["=", "!=", ">", ">=", "<", "<="];
  return ["=", "!=", "LIKE", "ILIKE", "IN", "NOT IN"];
}

function readLiteral(reader: Reader): string | number {
  const literal = reader.take(LITERAL);
  if (literal === undefined) throw reader.wrong("a quoted text or a number is expected");
  return literal[1] ?? literal[2] ?? Number(literal[3]);
}

function readList(reader: Reader): (string | number)[] {
  if (reader.take(/\(\s*/y) === undefined) throw reader.wrong("a list in parentheses is expected");
  const values = [readLiteral(reader)];
  while (reader.take(/,\s*/y) !== undefined) values.push(readLiteral(reader));
  if (reader.take(/\)\s*/y) === undefined) throw reader.wrong("a closing parenthesis is expected");
  return values;
}

function matches(project: Project, { left, operator, values }: Comparison): boolean {
  const value = valueOf(project, left);
  if (operator === "IS NULL") return value === undefined;
  if (operator === "IS NOT NULL") return value !== undefined;
  if (value === undefined) return false;
  const other = values[0] ?? "";
  switch (operator) {
    case "=":
      return value === other;
    case "!=":
      return value !== other;
    case "IN":
      return values.includes(value);
    case "NOT IN":
      return !values.includes(value);
    case "LIKE":
      return like(String(value), String(other), false);
    case "ILIKE":
      return like(String(value), String(other), true);
    case ">":
      return value > other;
    case ">=":
      return value >= other;
    case "<":
      return value < other;
    default:
      return value <= other;
  }
}

function valueOf(project: Project, left: Side): string | number | undefined {
  switch (left.kind) {
    case "tag":
      return project.tags.get(left.key);
    case "name":
      return project.name;
    case "experiment_id":
      return project.id;
    case "creation_time":
      return project.createdMs;
    case "last_update_time":
      return project.updatedMs;
  }
}

/** SQL's LIKE: `%` any run, `_` one character. Greedy with one step back, so it cannot take exponential time. */
function like(text: string, pattern: string, ignoreCase: boolean): boolean {
  const [value, mask] = ignoreCase ? [text.toLowerCase(), pattern.toLowerCase()] : [text, pattern];
  let at = 0;
  let maskAt = 0;
  let star = -1;
  let starText = 0;
  while (at < value.length) {
    if (mask[maskAt] === "%") {
      star = maskAt;
      starText = at;
      maskAt += 1;
    } else if (maskAt < mask.length && (mask[maskAt] === "_" || mask[maskAt] === value[at])) {
      at += 1;
      maskAt += 1;
    } else if (star >= 0) {
      maskAt = star + 1;
      starText += 1;
      at = starText;
    } else {
      return false;
    }
  }
  while (mask[maskAt] === "%") maskAt += 1;
  return maskAt === mask.length;
}
