import type { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import type { BucketWindow } from "../time-window.ts";
import type { Wanted } from "../trace-conditions.ts";
import { CurrentRows } from "./current-rows.ts";
import type { GroupColumn } from "./group-columns.ts";
import type { Metric, RowKind } from "./metric-catalogue.ts";
import type { ReadHours } from "./read-hours.ts";
import { SettledRows } from "./settled-rows.ts";

export interface MeasuredRows {
  /** What a row is: traces grouped by what calls differ in become the calls. */
  rows: RowKind;
  /** SELECT with `at` (start of the trace, seconds), `v` (value or NULL) and `g0`, `g1`, … for each group. */
  sql: string;
}

/**
 * The rows that a figure rests on, exactly: settled hours as they were copied, the others from the current rows. A trace that has
 * several values of a group is a row under each; money and tokens are split by the calls they belong to.
 */
export function measuredRows(
  metric: Metric,
  groups: readonly GroupColumn[],
  wanted: Wanted,
  window: BucketWindow,
  hours: ReadHours,
  params: SqlParams,
): MeasuredRows {
  const rows = rowsOf(metric, groups);
  const parts: string[] = [];
  if (hours.builds.length > 0) parts.push(new SettledRows(metric, groups, wanted, hours.builds, params).select(rows));
  if (hours.current === "all" || hours.current.length > 0 || parts.length === 0)
    parts.push(new CurrentRows(metric, groups, wanted, window, hours.current, params).select(rows));
  return { rows, sql: parts.join("\nUNION ALL\n") };
}

function rowsOf(metric: Metric, groups: readonly GroupColumn[]): RowKind {
  return metric.callValue !== undefined && groups.some((group) => group.of === "span") ? "spans" : metric.rows;
}
