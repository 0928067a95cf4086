import type { Engine, QueryOptions } from "../../../engine/engine.ts";
import { filterToSql } from "../../../filter-to-sql/filter-to-sql.ts";
import { scopeSql } from "../../../filter-to-sql/project-scope.ts";
import type { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import { windowOf } from "../time-window.ts";
import { type Wanted, windowConditions } from "../trace-conditions.ts";
import { hoursSql } from "./hours-sql.ts";
import { isOfSettled, WindowHours } from "./read-hours.ts";

/**
 * The traces wanted, as a subquery with these columns (which `traces` and `settled_traces` both have), for questions of their
 * own over many traces: settled hours from their copies, the others from the current rows.
 */
export async function tracesOfWindow(engine: Engine, wanted: Wanted, columns: readonly string[], params: SqlParams, options: QueryOptions): Promise<string> {
  const window = windowOf(wanted.read);
  const { filter, scope } = wanted;
  const isSettled = filter === undefined || isOfSettled(filter);
  const hours = isSettled ? (await WindowHours.read(engine, wanted, window, options)).within(window) : WindowHours.unsettled;
  const parts: string[] = [];
  if (hours.builds.length > 0) {
    const builds = `build IN ${params.bind("Array(UInt64)", [...hours.builds])}`;
    const matching = filter ? [filterToSql(filter, { params, scope, mode: "exact" })] : [];
    parts.push(`SELECT ${columns.join(", ")} FROM settled_traces WHERE ${[scopeSql(scope, params), builds, ...matching].join(" AND ")}`);
  }
  if (hours.current === "all" || hours.current.length > 0 || parts.length === 0) {
    const current = [...windowConditions(wanted, window, "exact", params), ...hoursSql(hours.current, params)].join(" AND ");
    parts.push(`SELECT ${columns.join(", ")} FROM traces FINAL WHERE ${current}`);
  }
  return `(${parts.join(" UNION ALL ")})`;
}
