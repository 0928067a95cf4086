import { storedTraceId } from "@telltale/model";
import type { TraceField } from "@telltale/model/filter";
import { booleanCompare, type Compare, listCompare, numberCompare, textCompare, type TextColumn } from "./compare-sql.ts";
import type { SqlParams } from "./sql-params.ts";

type Column =
  | { kind: "text"; column: TextColumn }
  | { kind: "list"; sql: string }
  | { kind: "number"; sql: string; nullable: boolean }
  | { kind: "boolean"; sql: string };

const text = (sql: string): Column => ({ kind: "text", column: { sql } });
const list = (sql: string): Column => ({ kind: "list", sql });
const number = (sql: string): Column => ({ kind: "number", sql, nullable: false });
const nullable = (sql: string): Column => ({ kind: "number", sql, nullable: true });

const statusLabels = "['ok', 'error', 'in_progress', 'unset'], ['OK', 'ERROR', 'IN_PROGRESS', 'STATE_UNSPECIFIED']";

/** The columns of `traces` that fields stand for. `detector` and `diagnostic` are not among them: they are about assessments. */
const columns: Record<Exclude<TraceField, "detector" | "diagnostic">, Column> = {
  trace_id: {
    kind: "text",
    // Patterns see the id as MLflow shows it.
    column: { sql: "trace_id", present: "", stored: storedTraceId, patternSql: "if(match(trace_id, '^[0-9a-f]{32}$'), concat('tr-', trace_id), trace_id)" },
  },
  project_id: { kind: "text", column: { sql: "project_id", present: "" } },
  status: { kind: "text", column: { sql: "status", present: "", stored: storedStatus, patternSql: `transform(toString(status), ${statusLabels}, '')` } },
  name: text("name"),
  client_request_id: text("client_request_id"),
  session: text("session_id"),
  user: text("user_id"),
  environment: text("environment"),
  version: text("app_version"),
  run_id: list("run_ids"),
  service: list("services"),
  model: list("models"),
  provider: list("providers"),
  tool: list("tools"),
  failed_tool: list("failed_tools"),
  agent: list("agents"),
  label: list("labels"),
  timestamp_ms: number("toUnixTimestamp64Milli(start_time)"),
  end_time_ms: number("toUnixTimestamp64Milli(end_time)"),
  duration_ms: number("duration_ms"),
  execution_time_ms: number("floor(duration_ms)"),
  span_count: number("span_count"),
  error_count: number("error_count"),
  llm_calls: number("llm_calls"),
  cost_usd: nullable("cost_usd"),
  ttft_ms: nullable("ttft_ms"),
  "tokens.total": nullable("total_tokens"),
  "tokens.input": nullable("input_tokens"),
  "tokens.output": nullable("output_tokens"),
  "tokens.cache_read": nullable("cache_read_tokens"),
  has_error: { kind: "boolean", sql: "error_count > 0 OR status = 'error'" },
  complete: { kind: "boolean", sql: "complete" },
};

export function traceFieldSql(name: Exclude<TraceField, "detector" | "diagnostic">, clause: Compare, params: SqlParams): string {
  const column = columns[name];
  switch (column.kind) {
    case "text":
      return textCompare(column.column, clause, params);
    case "list":
      return listCompare(column.sql, clause, params);
    case "number":
      return numberCompare(column, clause, params);
    case "boolean":
      return booleanCompare(column.sql, clause);
  }
}

/** `OK` as MLflow and people write it → `ok` as it is stored. */
function storedStatus(value: string): string {
  const lower = value.toLowerCase();
  return lower === "state_unspecified" ? "unset" : lower;
}

/** Keys that MLflow keeps in tags or metadata and that are columns here, wherever the client put them. */
const promoted: Record<"tag" | "metadata", ReadonlyMap<string, string>> = {
  tag: new Map([["mlflow.traceName", "name"]]),
  metadata: new Map([
    ["mlflow.trace.session", "session_id"],
    ["mlflow.trace.user", "user_id"],
  ]),
};

/** A tag or metadata value as SQL, and when there is one. */
export function mapValueSql(entity: "tag" | "metadata", key: string, params: SqlParams): { sql: string; present: string } {
  const column = promoted[entity].get(key);
  if (column !== undefined) return { sql: column, present: `${column} != ''` };
  const map = entity === "tag" ? "tags" : "metadata";
  const bound = params.bind("String", key);
  return { sql: `${map}[${bound}]`, present: `mapContains(${map}, ${bound})` };
}
