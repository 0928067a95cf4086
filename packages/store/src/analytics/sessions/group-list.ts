import type { ProjectScope } from "@telltale/model";
import type { Filter } from "@telltale/model/filter";
import type { Engine } from "../../engine/engine.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { scopeSql } from "../../filter-to-sql/project-scope.ts";
import { decodeCursor, encodeCursor } from "../questions/cursor.ts";
import { afterSql, orderSignature, orderSql, type SortKey, sortSelect, type SortValues, sortValuesOf } from "../questions/sort-keys.ts";
import { earlier, windowOf } from "../questions/time-window.ts";
import { wantedBy, type Wanted, windowConditions } from "../questions/trace-conditions.ts";
import { keysSql } from "../trace-keys.ts";
import { CurrentTraces, type TracesChoice } from "./current-traces.ts";
import { type GroupKind, type GroupOrder, groupKeys, groupOrder, idColumns } from "./group-columns.ts";
import { feedbackByGroup, givenFeedback, groupKey, groupsOfTraces, thumbsPerGroupSql } from "./group-feedback.ts";
import { type FiguresRow, figuresOf, figuresSelect, type GroupFigures } from "./group-figures.ts";

export interface GroupQuery {
  scope: ProjectScope;
  filter?: Filter | undefined;
  fromNs?: bigint | undefined;
  toNs?: bigint | undefined;
  /** Part of the id, in any case. */
  idPart?: string | undefined;
  orderBy?: string | undefined;
  limit: number;
  cursor?: string | undefined;
}

export interface GroupPage {
  groups: GroupFigures[];
  nextCursor: string | null;
}

/** Partitions are months of a key's own hour, so the newest version of a row is never in another one. */
const SETTINGS = "SETTINGS do_not_merge_across_partitions_select_final = 1";
/** Reading all of a window, indexes of ids only cost. */
const SCAN_SETTINGS = `${SETTINGS}, use_skip_indexes_if_final = 0`;
const LIMITS = { maxSeconds: 20, maxMemoryBytes: 2 * 1024 * 1024 * 1024 };
/** The last key of a cursor: traces that start later than the first page was asked for are left out of all pages. */
const asOfKey: SortKey = { sql: () => "as_of", missing: undefined, type: "Int64", direction: "ASC" };

/**
 * One page of sessions or people. Two steps: their order is made from the few columns that it needs, over all traces of the
 * window; then only the groups of the page are read whole. A cursor holds the place in the order and the moment of the first
 * page, so that what arrives while somebody pages neither repeats a row nor moves one out of sight.
 */
export async function listGroups(engine: Engine, kind: GroupKind, query: GroupQuery, nowNs: bigint, signal?: AbortSignal): Promise<GroupPage> {
  const order = groupOrder(kind, query.orderBy);
  const signature = `${kind} ${orderSignature(order.keys)} ${order.feedback ?? order.aggregates.map(({ sql }) => sql).join()}`;
  const start = query.cursor === undefined ? undefined : decodeCursor(query.cursor, signature, [...order.keys, asOfKey]);
  const asOf = start === undefined ? await latest(engine, query.scope, nowNs, signal) : BigInt(start.at(-1) ?? 0);
  const wanted = await wantedBy({ scope: query.scope, filter: query.filter, fromNs: query.fromNs, toNs: earlier(query.toNs, asOf), limit: 1 }, engine, signal);
  const keys = await pageOfKeys(engine, kind, wanted, query, order, start?.slice(0, -1), signal);
  const page = keys.slice(0, query.limit);
  const groups = await wholeGroups(engine, kind, wanted, page, signal);
  const last = page.at(-1);
  return {
    groups,
    nextCursor: keys.length > query.limit && last !== undefined ? encodeCursor(signature, [...sortValuesOf(last, order.keys), String(asOf)]) : null,
  };
}

/** One nanosecond after the last trace there is, or now: clocks of clients run ahead. */
async function latest(engine: Engine, scope: ProjectScope, nowNs: bigint, signal?: AbortSignal): Promise<bigint> {
  const params = new SqlParams();
  const [row] = await engine.query<{ ns: string }>(
    `SELECT toUnixTimestamp64Nano(max(start_time)) AS ns FROM traces WHERE ${scopeSql(scope, params)}`,
    params.values,
    { signal },
  );
  const newest = BigInt(row?.ns ?? 0) + 1n;
  return newest > nowNs ? newest : nowNs;
}

type KeyRow = Record<string, unknown> & { id: string; project_id?: string };

async function pageOfKeys(
  engine: Engine,
  kind: GroupKind,
  wanted: Wanted,
  { limit, idPart }: GroupQuery,
  order: GroupOrder,
  start: SortValues | undefined,
  signal?: AbortSignal,
): Promise<KeyRow[]> {
  const params = new SqlParams();
  const id = idColumns[kind];
  const where = [
    ...windowConditions(wanted, windowOf(wanted.read), "exact", params),
    `${id} != ''`,
    ...(idPart === undefined || idPart === "" ? [] : [`positionCaseInsensitiveUTF8(${id}, ${params.bind("String", idPart)}) > 0`]),
  ].join(" AND ");
  const columns = groupKeys(kind).join(", ");
  const groups =
    order.feedback === undefined
      ? `SELECT ${[columns, ...order.aggregates.map(({ name, sql }) => `${sql} AS ${name}`)].join(", ")} FROM traces FINAL WHERE ${where} GROUP BY ${columns}`
      : thumbsPerGroupSql(kind, wanted.scope, order.feedback === "thumbs_up" ? "up" : "down", where, params);
  const after = start === undefined ? "" : `WHERE ${afterSql(order.keys, start, params)}`;
  return engine.query<KeyRow>(
    `SELECT id${kind === "session" ? ", project_id" : ""}, ${sortSelect(order.keys, params)} FROM (SELECT *, ${id} AS id FROM (${groups})) ${after}
     ORDER BY ${orderSql(order.keys)} LIMIT ${limit + 1} ${SCAN_SETTINGS}`,
    params.values,
    { signal, ...LIMITS },
  );
}

/** The figures of these groups, in their order. */
async function wholeGroups(engine: Engine, kind: GroupKind, wanted: Wanted, keys: readonly KeyRow[], signal?: AbortSignal): Promise<GroupFigures[]> {
  if (keys.length === 0) return [];
  const chosen: TracesChoice = {
    scope: wanted.scope,
    ids: (params) => groupsSql(kind, keys, params),
    exact: (params) => windowConditions(wanted, windowOf(wanted.read), "exact", params).join(" AND "),
  };
  const found = await groupFigures(engine, kind, chosen, signal);
  const byKey = new Map(found.map((group) => [keyOf(kind, group.id, group.projectIds[0]), group]));
  return keys.flatMap(({ id, project_id }) => byKey.get(keyOf(kind, id, project_id)) ?? []);
}

function keyOf(kind: GroupKind, id: string, projectId: string | undefined): string {
  return kind === "session" ? `${projectId}/${id}` : id;
}

/** The ids alone first: they have an index. */
function groupsSql(kind: GroupKind, keys: readonly KeyRow[], params: SqlParams): string {
  const ids = params.bind(
    "Array(String)",
    keys.map(({ id }) => id),
  );
  if (kind === "user") return `user_id IN ${ids}`;
  const projects = params.bind(
    "Array(String)",
    keys.map(({ project_id: project = "" }) => project),
  );
  return `session_id IN ${ids} AND (toString(project_id), session_id) IN (SELECT arrayJoin(arrayZip(${projects}, ${ids})))`;
}

/** The figures of all groups that the choice takes in, in no order. */
export async function groupFigures(engine: Engine, kind: GroupKind, chosen: TracesChoice, signal?: AbortSignal): Promise<GroupFigures[]> {
  const traces = await CurrentTraces.find(engine, chosen, signal);
  const params = new SqlParams();
  const sql = `SELECT ${figuresSelect(kind, traces.isFew)} FROM ${traces.sql(params)} GROUP BY ${groupKeys(kind).join(", ")} ${SETTINGS}`;
  const [rows, given] = await Promise.all([
    engine.query<FiguresRow>(sql, params.values, { signal, ...LIMITS }),
    givenFeedback(engine, chosen.scope, traces, signal),
  ]);
  const groupOf = traces.isFew
    ? new Map(rows.flatMap((row) => row.traces_of.map((trace) => [trace, groupKey(row)])))
    : await groupsOfTraces(engine, kind, traces, given, signal);
  const feedback = feedbackByGroup(given, groupOf);
  const inputs = await lastInputs(engine, rows, signal);
  return rows.map((row) => figuresOf(row, feedback(groupKey(row)), inputs.get(row.last_said[2]) ?? ""));
}

/** The inputs of one trace per group: the only texts that a list reads. */
async function lastInputs(engine: Engine, rows: readonly FiguresRow[], signal: AbortSignal | undefined): Promise<Map<string, string>> {
  const keys = rows.flatMap(({ last_said: [project, hour, trace] }) => (trace === "" ? [] : [{ project_id: project, at: Number(hour), trace_id: trace }]));
  if (keys.length === 0) return new Map();
  const params = new SqlParams();
  const found = await engine.query<{ trace_id: string; input_preview: string }>(
    `SELECT trace_id, argMax(input_preview, version) AS input_preview FROM (SELECT trace_id, input_preview, version FROM traces WHERE ${keysSql(keys, params)} AND is_deleted = 0) GROUP BY trace_id`,
    params.values,
    { signal },
  );
  return new Map(found.map((row) => [row.trace_id, row.input_preview]));
}
