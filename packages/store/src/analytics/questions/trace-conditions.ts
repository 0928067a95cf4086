import type { ProjectScope } from "@telltale/model";
import type { Filter } from "@telltale/model/filter";
import type { Engine } from "../../engine/engine.ts";
import { filterToSql, readsContent, scansTexts } from "../../filter-to-sql/filter-to-sql.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import type { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { TraceQuery } from "../../store.ts";
import { type BucketWindow, boundsOf, boundsSql, type TimeBounds, windowSql } from "./time-window.ts";
import { checkPatterns } from "./check-patterns.ts";

/** What traces a query is about, before it is cut into windows. */
export interface Wanted {
  scope: ProjectScope;
  filter: Filter | undefined;
  /** `fromNs` and `toNs` of the query: hard bounds. */
  asked: TimeBounds;
  /** The same, narrowed by what the filter says about the start: bounds what is read. */
  read: TimeBounds;
}

/** Joins filter and text search of a query and checks its patterns. */
export async function wantedBy(query: TraceQuery, engine: Engine, signal?: AbortSignal): Promise<Wanted> {
  const items: Filter[] = query.filter ? [query.filter] : [];
  const text = query.text?.trim() ?? "";
  if (text !== "")
    items.push({
      kind: "span_exists",
      items: [{ kind: "compare", field: { entity: "content" }, op: "~", values: [{ type: "string", value: text }], column: 0 }],
    });
  const filter: Filter | undefined = items.length > 1 ? { kind: "and", items } : items[0];
  await checkPatterns(filter, engine, signal);
  const asked = { fromNs: query.fromNs, toNs: query.toNs };
  return { scope: query.scope, filter, asked, read: boundsOf(filter, asked) };
}

/**
 * Conditions on `traces` for one window. `superset` also lets replaced rows and spans match (no FINAL anywhere): fast, and
 * every match must be confirmed.
 */
export function windowConditions(wanted: Wanted, window: BucketWindow, mode: "exact" | "superset", params: SqlParams): string[] {
  const scope = scopeSql(wanted.scope, params);
  const inWindow = windowSql(window, params);
  // Spans lie under the hour in which their trace was first seen, which can differ from the hour of its start.
  const spanRows =
    inWindow.length === 0 || isToldByWords(wanted, window)
      ? []
      : [`bucket IN (SELECT DISTINCT spans_bucket FROM traces WHERE ${[scope, ...inWindow].join(" AND ")})`];
  return [
    scope,
    ...inWindow,
    ...boundsSql(wanted.asked, params),
    ...(wanted.filter ? [filterToSql(wanted.filter, { params, scope: wanted.scope, mode, spanRows })] : []),
  ];
}

/** In the open window of the oldest hours, mostly all there are, the index of words tells which rows to read faster than the hours do. */
function isToldByWords({ filter }: Wanted, window: BucketWindow): boolean {
  return window.from === undefined && filter !== undefined && readsContent(filter) && !scansTexts(filter);
}
