import type { OrderBy } from "@telltale/model/filter";
import { mapValueSql } from "../../filter-to-sql/trace-field-sql.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { SqlParams as Params } from "../../filter-to-sql/sql-params.ts";

type SortType = "String" | "Float64" | "Int64";

/** One key of an order. NULL (no value) always comes last, whatever the direction. */
export interface SortKey {
  /** Never NULL; a placeholder where `missing` holds. */
  sql: (params: Params) => string;
  missing: ((params: Params) => string) | undefined;
  type: SortType;
  direction: "ASC" | "DESC";
}

/** A position in an order: the sort values of a row, `null` = no value. */
export type SortValues = (string | number | null)[];

const fixed = (sql: string, type: SortType, direction: "ASC" | "DESC", missing?: string): SortKey => ({
  sql: () => sql,
  missing: missing === undefined ? undefined : () => missing,
  type,
  direction,
});
const text = (sql: string, direction: "ASC" | "DESC", required = false): SortKey => fixed(sql, "String", direction, required ? undefined : `${sql} = ''`);
const number = (sql: string, direction: "ASC" | "DESC"): SortKey => fixed(`toFloat64(${sql})`, "Float64", direction);
const nullable = (sql: string, direction: "ASC" | "DESC"): SortKey => fixed(`ifNull(toFloat64(${sql}), 0)`, "Float64", direction, `isNull(${sql})`);
const time = (sql: string, direction: "ASC" | "DESC"): SortKey => fixed(`toUnixTimestamp64Nano(${sql})`, "Int64", direction);

/** The order asked for, then newest first, then by id: every trace has one place, so a page can start after any of them. */
export function sortKeys(orderBy: readonly OrderBy[]): SortKey[] {
  return [...orderBy.map(sortKey), time("start_time", "DESC"), text("trace_id", "ASC", true), text("project_id", "ASC", true)];
}

/** The direction of time when pages go by it (then buckets bound them), else undefined. */
export function timeDirection(orderBy: readonly OrderBy[]): "ASC" | "DESC" | undefined {
  const [first] = orderBy;
  if (!first) return "DESC";
  return first.field.entity === "trace" && first.field.name === "timestamp_ms" ? first.direction : undefined;
}

function sortKey({ field, direction }: OrderBy): SortKey {
  if (field.entity !== "trace") {
    const value = (params: Params): { sql: string; present: string } => mapValueSql(field.entity, field.key, params);
    return { sql: (params) => value(params).sql, missing: (params) => `NOT (${value(params).present})`, type: "String", direction };
  }
  switch (field.name) {
    case "timestamp_ms":
      return time("start_time", direction);
    case "end_time_ms":
      return time("end_time", direction);
    case "trace_id":
    case "project_id":
    case "status":
      return text(field.name, direction, true);
    case "name":
    case "client_request_id":
    case "environment":
      return text(field.name, direction);
    case "session":
      return text("session_id", direction);
    case "user":
      return text("user_id", direction);
    case "version":
      return text("app_version", direction);
    case "run_id":
      return text("run_ids[1]", direction);
    case "duration_ms":
      return number("duration_ms", direction);
    case "execution_time_ms":
      return number("floor(duration_ms)", direction);
    case "span_count":
    case "error_count":
    case "llm_calls":
      return number(field.name, direction);
    case "cost_usd":
    case "ttft_ms":
      return nullable(field.name, direction);
    case "tokens.total":
      return nullable("total_tokens", direction);
    case "tokens.input":
      return nullable("input_tokens", direction);
    case "tokens.output":
      return nullable("output_tokens", direction);
    case "tokens.cache_read":
      return nullable("cache_read_tokens", direction);
    default:
      throw new Error(`not sortable: ${field.name}`); // parseOrderBy refuses these
  }
}

/** `expr [AS s0], …`: the sort values of a row, each with its `missing` flag. */
export function sortSelect(keys: readonly SortKey[], params: Params): string {
  return keys.map((key, index) => `${key.sql(params)} AS sort_${index}, ${key.missing?.(params) ?? "0"} AS missing_${index}`).join(", ");
}

/** For rows that `sortSelect` made. */
export function orderSql(keys: readonly SortKey[]): string {
  return keys.map((key, index) => `${key.missing === undefined ? "" : `missing_${index}, `}sort_${index} ${key.direction}`).join(", ");
}

export function sortValuesOf(row: Record<string, unknown>, keys: readonly SortKey[]): SortValues {
  return keys.map((key, index) => {
    if (Number(row[`missing_${index}`]) === 1) return null;
    const value = row[`sort_${index}`];
    return key.type === "Float64" ? Number(value) : String(value);
  });
}

/** "This row comes after that position", lexicographically over the keys; a value that is missing comes after all others. */
export function afterSql(keys: readonly SortKey[], position: SortValues, params: Params): string {
  return keys.reduceRight((rest, key, index) => {
    const value = position[index] ?? null;
    const missing = key.missing?.(params);
    if (value === null) return missing === undefined ? rest : `(${missing} AND ${rest})`;
    const bound = params.bind(key.type, value);
    const sql = key.sql(params);
    const later = `${sql} ${key.direction === "ASC" ? ">" : "<"} ${bound}`;
    return missing === undefined ? `(${later} OR (${sql} = ${bound} AND ${rest}))` : `(${missing} OR ${later} OR (${sql} = ${bound} AND ${rest}))`;
  }, "0");
}

/** Compares the shape of an order with the one a cursor was made for. */
export function orderSignature(keys: readonly SortKey[]): string {
  const params = new SqlParams();
  const shape = keys.map((key) => `${key.sql(params)} ${key.direction}`).join();
  return `${shape} ${JSON.stringify(params.values)}`;
}
