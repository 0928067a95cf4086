import type { ProjectScope } from "@telltale/model";
import { sameTraceSql, scopeSql, traceKeySql } from "../../../filter-to-sql/project-scope.ts";
import type { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import { SCORED } from "./metric-catalogue.ts";
import type { RowsAsked } from "./metric-rows.ts";
import { clausesSql } from "./row-clauses.ts";

/** The assessments of `traces`, a subquery with `project_id`, `trace_id`, `at` and the groups that are not of assessments. */
export function assessmentRows({ metric, groups, wanted, which }: RowsAsked, traces: string, narrowed: string | undefined, params: SqlParams): string {
  const own = groups.flatMap((group, index) => (group.of === "assessment" ? [`${group.sql} AS g${index}`] : []));
  const all = [scopeSql(wanted.scope, params), ...(narrowed === undefined ? [] : [narrowed]), "valid", metric.where ?? "1", ...clausesSql(which, params)];
  const rows = all.join(" AND ");
  const columns = ["at", "v", ...groups.map((_, index) => `g${index}`)].join(", ");
  // The assessments on the right: there are fewer of them.
  return `SELECT ${columns} FROM ${traces} AS trace
    INNER JOIN (SELECT ${["project_id", "trace_id", `${metric.value} AS v`, ...own].join(", ")} FROM assessments FINAL WHERE ${rows}) AS own
    ON ${sameTraceSql(wanted.scope, "trace", "own")}`;
}

/** Whether a trace has feedback with a value, as a condition on rows with `project_id` and `trace_id`. */
export function scoredSql(scope: ProjectScope, params: SqlParams): string {
  // A set of single ids is searched in half the time of one of pairs.
  const key = traceKeySql(scope);
  return `${key} IN (SELECT ${key.replace(/[()]/g, "")} FROM assessments FINAL WHERE ${scopeSql(scope, params)} AND ${SCORED})`;
}
