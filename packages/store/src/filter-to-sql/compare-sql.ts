import { TelltaleError } from "@telltale/model";
import type { Filter, Literal } from "@telltale/model/filter";
import { likePattern } from "./like-pattern.ts";
import type { SqlParams } from "./sql-params.ts";

export type Compare = Extract<Filter, { kind: "compare" }>;

/**
 * Comparisons of one SQL expression with the values of a clause. All results are 0 or 1, never NULL: a comparison is
 * false where there is no value (also `!=` and `NOT IN`), and NOT of it is true.
 */
export interface TextColumn {
  sql: string;
  /** True where there is a value; `""` = always. Default: the text is not empty. */
  present?: string;
  /** Maps a value of the filter to the stored one, for `=` and IN. */
  stored?: (value: string) => string;
  /** The expression for patterns, when it is not `sql`. */
  patternSql?: string;
}

export function textCompare(column: TextColumn, clause: Compare, params: SqlParams): string {
  const present = column.present ?? `${column.sql} != ''`;
  const both = (condition: string): string => (present === "" ? condition : `(${present} AND ${condition})`);
  const { op } = clause;
  switch (op) {
    case "IS NULL":
      return present === "" ? "0" : `NOT (${present})`;
    case "IS NOT NULL":
      return present === "" ? "1" : `(${present})`;
    case "LIKE":
    case "ILIKE":
    case "RLIKE":
      return both(patternSql(column.patternSql ?? column.sql, clause, params));
    default: {
      const values = clause.values.map((value) => (column.stored ?? String)(textOf(value)));
      return equalitySql(column.sql, present, op, values, params);
    }
  }
}

function equalitySql(sql: string, present: string, op: Compare["op"], values: string[], params: SqlParams): string {
  // A value that is not empty can only equal one that is there: no need to look at more than the column (and its index).
  const needed = values.includes("") && present !== "" ? `${present} AND ` : "";
  switch (op) {
    case "=":
      return `(${needed}${sql} = ${params.bind("String", values[0] ?? "")})`;
    case "IN":
      return `(${needed}${sql} IN ${params.bind("Array(String)", values)})`;
    case "!=":
      return `(${present === "" ? "" : `${present} AND `}${sql} != ${params.bind("String", values[0] ?? "")})`;
    case "NOT IN":
      return `(${present === "" ? "" : `${present} AND `}${sql} NOT IN ${params.bind("Array(String)", values)})`;
    default:
      throw unsupported(op);
  }
}

/** A list per trace: `=`, IN and patterns hold when one item matches, `!=` and NOT IN when there are items and none matches. */
export function listCompare(list: string, clause: Compare, params: SqlParams): string {
  const values = clause.values.map(textOf);
  const present = `notEmpty(${list})`;
  switch (clause.op) {
    case "=":
      return `has(${list}, ${params.bind("String", values[0] ?? "")})`;
    case "IN":
      return `hasAny(${list}, ${params.bind("Array(String)", values)})`;
    case "!=":
      return `(${present} AND NOT has(${list}, ${params.bind("String", values[0] ?? "")}))`;
    case "NOT IN":
      return `(${present} AND NOT hasAny(${list}, ${params.bind("Array(String)", values)}))`;
    case "IS NULL":
      return `empty(${list})`;
    case "IS NOT NULL":
      return present;
    default:
      return `arrayExists(item -> ${patternSql("item", clause, params)}, ${list})`;
  }
}

/** `nullable`: NULL = not known, which no comparison matches. */
export function numberCompare(column: { sql: string; nullable?: boolean }, clause: Compare, params: SqlParams): string {
  const known = (condition: string): string => (column.nullable === true ? `ifNull(${condition}, 0)` : `(${condition})`);
  // has() is 0 for NULL, not NULL.
  const listed = (condition: string): string => (column.nullable === true ? `(isNotNull(${column.sql}) AND ${condition})` : `(${condition})`);
  const numbers = clause.values.map(numberOf);
  switch (clause.op) {
    case "IS NULL":
      return column.nullable === true ? `isNull(${column.sql})` : "0";
    case "IS NOT NULL":
      return column.nullable === true ? `isNotNull(${column.sql})` : "1";
    case "IN":
      return listed(`has(${numberList(numbers, params)}, toFloat64(${column.sql}))`);
    case "NOT IN":
      return listed(`NOT has(${numberList(numbers, params)}, toFloat64(${column.sql}))`);
    case "=":
    case "!=":
    case ">":
    case ">=":
    case "<":
    case "<=":
      return known(`toFloat64(${column.sql}) ${clause.op} ${params.bind("Float64", numbers[0] ?? 0)}`);
    default:
      throw unsupported(clause.op);
  }
}

/** Lists of floats have no quoting that every driver agrees on; texts have. */
function numberList(numbers: readonly number[], params: SqlParams): string {
  return `arrayMap(item -> toFloat64(item), ${params.bind("Array(String)", numbers.map(String))})`;
}

export function booleanCompare(sql: string, clause: Compare): string {
  const wanted = (clause.values[0]?.value === true) === (clause.op === "=");
  return wanted ? `(${sql})` : `NOT (${sql})`;
}

export function patternSql(sql: string, clause: Compare, params: SqlParams): string {
  const pattern = textOf(clause.values[0]);
  switch (clause.op) {
    case "LIKE":
    case "ILIKE":
      return `${sql} ${clause.op} ${params.bind("String", likePattern(pattern))}`;
    case "RLIKE":
      return `match(${sql}, ${params.bind("String", pattern)})`;
    default:
      throw unsupported(clause.op);
  }
}

export function textOf(value: Literal | undefined): string {
  return value === undefined ? "" : value.type === "number" ? value.text : String(value.value);
}

export function numberOf(value: Literal | undefined): number {
  return value?.type === "number" ? value.value : Number(textOf(value));
}

/** Only reachable with a tree that the parser did not make. */
export function unsupported(op: string): TelltaleError {
  return new TelltaleError("filter_invalid", `The operator ${op} does not fit this field.`);
}
