import { text } from "./search.ts";

/** `q` = the filter, `sort` = `field` or `-field`, `cols` = the columns by id, `live` = the tail is on. */
export interface TracesSearch {
  q?: string;
  sort?: string;
  cols?: string;
  live?: "1";
}

/** Keeps what is understood: a URL is outside data. */
export function readTracesSearch(raw: Record<string, unknown>): TracesSearch {
  return {
    ...optional("q", text(raw["q"])),
    ...optional("sort", text(raw["sort"])),
    ...optional("cols", text(raw["cols"])),
    ...(raw["live"] === "1" ? { live: "1" as const } : {}),
  };
}

/** What a page of figures carries in its URL besides the window: `filter` narrows everything on it, `compare=1` shows the period before. */
export interface ScopeSearch {
  filter?: string;
  compare?: "1";
}

export function readScopeSearch(raw: Record<string, unknown>): ScopeSearch {
  return { ...optional("filter", text(raw["filter"])), ...(raw["compare"] === "1" ? { compare: "1" as const } : {}) };
}

export type TraceTab = "timeline" | "graph" | "messages" | "feedback";

/** `span` = the one shown in the pane, `tab` = the view of the trace, `pane` = the tab of the span, `finding` = whose spans are marked. */
export interface TracePageSearch {
  span?: string;
  tab?: TraceTab;
  pane?: string;
  finding?: string;
}

export function readTracePageSearch(raw: Record<string, unknown>): TracePageSearch {
  const tab = raw["tab"];
  return {
    ...optional("span", text(raw["span"])),
    ...(tab === "graph" || tab === "messages" || tab === "feedback" ? { tab } : {}),
    ...optional("pane", text(raw["pane"])),
    ...optional("finding", text(raw["finding"])),
  };
}

/** `filter` narrows every tile; `edit` = the dashboard is being changed. */
export interface DashboardSearch {
  filter?: string;
  edit?: "1";
}

export function readDashboardSearch(raw: Record<string, unknown>): DashboardSearch {
  return { ...optional("filter", text(raw["filter"])), ...(raw["edit"] === "1" ? { edit: "1" as const } : {}) };
}

/** `query` = the SQL that is shown and was run. */
export interface SqlSearch {
  query?: string;
}

export function readSqlSearch(raw: Record<string, unknown>): SqlSearch {
  return optional("query", text(raw["query"]));
}

function optional<K extends string>(key: K, value: string | undefined): { [P in K]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
}

/** Lists of sessions and users: `filter` narrows the traces, `q` is part of the id, `sort` = `column` or `-column`. */
export interface GroupsSearch {
  filter?: string;
  q?: string;
  sort?: string;
}

export function readGroupsSearch(raw: Record<string, unknown>): GroupsSearch {
  return { ...optional("filter", text(raw["filter"])), ...optional("q", text(raw["q"])), ...optional("sort", text(raw["sort"])) };
}

/** `in` = the project of the session, `turn` = the place of the turn at the top, counted from 1. */
export interface SessionSearch {
  in?: string;
  turn?: string;
}

export function readSessionSearch(raw: Record<string, unknown>): SessionSearch {
  const turn = text(raw["turn"]);
  return { ...optional("in", text(raw["in"])), ...(turn !== undefined && /^[1-9]\d{0,8}$/.test(turn) ? { turn } : {}) };
}
