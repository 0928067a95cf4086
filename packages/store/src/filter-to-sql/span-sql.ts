import { spanKinds } from "@telltale/model";
import { isSpanField, type SpanField } from "@telltale/model/filter";
import { type Compare, numberCompare, patternSql, textCompare, type TextColumn, textOf } from "./compare-sql.ts";
import { contentSql } from "./content-sql.ts";
import { scopeSql, traceKeySql } from "./project-scope.ts";
import type { Reading, SqlContext } from "./sql-context.ts";

const spanText: Record<Exclude<SpanField, "type" | "duration_ms" | "cost_usd">, TextColumn> = {
  name: { sql: "name", present: "" },
  status: {
    sql: "status",
    present: "",
    stored: (value) => value.toLowerCase(),
    patternSql: "upper(status)",
  },
  model: { sql: "model" },
  provider: { sql: "provider" },
  tool: { sql: "tool_name" },
  agent: { sql: "agent_name" },
  service: { sql: "service_name" },
  error_type: { sql: "error_type" },
};

/**
 * "One span of the trace holds all of these" as a condition on `traces`. Clauses about content read `payloads`, the others
 * `spans`; with both, a span must be in both.
 */
export function spanExistsSql(clauses: readonly Compare[], context: SqlContext, reading: Reading): string {
  const core = clauses.filter((clause) => clause.field.entity !== "content").map((clause) => spanClauseSql(clause, context));
  const content = clauses.filter((clause) => clause.field.entity === "content").map((clause) => contentSql(clause, context.params));
  const rows = [scopeSql(context.scope, context.params), ...reading.spanRows];
  const key = traceKeySql(context.scope);
  const columns = key === "trace_id" ? "trace_id" : "project_id, trace_id";
  if (core.length === 0) return `${key} IN (${payloadsSql(columns, rows, content, reading.final)})`;
  if (content.length === 0) return `${key} IN (${spansSql(columns, rows, core, reading.final)})`;
  const matching = payloadsSql("project_id, trace_id, span_id", rows, content, reading.final);
  return `${key} IN (${spansSql(columns, rows, [...core, `(project_id, trace_id, span_id) IN (${matching})`], reading.final)})`;
}

function spansSql(columns: string, rows: readonly string[], conditions: readonly string[], final: boolean): string {
  return `SELECT ${columns} FROM spans${final ? " FINAL" : ""} WHERE ${[...rows, ...(final ? [] : ["is_deleted = 0"]), ...conditions].join(" AND ")}`;
}

/**
 * FINAL would read the content of every span to merge it, and without the text indexes. Instead the rows that match are found
 * first, and those count that are the newest of their span, which narrow columns tell.
 */
function payloadsSql(columns: string, rows: readonly string[], conditions: readonly string[], final: boolean): string {
  const newest = `(project_id, trace_id, span_id, version) IN (
    SELECT project_id, trace_id, span_id, max(version) FROM payloads WHERE ${rows.join(" AND ")} GROUP BY project_id, trace_id, span_id)`;
  return `SELECT ${columns} FROM payloads WHERE ${[...rows, "is_deleted = 0", ...conditions, ...(final ? [newest] : [])].join(" AND ")}`;
}

function spanClauseSql(clause: Compare, { params }: SqlContext): string {
  const { field } = clause;
  if (field.entity === "span_attribute") return attributeSql(field.key, clause, { params });
  if (field.entity !== "span") throw new Error(`not a span clause: ${field.entity}, ${isSpanField(field)}`);
  switch (field.name) {
    case "duration_ms":
      return numberCompare({ sql: "duration_ms" }, clause, params);
    case "cost_usd":
      return numberCompare({ sql: "cost_usd", nullable: true }, clause, params);
    case "type":
      return typeSql(clause, { params });
    default:
      return textCompare(spanText[field.name], clause, params);
  }
}

/** Attributes are kept as text; a client may have sent a text as JSON (with quotes), which equals the bare text. */
function attributeSql(key: string, clause: Compare, { params }: Pick<SqlContext, "params">): string {
  const bound = params.bind("String", key);
  const sql = `attributes[${bound}]`;
  const present = `mapContains(attributes, ${bound})`;
  const values = clause.values.map(textOf).flatMap((value) => [value, JSON.stringify(value)]);
  if (clause.op === "=" || clause.op === "IN") return `(${present} AND ${sql} IN ${params.bind("Array(String)", values)})`;
  if (clause.op === "!=" || clause.op === "NOT IN") return `(${present} AND ${sql} NOT IN ${params.bind("Array(String)", values)})`;
  return textCompare({ sql, present }, clause, params);
}

const kinds: ReadonlySet<string> = new Set(spanKinds);
const mlflowType = "trim(BOTH '\"' FROM attributes['mlflow.spanType'])";

/**
 * A span has our kind and, from MLflow, a type of its own (CHAT_MODEL is a kind of LLM): both names find it. A type that is
 * one of our kinds has become the kind, so only foreign names need the attributes, which are slow to read.
 */
function typeSql(clause: Compare, { params }: Pick<SqlContext, "params">): string {
  const values = clause.values.map(textOf);
  const foreign = values.filter((value) => !kinds.has(value));
  const names = params.bind("Array(String)", values);
  switch (clause.op) {
    case "=":
    case "IN":
      return foreign.length === 0 ? `kind IN ${names}` : `(kind IN ${names} OR ${mlflowType} IN ${names})`;
    case "!=":
    case "NOT IN":
      return foreign.length === 0 ? `kind NOT IN ${names}` : `(kind NOT IN ${names} AND ${mlflowType} NOT IN ${names})`;
    default:
      return `(${patternSql("kind", clause, params)} OR ${patternSql(mlflowType, clause, params)})`;
  }
}
