import { filterToSql } from "../../../filter-to-sql/filter-to-sql.ts";
import { scopeSql } from "../../../filter-to-sql/project-scope.ts";
import type { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import { COUNTED_CALL } from "../../counted-call.ts";
import { assessmentRows, scoredSql } from "./assessment-rows.ts";
import type { GroupColumn } from "./group-columns.ts";
import type { RowsAsked } from "./metric-rows.ts";

/** Rows of settled hours: no FINAL, and no join but where a filter or a tag of the trace meets its spans. */
export class SettledRows {
  constructor(
    readonly asked: RowsAsked,
    readonly params: SqlParams,
  ) {}

  select(): string {
    const { rows, metric, groups, wanted } = this.asked;
    if (rows === "assessments") return assessmentRows(this.asked, this.#traces([]), undefined, this.params);
    if (rows === "spans") return this.#spans();
    const value = metric.value.replace("{scored}", scoredSql(wanted.scope, this.params));
    return `SELECT ${names(groups, ["at", "v"])} FROM ${this.#traces([`${value} AS v`])}`;
  }

  #traces(extra: readonly string[], chosen: (group: GroupColumn) => boolean = () => true): string {
    const columns = this.asked.groups.flatMap((group, index) => {
      if (group.of === "assessment" || !chosen(group)) return [];
      if (group.of === "trace") return [`${group.settledTrace} AS g${index}`];
      return [`arrayJoin(${group.of === "span" ? group.settledTraceList : group.settledTrace}) AS g${index}`];
    });
    return `(SELECT ${["project_id", "trace_id", "build", "number", "toDateTime(start_time, 'UTC') AS at", ...extra, ...columns].join(", ")} FROM settled_traces WHERE ${this.#traceConditions()})`;
  }

  #traceConditions(): string {
    const { filter, scope } = this.asked.wanted;
    return [this.#rows(), ...(filter ? [filterToSql(filter, { params: this.params, scope, mode: "exact" })] : [])].join(" AND ");
  }

  /** The builds are those of the scope; it is said again, as in every read. */
  #rows(): string {
    return `${scopeSql(this.asked.wanted.scope, this.params)} AND build IN ${this.params.bind("Array(UInt64)", [...this.asked.hours.builds])}`;
  }

  #spans(): string {
    const { metric, groups, wanted } = this.asked;
    const isOfCalls = metric.rows !== "spans";
    const value = isOfCalls ? (metric.callValue ?? "NULL") : metric.value;
    const which = isOfCalls ? "is_call" : (metric.where ?? "1").replace(COUNTED_CALL, "is_call");
    const own = groups.flatMap((group, index) => {
      const sql = ownColumn(group);
      return sql === undefined ? [] : [`${sql} AS g${index}`];
    });
    const columns = ["build", "number", "start AS at", `${value} AS v`, ...own].join(", ");
    const matching = wanted.filter ? [`(build, number) IN (SELECT build, number FROM settled_traces WHERE ${this.#traceConditions()})`] : [];
    const spans = `(SELECT ${columns} FROM settled_spans WHERE ${[this.#rows(), which, ...matching].join(" AND ")})`;
    if (own.length === groups.length) return `SELECT ${names(groups, ["at", "v"])} FROM ${spans}`;
    const traces = this.#traces([], (group) => ownColumn(group) === undefined);
    return `SELECT ${names(groups, ["own.at AS at", "v"])} FROM ${spans} AS own INNER JOIN ${traces} AS trace ON own.build = trace.build AND own.number = trace.number`;
  }
}

function ownColumn(group: GroupColumn): string | undefined {
  if (group.of === "assessment") return undefined;
  return group.of === "trace_list" ? `arrayJoin(${group.settledSpan})` : group.settledSpan;
}

function names(groups: readonly GroupColumn[], columns: readonly string[]): string {
  return [...columns, ...groups.map((_, index) => `g${index}`)].join(", ");
}
