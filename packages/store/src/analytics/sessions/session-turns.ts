import { TelltaleError, type Trace } from "@telltale/model";
import type { Engine } from "../../engine/engine.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import { decodeCursor, encodeCursor } from "../questions/cursor.ts";
import type { SortKey } from "../questions/sort-keys.ts";
import { type StoredTraceRow, traceOf, traceRowSelect } from "../questions/trace-rows.ts";
import { keysSql } from "../trace-keys.ts";

/** One session; its id alone would be several in several projects. */
export interface SessionKey {
  projectId: string;
  sessionId: string;
}

/** Where a page begins, or what is in its middle. */
export type TurnAnchor =
  | { kind: "position"; position: number }
  | { kind: "time"; fromNs: bigint }
  | { kind: "trace"; traceId: string }
  | { kind: "cursor"; cursor: string };

export interface TurnRow {
  /** Place in the session, counted from 0. */
  position: number;
  trace: Trace;
  /** Hour under which its spans and their content lie (Unix seconds). */
  spansBucket: number;
}

export interface TurnPage {
  turns: TurnRow[];
  total: number;
  nextCursor: string | null;
  previousCursor: string | null;
}

interface KeyRow {
  project_id: string;
  trace_id: string;
  at: number;
  spans_at: number;
  start_ns: string;
  place: string;
  total: string;
}

const FINAL_SETTINGS = "SETTINGS do_not_merge_across_partitions_select_final = 1";
/** A cursor is a turn and the way from it. */
const cursorKeys: SortKey[] = (["String", "Int64", "String"] as const).map((type) => ({ sql: () => "", missing: undefined, type, direction: "ASC" }));
const SIGNATURE = "session turns";

/**
 * A page of a session's traces in order of their start. First the places, from the narrow columns of all traces of the session
 * (20,000 take some 45 ms of CPU at a million spans), then the traces of the page whole.
 */
export async function sessionTurns(engine: Engine, session: SessionKey, anchor: TurnAnchor, limit: number, signal?: AbortSignal): Promise<TurnPage> {
  const keys = await keysOfPage(engine, session, anchor, limit, signal);
  if (keys.length === 0) return { turns: [], total: await countTurns(engine, session, signal), nextCursor: null, previousCursor: null };
  const params = new SqlParams();
  const rows = await engine.query<StoredTraceRow & { trace_id: string }>(
    `SELECT trace_id, ${traceRowSelect} FROM trace_rows FINAL WHERE ${keysSql(keys, params)}`,
    params.values,
    { signal },
  );
  const byId = new Map(rows.map((row) => [row.trace_id, row]));
  const turns = keys.flatMap((key): TurnRow[] => {
    const row = byId.get(key.trace_id);
    return row === undefined ? [] : [{ position: Number(key.place), trace: traceOf(row), spansBucket: key.spans_at }];
  });
  const [first, last] = [keys[0], keys.at(-1)];
  const total = Number(first?.total ?? 0);
  return {
    turns,
    total,
    nextCursor: last !== undefined && Number(last.place) < total - 1 ? cursorAt("next", last) : null,
    previousCursor: first !== undefined && Number(first.place) > 0 ? cursorAt("previous", first) : null,
  };
}

/** The traces of a session with their places, as what follows FROM. */
export function placedTurns({ projectId, sessionId }: SessionKey, columns: string, params: SqlParams): string {
  return `(SELECT ${columns}, toUnixTimestamp64Nano(start_time) AS start_ns, row_number() OVER (ORDER BY start_time, trace_id) - 1 AS place, count() OVER () AS total
    FROM traces FINAL WHERE project_id = ${params.bind("String", projectId)} AND session_id = ${params.bind("String", sessionId)})`;
}

async function keysOfPage(engine: Engine, session: SessionKey, anchor: TurnAnchor, limit: number, signal?: AbortSignal): Promise<KeyRow[]> {
  const params = new SqlParams();
  const placed = placedTurns(session, "project_id, trace_id, toUInt32(bucket) AS at, toUInt32(spans_bucket) AS spans_at", params);
  const { from, where, isBackward } = anchorSql(anchor, placed, limit, params);
  const rows = await engine.query<KeyRow>(
    `SELECT project_id, trace_id, at, spans_at, start_ns, place, total FROM ${from} WHERE ${where} ORDER BY place ${isBackward ? "DESC" : "ASC"} LIMIT ${limit} ${FINAL_SETTINGS}`,
    params.values,
    { signal },
  );
  return isBackward ? rows.toReversed() : rows;
}

function anchorSql(anchor: TurnAnchor, placed: string, limit: number, params: SqlParams): { from: string; where: string; isBackward: boolean } {
  switch (anchor.kind) {
    case "position":
      return { from: placed, where: `place >= ${params.bind("UInt32", anchor.position)}`, isBackward: false };
    case "time":
      return { from: placed, where: `start_ns >= ${params.bind("Int64", anchor.fromNs)}`, isBackward: false };
    case "trace": {
      const found = `SELECT *, maxIf(place, trace_id = ${params.bind("String", anchor.traceId)}) OVER () AS middle, countIf(trace_id = ${params.bind("String", anchor.traceId)}) OVER () AS known FROM ${placed}`;
      return { from: `(${found})`, where: `known > 0 AND place + ${Math.floor((limit - 1) / 2)} >= middle`, isBackward: false };
    }
    case "cursor": {
      const [way, startNs, traceId] = decodeCursor(anchor.cursor, SIGNATURE, cursorKeys);
      if (way !== "next" && way !== "previous") throw new TelltaleError("cursor_invalid", "The cursor is not one this server gave for a session.");
      const place = `(${params.bind("Int64", String(startNs))}, ${params.bind("String", String(traceId))})`;
      return { from: placed, where: `(start_ns, trace_id) ${way === "next" ? ">" : "<"} ${place}`, isBackward: way === "previous" };
    }
  }
}

function cursorAt(way: "next" | "previous", row: KeyRow): string {
  return encodeCursor(SIGNATURE, [way, row.start_ns, row.trace_id]);
}

async function countTurns(engine: Engine, { projectId, sessionId }: SessionKey, signal?: AbortSignal): Promise<number> {
  const rows = await engine.query<{ n: string }>(
    `SELECT count() AS n FROM traces FINAL WHERE project_id = {project:String} AND session_id = {session:String} ${FINAL_SETTINGS}`,
    { project: projectId, session: sessionId },
    { signal },
  );
  return Number(rows[0]?.n ?? 0);
}
