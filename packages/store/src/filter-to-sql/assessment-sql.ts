import type { Literal } from "@telltale/model/filter";
import { type Compare, numberOf, patternSql, textCompare, textOf, unsupported } from "./compare-sql.ts";
import { scopeSql, traceKeySql } from "./project-scope.ts";
import type { Reading, SqlContext } from "./sql-context.ts";
import type { SqlParams } from "./sql-params.ts";

/**
 * "The trace has a valid assessment of this name whose value …" as a condition on `traces`. One about a session (it lies on
 * the session's first trace) counts for every trace of that session.
 */
export function assessmentSql(kind: "feedback" | "expectation", name: string, clause: Compare, context: SqlContext, reading: Reading): string {
  const { params } = context;
  const where = [`kind = '${kind}'`, `name = ${params.bind("String", name)}`];
  if (clause.op === "IS NULL") return `NOT ${existsSql(where, context, { ...reading, final: true })}`;
  if (clause.op === "IS NOT NULL") return existsSql(where, context, reading);
  return existsSql([...where, "has_value", valueSql(clause, params)], context, reading);
}

/** A finding of a detector or a diagnostic is a feedback that names it in its metadata. */
export function markedSql(by: "detector" | "diagnostic", clause: Compare, context: SqlContext, reading: Reading): string {
  const present = `mapContains(metadata, 'telltale.${by}')`;
  if (clause.op === "IS NULL") return `NOT ${existsSql([present], context, { ...reading, final: true })}`;
  return existsSql([textCompare({ sql: `metadata['telltale.${by}']`, present }, clause, context.params)], context, reading);
}

/** An issue link is an assessment whose name is the issue's id and whose value is the issue's name. */
export function issueSql(name: "id" | "name", clause: Compare, context: SqlContext, reading: Reading): string {
  const where = ["kind = 'issue'"];
  if (clause.op === "IS NULL") return `NOT ${existsSql(where, context, { ...reading, final: true })}`;
  if (clause.op === "IS NOT NULL") return existsSql(where, context, reading);
  const column = name === "id" ? "name" : "value_text";
  return existsSql([...where, textCompare({ sql: column }, clause, context.params)], context, reading);
}

function existsSql(conditions: readonly string[], context: SqlContext, reading: Reading): string {
  const select = (column: string, restrict: readonly string[]): string =>
    `SELECT project_id, ${column} FROM assessments${reading.final ? " FINAL" : ""} WHERE ${[scopeSql(context.scope, context.params), "valid", ...(reading.final ? [] : ["is_deleted = 0"]), ...restrict, ...conditions].join(" AND ")}`;
  const single = traceKeySql(context.scope) === "trace_id";
  const onTrace = single
    ? `trace_id IN (${select("trace_id", reading.assessmentRows).replace("project_id, ", "")})`
    : `(project_id, trace_id) IN (${select("trace_id", reading.assessmentRows)})`;
  return `(${onTrace} OR (session_id != '' AND (project_id, session_id) IN (${select("session_id", ["session_id != ''"])})))`;
}

/** Values compare as numbers when both sides are, else as text; `'1'` and `1` both equal a stored `1.0`. */
function valueSql(clause: Compare, params: SqlParams): string {
  switch (clause.op) {
    case "=":
      return equals(clause.values[0], params);
    case "!=":
      return `NOT ${equals(clause.values[0], params)}`;
    case "IN":
      return `(${clause.values.map((value) => equals(value, params)).join(" OR ")})`;
    case "NOT IN":
      return `NOT (${clause.values.map((value) => equals(value, params)).join(" OR ")})`;
    case ">":
    case ">=":
    case "<":
    case "<=":
      return `ifNull(value_number ${clause.op} ${params.bind("Float64", numberOf(clause.values[0]))}, 0)`;
    case "LIKE":
    case "ILIKE":
    case "RLIKE":
      return patternSql("value_text", clause, params);
    default:
      throw unsupported(clause.op);
  }
}

function equals(value: Literal | undefined, params: SqlParams): string {
  const text = textOf(value);
  const asNumber = value?.type === "number" ? value.value : text.trim() === "" ? Number.NaN : Number(text);
  const sameText = `value_text = ${params.bind("String", text)}`;
  return Number.isFinite(asNumber) ? `(${sameText} OR ifNull(value_number = ${params.bind("Float64", asNumber)}, 0))` : `(${sameText})`;
}
