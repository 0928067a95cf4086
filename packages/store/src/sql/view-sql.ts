import type { ProjectScope } from "@telltale/model";
import type { SqlView } from "@telltale/model/sql";
import { scopeSql } from "../filter-to-sql/project-scope.ts";
import type { SqlParams } from "../filter-to-sql/sql-params.ts";
import { boundsSql, type TimeBounds, windowOf, windowSql } from "../analytics/questions/time-window.ts";

export interface ViewContext {
  /** Of the tables. */
  database: string;
  scope: ProjectScope;
  bounds: TimeBounds;
  params: SqlParams;
}

/** Where a view's columns come from, when they are not called the same in the table. */
interface Source {
  from: "traces" | "spans" | "payloads" | "assessments";
  columns: Record<string, string>;
  /** One row per value of these. */
  groupBy?: string;
  where?: string;
}

const failed = "t.error_count > 0 OR t.status = 'error'";
const sums = {
  error_count: `countIf(${failed})`,
  trace_count: "count()",
  avg_duration_ms: "avg(t.duration_ms)",
  total_tokens: "sum(t.total_tokens)",
  cost_usd: "sum(t.cost_usd)",
  unpriced_calls: "sum(t.unpriced_calls)",
};

const sources: Record<string, Source> = {
  traces: {
    from: "traces",
    columns: { has_error: failed, service: "t.service_name", version: "t.app_version", session: "t.session_id", user: "t.user_id" },
  },
  spans: {
    from: "spans",
    columns: {
      service: "t.service_name",
      version: "t.app_version",
      session: "t.session_id",
      user: "t.user_id",
      agent: "t.agent_name",
      workflow: "t.workflow_name",
      tool: "t.tool_name",
      counted: "t.counted AND NOT t.usage_is_aggregate AND t.kind IN ('LLM', 'EMBEDDING')",
    },
  },
  payloads: { from: "payloads", columns: {} },
  assessments: {
    from: "assessments",
    columns: {
      value: "t.value_text",
      value_number:
        "multiIf(t.value_number IS NOT NULL, t.value_number, lower(t.value_text) IN ('true', 'yes'), 1, lower(t.value_text) IN ('false', 'no'), 0, NULL)",
      error: "if(t.error_message = '', t.error_code, t.error_message)",
      session: "t.session_id",
      created_at: "t.created",
      updated_at: "t.updated",
    },
    where: "t.valid",
  },
  sessions: {
    from: "traces",
    columns: { session: "t.session_id", user: "anyIf(t.user_id, t.user_id != '')", start_time: "min(t.start_time)", end_time: "max(t.end_time)", ...sums },
    groupBy: "t.project_id, t.session_id",
    where: "t.session_id != ''",
  },
  users: {
    from: "traces",
    columns: {
      user: "t.user_id",
      first_seen: "min(t.start_time)",
      last_seen: "max(t.start_time)",
      session_count: "uniqExactIf(t.session_id, t.session_id != '')",
      p95_duration_ms: "quantile(0.95)(t.duration_ms)",
      ...sums,
    },
    groupBy: "t.project_id, t.user_id",
    where: "t.user_id != ''",
  },
};

/** The tables behind the views. */
export const sqlTables: readonly string[] = ["traces", "spans", "payloads", "assessments"];

/** `SELECT …` of a view, within scope and window. Columns are qualified: an alias that is named like one must not replace it. */
export function viewSql(view: Pick<SqlView, "name" | "columns">, { database, scope, bounds, params }: ViewContext): string {
  const source = sources[view.name];
  if (source === undefined) throw new Error(`no SQL for the view ${view.name}`);
  const list = view.columns.map(({ name }) => `${source.columns[name] ?? `t.${name}`} AS ${name}`);
  const where = [scopeSql(scope, params), ...inWindow(source.from, { database, scope, bounds, params }), ...(source.where === undefined ? [] : [source.where])];
  const group = source.groupBy === undefined ? "" : ` GROUP BY ${source.groupBy}`;
  return `SELECT ${list.join(", ")} FROM ${database}.${source.from} AS t FINAL WHERE ${where.join(" AND ")}${group}`;
}

/** Every view is about the traces that start within the bounds, so that joins of views agree. */
function inWindow(table: Source["from"], { database, scope, bounds, params }: ViewContext): string[] {
  if (bounds.fromNs === undefined && bounds.toNs === undefined) return [];
  const exact = boundsSql(bounds, params);
  if (table === "assessments") return exact.map((condition) => condition.replace("start_time", "t.trace_start"));
  const buckets = windowSql(windowOf(bounds), params);
  if (table === "traces") return [...buckets, ...exact].map((condition) => `t.${condition}`);
  const started = [scopeSql(scope, params), ...buckets].join(" AND ");
  return [
    // Spans lie under the hour in which their trace was first seen, which can differ from the hour of its start.
    `t.bucket IN (SELECT DISTINCT spans_bucket FROM ${database}.traces WHERE ${started})`,
    `(t.project_id, t.trace_id) IN (SELECT project_id, trace_id FROM ${database}.traces FINAL WHERE ${[started, ...exact].join(" AND ")})`,
  ];
}
