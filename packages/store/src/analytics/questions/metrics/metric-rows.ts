import { scopeSql } from "../../../filter-to-sql/project-scope.ts";
import type { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import { type BucketWindow, windowSql } from "../time-window.ts";
import { type Wanted, windowConditions } from "../trace-conditions.ts";
import type { GroupColumn } from "./group-columns.ts";
import { UNKNOWN } from "./group-columns.ts";
import { COUNTED_CALL, type Metric, type RowKind, SCORED } from "./metric-catalogue.ts";

export interface MeasuredRows {
  /** What a row is: traces grouped by what calls differ in become the calls. */
  rows: RowKind;
  /** SELECT with `at` (start of the trace), `v` (value or NULL) and `g0`, `g1`, … for each group. */
  sql: string;
}

/**
 * The rows that a figure rests on, exactly: current rows only. A trace that has several values of a group is a row under each;
 * money and tokens are split by the calls they belong to.
 */
export function measuredRows(metric: Metric, groups: readonly GroupColumn[], wanted: Wanted, window: BucketWindow, params: SqlParams): MeasuredRows {
  const source = new Source(groups, wanted, window, params);
  if (metric.rows === "assessments") return { rows: "assessments", sql: source.assessments(metric) };
  if (metric.rows === "spans") return { rows: "spans", sql: source.spans(metric.value, metric.where) };
  if (metric.callValue !== undefined && groups.some((group) => group.of === "span"))
    return { rows: "spans", sql: source.spans(metric.callValue, COUNTED_CALL) };
  return { rows: "traces", sql: source.traces(metric) };
}

class Source {
  constructor(
    readonly groups: readonly GroupColumn[],
    readonly wanted: Wanted,
    readonly window: BucketWindow,
    readonly params: SqlParams,
  ) {}

  traces(metric: Metric): string {
    const value = metric.value.replace(
      "{scored}",
      `(project_id, trace_id) IN (SELECT project_id, trace_id FROM assessments FINAL WHERE ${this.#scope()} AND ${SCORED})`,
    );
    const names = this.groups.map((_, index) => `g${index}`);
    return `SELECT ${["at", "v", ...names].join(", ")} FROM ${this.#traceRows([`${value} AS v`])}`;
  }

  spans(value: string, where = "1"): string {
    const own = this.groups.flatMap((group, index) => (group.of === "span" ? [`${group.sql} AS g${index}`] : []));
    const rows = [this.#scope(), ...this.#spanBuckets(), where].join(" AND ");
    return `SELECT ${this.#joined(["v"])} FROM (SELECT ${["project_id", "trace_id", `${value} AS v`, ...own].join(", ")} FROM spans FINAL WHERE ${rows}) AS own
      INNER JOIN ${this.#traceRows([], (group) => group.of !== "span")} AS trace ON own.project_id = trace.project_id AND own.trace_id = trace.trace_id`;
  }

  assessments(metric: Metric): string {
    const own = this.groups.flatMap((group, index) => (group.of === "assessment" ? [`${group.sql} AS g${index}`] : []));
    const rows = [this.#scope(), "valid", metric.where ?? "1"].join(" AND ");
    return `SELECT ${this.#joined(["v"])} FROM (SELECT ${["project_id", "trace_id", `${metric.value} AS v`, ...own].join(", ")} FROM assessments FINAL WHERE ${rows}) AS own
      INNER JOIN ${this.#traceRows([], (group) => group.of !== "assessment")} AS trace ON own.project_id = trace.project_id AND own.trace_id = trace.trace_id`;
  }

  #joined(columns: readonly string[]): string {
    return ["at", ...columns, ...this.groups.map((_, index) => `g${index}`)].join(", ");
  }

  #scope(): string {
    return scopeSql(this.wanted.scope, this.params);
  }

  /** A subquery: the traces wanted, with `project_id`, `trace_id`, `at`, the `extra` columns and the groups chosen. */
  #traceRows(extra: readonly string[], chosen: (group: GroupColumn) => boolean = () => true): string {
    const where = windowConditions(this.wanted, this.window, "exact", this.params).join(" AND ");
    const numbered = this.groups.map((group, index) => ({ group, name: `g${index}` })).filter(({ group }) => chosen(group));
    const ofSpans = numbered.flatMap(({ group, name }) => (group.of === "span" ? [{ group, name }] : []));
    const [only] = ofSpans;
    // One list of the row says it; several fields, or one without a list, need to know what goes together in a span.
    const fromList = ofSpans.length === 1 && only?.group.traceList !== undefined;
    const columns = numbered.flatMap(({ group, name }) => {
      if (group.of === "trace") return [`${group.sql} AS ${name}`];
      if (group.of === "trace_list") return [`arrayJoin(${group.sql}) AS ${name}`];
      return fromList && group.of === "span" ? [`arrayJoin(${group.traceList}) AS ${name}`] : [];
    });
    const rows = `(SELECT ${["project_id", "trace_id", "start_time AS at", ...extra, ...columns].join(", ")} FROM traces FINAL WHERE ${where})`;
    if (ofSpans.length === 0 || fromList) return rows;
    const tuple = ofSpans.map(({ group }) => group.sql).join(", ");
    const unknown = `tuple(${ofSpans.map(() => `'${UNKNOWN}'`).join(", ")})`;
    const values = `SELECT project_id, trace_id, groupUniqArray(tuple(${tuple})) AS found FROM spans FINAL WHERE ${[this.#scope(), ...this.#spanBuckets()].join(" AND ")} GROUP BY project_id, trace_id`;
    const others = [
      ...extra.map((column) => column.split(" AS ").at(-1) ?? column),
      ...numbered.flatMap(({ group, name }) => (group.of === "trace" || group.of === "trace_list" ? [name] : [])),
    ];
    return `(SELECT project_id, trace_id, ${["at", ...others, ...ofSpans.map(({ name }, index) => `value.${index + 1} AS ${name}`)].join(", ")}
      FROM (SELECT whole.project_id AS project_id, whole.trace_id AS trace_id, ${["at", ...others].join(", ")},
          arrayFilter(one -> one != ${unknown}, found) AS told, arrayJoin(if(empty(told), [${unknown}], told)) AS value
        FROM ${rows} AS whole LEFT JOIN (${values}) AS said ON whole.project_id = said.project_id AND whole.trace_id = said.trace_id))`;
  }

  /** Spans lie under the hour in which their trace was first seen. */
  #spanBuckets(): string[] {
    const conditions = windowSql(this.window, this.params);
    if (conditions.length === 0) return [];
    return [`bucket IN (SELECT DISTINCT spans_bucket FROM traces WHERE ${[this.#scope(), ...conditions].join(" AND ")})`];
  }
}
