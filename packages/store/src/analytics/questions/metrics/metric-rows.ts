import type { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import type { BucketWindow } from "../time-window.ts";
import type { Wanted } from "../trace-conditions.ts";
import { CurrentRows } from "./current-rows.ts";
import type { GroupColumn } from "./group-columns.ts";
import type { Metric, RowKind } from "./metric-catalogue.ts";
import type { ReadHours } from "./read-hours.ts";
import { SettledRows } from "./settled-rows.ts";

/** Narrows spans or assessments themselves, where a filter narrows traces. */
export interface RowClause {
  field: "span_name" | "span_type" | "span_status" | "assessment_name" | "assessment_kind";
  value: string;
}

export interface RowsAsked {
  metric: Metric;
  /** Calls, where a metric of traces is grouped by what calls differ in. */
  rows: RowKind;
  which: readonly RowClause[];
  groups: readonly GroupColumn[];
  wanted: Wanted;
  window: BucketWindow;
  hours: ReadHours;
}

/**
 * The rows that a figure rests on, exactly: settled hours as they were copied, the others from the current rows. A trace that has
 * several values of a group is a row under each; money and tokens are split by the calls they belong to. SELECT with `at` (start of
 * the trace, seconds), `v` (value or NULL) and `g0`, `g1`, … for each group.
 */
export function measuredRows(asked: RowsAsked, params: SqlParams): string {
  const { hours } = asked;
  const parts: string[] = [];
  if (hours.builds.length > 0) parts.push(new SettledRows(asked, params).select());
  if (hours.current === "all" || hours.current.length > 0 || parts.length === 0) parts.push(new CurrentRows(asked, params).select());
  return parts.join("\nUNION ALL\n");
}
