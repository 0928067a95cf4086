import type { CommandOptions, Engine, QueryOptions, QueryParam } from "../../engine/engine.ts";
import { COUNTED_CALL } from "../counted-call.ts";
import { UNKNOWN } from "../unknown-group.ts";
import { spanTexts } from "../span-texts.ts";
import { settledCallColumns, sourcesOfCallColumns } from "./call-columns.ts";
import { hourStates } from "./hour-states.ts";
import { copyCalls } from "./settled-calls.ts";
import { copySteps } from "./settled-steps.ts";

export interface SettleOptions {
  now: () => number;
  /** An hour is settled when nothing was written to it for this long. */
  quietMs: number;
  /** Traces copied at once: bounds the time and memory of a statement. */
  maxTraces: number;
  signal?: AbortSignal;
}

/** Seconds since 1970 at which an hour begins. */
type Hour = number;

const MAX_HOURS = 240;
const LIMITS = { lane: "heavy", maxSeconds: 120 } as const satisfies CommandOptions;
/** One thread: what is received keeps the other cores. */
const ONE_THREAD = "SETTINGS do_not_merge_across_partitions_select_final = 1, max_threads = 1, max_insert_threads = 1";

/**
 * Settles quiet hours whose settled rows are missing or stale, the newest first, as many as `maxTraces` allows. Returns how many;
 * 0 = nothing to do now. Whatever is written meanwhile leaves its mark, and then the hour does not count as settled.
 */
export async function settleHours(engine: Engine, options: SettleOptions): Promise<number> {
  const batch = await nextBatch(engine, options);
  if (batch === undefined) return 0;
  const { project, hours } = batch;
  // On the connection of the inserts: whatever has left a mark by now is in the tables.
  const before = await marksOf(engine, project, { lane: "write", signal: options.signal });
  // Microseconds: exact as a number of JavaScript. Builds grow even when the clock is set back.
  const firstBuild = Math.max(options.now() * 1_000, batch.lastBuild + 1);
  const params = { project, hours, builds: hours.map((_, index) => firstBuild + index) };
  const limits = { ...LIMITS, ...(options.signal ? { signal: options.signal } : {}) };
  await engine.command(`${copyTraces} ${ONE_THREAD}`, params, limits);
  await engine.command(`${copySpans} ${ONE_THREAD}`, params, limits);
  await engine.command(`${copyCalls} ${ONE_THREAD}`, params, limits);
  await engine.command(`${copySteps(ofHours, spanHours)} ${ONE_THREAD}`, params, limits);
  const rests = await restsOn(engine, project, hours, options);
  // Also what was written to during the copy: its marks say so, and now it is known what the hour must be quiet with.
  const copied = hours.map((hour, index) => {
    const all = [...new Set([hour, ...(rests.get(hour) ?? [])])];
    return { hour, build: firstBuild + index, marks: all.reduce((sum, one) => sum + (before.get(one) ?? 0), 0), all };
  });
  await publish(engine, project, copied);
  return hours.length;
}

interface Batch {
  project: string;
  hours: Hour[];
  lastBuild: number;
}

/** Quiet hours of one project, newest first. */
async function nextBatch(engine: Engine, { now, quietMs, maxTraces, signal }: SettleOptions): Promise<Batch | undefined> {
  const stale = await engine.query<{ project: string; at: Hour; build: string }>(
    `SELECT project_id AS project, toUInt32(bucket) AS at, build FROM ${hourStates("1", "1")}
     WHERE NOT is_settled AND last < fromUnixTimestamp64Milli({quiet:Int64}, 'UTC') ORDER BY bucket DESC, project LIMIT ${MAX_HOURS}`,
    { quiet: BigInt(now() - quietMs) },
    { lane: "heavy", signal },
  );
  const [first] = stale;
  if (first === undefined) return undefined;
  const candidates = stale.filter(({ project }) => project === first.project);
  const sizes = await engine.query<{ at: Hour; traces: string }>(
    `SELECT toUInt32(bucket) AS at, count() AS traces FROM traces WHERE ${ofHours} GROUP BY bucket`,
    { project: first.project, hours: candidates.map(({ at }) => Number(at)) },
    { lane: "heavy", signal },
  );
  const sizeOf = new Map(sizes.map(({ at, traces }) => [Number(at), Number(traces)]));
  const batch: Batch = { project: first.project, hours: [], lastBuild: 0 };
  let traces = 0;
  for (const { at, build } of candidates) {
    traces += sizeOf.get(Number(at)) ?? 0;
    if (batch.hours.length > 0 && traces > maxTraces) break;
    batch.hours.push(Number(at));
    batch.lastBuild = Math.max(batch.lastBuild, Number(build));
  }
  return batch;
}

async function marksOf(engine: Engine, project: string, options: QueryOptions): Promise<Map<Hour, number>> {
  const rows = await engine.query<{ at: Hour; n: string }>(
    "SELECT toUInt32(bucket) AS at, sum(marks) AS n FROM hour_marks WHERE project_id = {project:String} GROUP BY bucket",
    { project },
    options,
  );
  return new Map(rows.map(({ at, n }) => [Number(at), Number(n)]));
}

/** Under which hours the spans of the traces of an hour lie: what is written there may change its figures. */
async function restsOn(engine: Engine, project: string, hours: readonly Hour[], { signal }: SettleOptions): Promise<Map<Hour, Hour[]>> {
  const rows = await engine.query<{ at: Hour; hours: Hour[] }>(
    `SELECT toUInt32(traces.bucket) AS at, groupUniqArray(toUInt32(spans_bucket)) AS hours FROM traces FINAL
     WHERE ${ofHours} GROUP BY at ${ONE_THREAD}`,
    { project, hours },
    { ...LIMITS, signal },
  );
  return new Map(rows.map((row) => [Number(row.at), row.hours.map(Number)]));
}

interface Copied {
  hour: Hour;
  build: number;
  marks: number;
  all: readonly Hour[];
}

function publish(engine: Engine, project: string, copied: readonly Copied[]): Promise<void> {
  const params: Record<string, QueryParam> = {
    project,
    hours: copied.map(({ hour }) => hour),
    builds: copied.map(({ build }) => build),
    marks: copied.map(({ marks }) => marks),
    all: copied.map(({ all }) => all.join(",")),
  };
  return engine.command(
    `INSERT INTO settled_hours (project_id, bucket, build, marks, hours)
     SELECT {project:String}, toDateTime(row.1, 'UTC'), row.2, row.3, arrayMap(one -> toUInt32(one), splitByChar(',', row.4))
     FROM (SELECT arrayJoin(arrayZip({hours:Array(UInt32)}, {builds:Array(UInt64)}, {marks:Array(UInt64)}, {all:Array(String)})) AS row)`,
    params,
  );
}

const ofHours = "project_id = {project:String} AND bucket IN (SELECT toDateTime(arrayJoin({hours:Array(UInt32)}), 'UTC'))";
const spanHours = `project_id = {project:String} AND bucket IN (SELECT DISTINCT spans_bucket FROM traces WHERE ${ofHours})`;
const same =
  "project_id, trace_id, name, status, start_time, end_time, duration_ms, service_name, environment, app_version, session_id, user_id, span_count, error_count, llm_calls, " +
  "input_tokens, output_tokens, total_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, cost_usd, ttft_ms, models, providers, tools, failed_tools, agents, services, prompts, labels, tags, complete";
const values =
  "duration_ms, stream, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, input_audio_tokens, output_audio_tokens, input_image_tokens, cost_usd, cost_source, ttft_ms";

const copyTraces = `INSERT INTO settled_traces (build, number, bucket, kinds, span_names, error_types, ${same})
  SELECT transform(toUInt32(bucket), {hours:Array(UInt32)}, {builds:Array(UInt64)}, toUInt64(0)), row_number() OVER (PARTITION BY bucket ORDER BY start_time, trace_id), bucket,
    said.kinds, said.names, arrayFilter(one -> one != '', said.errors), ${same}
  FROM (SELECT bucket, ${same} FROM traces FINAL WHERE ${ofHours}) AS whole
  LEFT JOIN (
    SELECT trace_id, groupUniqArray(toString(kind)) AS kinds, arrayFilter(one -> one != '', groupUniqArray(toString(name))) AS names, groupUniqArray(toString(error_type)) AS errors
    FROM spans FINAL WHERE ${spanHours} GROUP BY trace_id
  ) AS said USING (trace_id)`;

/** Column → expression. Groups are never empty: what is not known is said so already here. */
const spanColumns: [column: string, sql: string][] = [
  ["build", "trace.build"],
  ["is_call", "own.is_call"],
  ["number", "trace.number"],
  ["bucket", "trace.bucket"],
  ["project_id", "trace.project_id"],
  ["start", "toDateTime(trace.start_time, 'UTC')"],
  ["labels", "trace.labels"],
  ["status", "own.status"],
  ...values.split(", ").map((column): [string, string] => [column, `own.${column}`]),
  ...settledCallColumns.map(([column, , sql]): [string, string] => [column, sql]),
  ...Object.entries({
    route: "trace.name",
    service: "trace.service_name",
    environment: "trace.environment",
    version: "trace.app_version",
    trace_status: "trace.status",
    user: "trace.user_id",
    session: "trace.session_id",
    model: "own.model",
    provider: "own.provider",
    tool: "own.tool",
    agent: "own.agent",
    prompt: "own.prompt",
    kind: "own.kind",
    span_name: "own.name",
    error_type: "own.error_type",
  }).map(([column, sql]): [string, string] => [column, `if(${sql} = '', '${UNKNOWN}', toString(${sql}))`]),
];

const copySpans = `INSERT INTO settled_spans (${spanColumns.map(([column]) => column).join(", ")})
  SELECT ${spanColumns.map(([, sql]) => sql).join(", ")}
  FROM (
    SELECT trace_id, ${COUNTED_CALL} AS is_call, model, provider, ${spanTexts.tool} AS tool, ${spanTexts.agent} AS agent, ${spanTexts.prompt} AS prompt, kind, name, error_type, status, ${values}, ${sourcesOfCallColumns.join(", ")}
    FROM spans FINAL WHERE ${spanHours}
  ) AS own
  INNER JOIN (
    SELECT build, number, bucket, project_id, trace_id, start_time, name, service_name, environment, app_version, status, user_id, session_id, labels
    FROM settled_traces WHERE build IN {builds:Array(UInt64)}
  ) AS trace USING (trace_id)`;
