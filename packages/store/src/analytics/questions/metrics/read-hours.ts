import type { Filter } from "@telltale/model/filter";
import type { Engine, QueryOptions } from "../../../engine/engine.ts";
import { scopeSql } from "../../../filter-to-sql/project-scope.ts";
import { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import { hourStates } from "../../settled/hour-states.ts";
import { type BucketWindow, windowSql } from "../time-window.ts";
import type { Wanted } from "../trace-conditions.ts";
import type { GroupColumn } from "./group-columns.ts";
import type { Metric } from "./metric-catalogue.ts";

/** Where the hours of a window are read. */
export interface ReadHours {
  /** Builds of settled hours that lie in the window as a whole. */
  builds: readonly number[];
  /** All other hours: written to lately, never settled, or cut by an end of the window. */
  current: "all" | readonly CurrentHour[];
}

export interface CurrentHour {
  project: string;
  /** Seconds since 1970. */
  hour: number;
}

const HOUR_NS = 3_600_000_000_000n;
/** More than that are not worth naming one by one. */
const MAX_CURRENT = 2_000;
const MAX_BUILDS = 100_000;

interface HourRow {
  project: string;
  at: number;
  build: string;
}

/** Asked once per question, so that all its queries see an hour from the same side. */
export class WindowHours {
  readonly #rows: readonly HourRow[];
  readonly #wanted: Wanted;
  private constructor(rows: readonly HourRow[], wanted: Wanted) {
    this.#rows = rows;
    this.#wanted = wanted;
  }

  static async read(engine: Engine, wanted: Wanted, window: BucketWindow, options: QueryOptions): Promise<WindowHours> {
    const params = new SqlParams();
    const conditions = windowSql(window, params);
    const rows = await engine.query<HourRow>(
      `SELECT project_id AS project, toUInt32(bucket) AS at, if(is_settled, build, 0) AS build
       FROM ${hourStates(scopeSql(wanted.scope, params), conditions.length === 0 ? "1" : conditions.join(" AND "))}`,
      params.values,
      options,
    );
    return new WindowHours(rows, wanted);
  }

  /** For a question that the settled rows cannot answer. */
  static readonly unsettled: ReadHours = { builds: [], current: "all" };

  within({ from, to }: BucketWindow): ReadHours {
    const builds: number[] = [];
    const current: CurrentHour[] = [];
    for (const row of this.#rows) {
      const hour = Number(row.at);
      if ((from !== undefined && hour < from) || (to !== undefined && hour >= to)) continue;
      if (row.build === "0" || !this.#isWhole(hour)) current.push({ project: row.project, hour });
      else builds.push(Number(row.build));
    }
    if (builds.length === 0 || builds.length > MAX_BUILDS || current.length > MAX_CURRENT) return WindowHours.unsettled;
    return { builds, current };
  }

  #isWhole(hour: number): boolean {
    const startNs = (BigInt(hour) * HOUR_NS) / 3600n;
    const { fromNs, toNs } = this.#wanted.asked;
    return (fromNs === undefined || fromNs <= startNs) && (toNs === undefined || toNs >= startNs + HOUR_NS);
  }
}

/** True when the settled rows hold all that the question asks about. */
export function canReadSettled(metric: Metric, groups: readonly GroupColumn[], filter: Filter | undefined): boolean {
  if (filter !== undefined && !isOfSettled(filter)) return false;
  const ofSpans = groups.filter((group) => group.of === "span").length;
  // Which values of several fields occur together in a span is not in the row of its trace.
  if (ofSpans > 1 && metric.rows !== "spans" && metric.callValue === undefined) return false;
  return groups.every((group) => group.of !== "trace" || group.settledTrace !== undefined);
}

function isOfSettled(filter: Filter): boolean {
  switch (filter.kind) {
    case "and":
    case "or":
      return filter.items.every(isOfSettled);
    case "not":
      return isOfSettled(filter.item);
    case "span_exists":
      return false;
    case "compare": {
      const { field } = filter;
      if (field.entity === "trace") return field.name !== "detector" && field.name !== "run_id" && field.name !== "client_request_id";
      return field.entity === "tag" || field.entity === "prompt";
    }
  }
}
