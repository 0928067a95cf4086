import { sameTraceSql, scopeSql } from "../../../filter-to-sql/project-scope.ts";
import type { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import { COUNTED_CALL } from "../../counted-call.ts";
import { windowSql } from "../time-window.ts";
import { windowConditions } from "../trace-conditions.ts";
import { assessmentRows, scoredSql } from "./assessment-rows.ts";
import { UNKNOWN } from "../../unknown-group.ts";
import type { GroupColumn } from "./group-columns.ts";
import { hoursSql } from "./hours-sql.ts";
import { clausesSql } from "./row-clauses.ts";
import type { RowsAsked } from "./metric-rows.ts";

/** Current rows of `traces`, `spans` and `assessments`, read with FINAL: of all hours of a window, or of some. */
export class CurrentRows {
  constructor(
    readonly asked: RowsAsked,
    readonly params: SqlParams,
  ) {}

  select(): string {
    const { rows, metric, groups, wanted, hours } = this.asked;
    if (rows === "assessments") {
      const narrowed = hours.current === "all" ? undefined : `(project_id, trace_id) IN (SELECT project_id, trace_id FROM traces WHERE ${this.#traceKeys()})`;
      return assessmentRows(this.asked, this.#traces([]), narrowed, this.params);
    }
    if (rows === "spans") return this.#spans();
    const value = metric.value.replace("{scored}", scoredSql(wanted.scope, this.params));
    return `SELECT ${names(groups, ["at", "v"])} FROM ${this.#traces([`${value} AS v`])}`;
  }

  #spans(): string {
    const { metric, groups, which } = this.asked;
    const [value, counted] = metric.rows === "spans" ? [metric.value, metric.where ?? "1"] : [metric.callValue ?? "NULL", COUNTED_CALL];
    const own = groups.flatMap((group, index) => (group.of === "span" ? [`${group.sql} AS g${index}`] : []));
    const columns = groups.map((group, index) => (group.isLow ? `toLowCardinality(g${index}) AS g${index}` : `g${index}`));
    return `SELECT ${["at", "v", ...columns].join(", ")} FROM (SELECT ${["project_id", "trace_id", `${value} AS v`, ...own].join(", ")} FROM spans FINAL WHERE ${[this.#ofSpans(), counted, ...clausesSql(which, this.params)].join(" AND ")}) AS own
      INNER JOIN ${this.#traces([], (group) => group.of !== "span")} AS trace ON ${sameTraceSql(this.asked.wanted.scope, "own", "trace")}`;
  }

  /** A subquery: the traces wanted, with `project_id`, `trace_id`, `at`, the `extra` columns and the groups chosen. */
  #traces(extra: readonly string[], chosen: (group: GroupColumn) => boolean = () => true): string {
    const numbered = this.asked.groups.map((group, index) => ({ group, name: `g${index}` })).filter(({ group }) => group.of !== "assessment" && chosen(group));
    const ofSpans = numbered.flatMap(({ group, name }) => (group.of === "span" ? [{ group, name }] : []));
    const [only] = ofSpans;
    // One list of the row says it; several fields, or one without a list, need to know what goes together in a span.
    const list = ofSpans.length === 1 ? only?.group.traceList : undefined;
    const columns = numbered.flatMap(({ group, name }) => {
      if (group.of === "trace") return [`${group.sql} AS ${name}`];
      if (group.of === "trace_list") return [`arrayJoin(${group.sql}) AS ${name}`];
      return list === undefined ? [] : [`arrayJoin(${list}) AS ${name}`];
    });
    const where = [...windowConditions(this.asked.wanted, this.asked.window, "exact", this.params), ...hoursSql(this.asked.hours.current, this.params)].join(
      " AND ",
    );
    const rows = `(SELECT ${["project_id", "trace_id", "toDateTime(start_time, 'UTC') AS at", ...extra, ...columns].join(", ")} FROM traces FINAL WHERE ${where})`;
    if (ofSpans.length === 0 || list !== undefined) return rows;
    const others = [...extra, ...columns].map((column) => column.split(" AS ").at(-1) ?? column);
    return this.#withSpanValues(rows, others, ofSpans);
  }

  /** The rows once under each combination of values that a span of the trace has; a trace that says nothing is unknown. */
  #withSpanValues(rows: string, others: readonly string[], ofSpans: readonly { group: GroupColumn & { of: "span" }; name: string }[]): string {
    const unknown = `tuple(${ofSpans.map(() => `'${UNKNOWN}'`).join(", ")})`;
    const kept = ["at", ...others].join(", ");
    return `(SELECT project_id, trace_id, ${kept}, ${ofSpans.map(({ name }, index) => `value.${index + 1} AS ${name}`).join(", ")}
      FROM (
        SELECT whole.project_id AS project_id, whole.trace_id AS trace_id, ${kept}, arrayFilter(one -> one != ${unknown}, found) AS told, arrayJoin(if(empty(told), [${unknown}], told)) AS value
        FROM ${rows} AS whole
        LEFT JOIN (
          SELECT project_id, trace_id, groupUniqArray(tuple(${ofSpans.map(({ group }) => group.sql).join(", ")})) AS found FROM spans FINAL WHERE ${this.#ofSpans()} GROUP BY project_id, trace_id
        ) AS said ON ${sameTraceSql(this.asked.wanted.scope, "whole", "said")}
      ))`;
  }

  /** Spans lie under the hour in which their trace was first seen. */
  #ofSpans(): string {
    const isWhole = this.asked.hours.current === "all" && windowSql(this.asked.window, this.params).length === 0;
    return [
      scopeSql(this.asked.wanted.scope, this.params),
      ...(isWhole ? [] : [`bucket IN (SELECT DISTINCT spans_bucket FROM traces WHERE ${this.#traceKeys()})`]),
    ].join(" AND ");
  }

  #traceKeys(): string {
    return [
      scopeSql(this.asked.wanted.scope, this.params),
      ...windowSql(this.asked.window, this.params),
      ...hoursSql(this.asked.hours.current, this.params),
    ].join(" AND ");
  }
}

function names(groups: readonly GroupColumn[], columns: readonly string[]): string {
  return [...columns, ...groups.map((_, index) => `g${index}`)].join(", ");
}
