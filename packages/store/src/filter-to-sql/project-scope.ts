import type { ProjectScope } from "@telltale/model";
import type { SqlParams } from "./sql-params.ts";

/** The one place where a caller's projects become SQL. Every read of every analytics table has this condition. */
export function scopeSql(scope: ProjectScope, params: SqlParams): string {
  const ids = scope.projectIds;
  if (ids === "all") return "1";
  const [only] = ids;
  if (only === undefined) return "0";
  return ids.length === 1 ? `project_id = ${params.bind("String", only)}` : `project_id IN ${params.bind("Array(String)", [...ids])}`;
}

/** What identifies a trace within the scope: ids are unique in a project only. */
export function traceKeySql(scope: ProjectScope): string {
  return scope.projectIds !== "all" && scope.projectIds.length === 1 ? "trace_id" : "(project_id, trace_id)";
}

/** The same as a condition that joins two tables. */
export function sameTraceSql(scope: ProjectScope, left: string, right: string): string {
  const sameId = `${left}.trace_id = ${right}.trace_id`;
  return traceKeySql(scope) === "trace_id" ? sameId : `${left}.project_id = ${right}.project_id AND ${sameId}`;
}
