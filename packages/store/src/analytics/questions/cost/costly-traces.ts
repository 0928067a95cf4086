import type { SpanStatus } from "@telltale/model";
import type { Engine, QueryOptions } from "../../../engine/engine.ts";
import { type CallRow, callColumns, callOf, type StoredCall } from "../price-walk.ts";
import type { TraceHistogram } from "../trace-histogram.ts";
import { known } from "../trace-rows.ts";
import { type CostWindow, FINAL_SETTINGS, type ReadFrom, type WindowReading, readWindow } from "./cost-window.ts";

/** A trace whose steps are looked at. */
export interface CostlyTrace {
  projectId: string;
  traceId: string;
  name: string;
  startNs: bigint;
  sessionId: string;
  userId: string;
  costUsd: number | undefined;
  unpricedCalls: number;
  llmCalls: number;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  spanCount: number;
}

/** A model call, or a call of a tool, with what repetitions are found by. */
export interface CostlyStep extends StoredCall {
  name: string;
  status: SpanStatus;
  endNs: bigint;
  toolName: string;
  agentName: string;
  /** Hashes of what it was given: "0" = not known. */
  inputHash: string;
  prefixHash: string;
}

export interface CostlySteps extends ReadFrom {
  /** Money of all traces in the window; undefined = none known. */
  totalUsd: number | undefined;
  traceCount: number;
  /** The dearest traces, dearest first. */
  dearest: CostlyTrace[];
  /** The traces that were looked at: the dearest, and those of the sessions whose input grows most. */
  traces: CostlyTrace[];
  /** Their steps by trace and time. */
  steps: CostlyStep[];
}

export interface CostlyLimits {
  dearest: number;
  sessions: number;
  tracesOfSession: number;
}

const MAX_STEPS = 30_000;

/**
 * Steps of the traces that cost most in a window. Bounded: the dearest traces and the sessions whose calls are given more
 * and more, whose share of the money is known from `totalUsd`.
 */
export async function costlySteps(
  engine: Engine,
  histogram: TraceHistogram,
  window: CostWindow,
  limits: CostlyLimits,
  signal?: AbortSignal,
): Promise<CostlySteps> {
  const { answer, ...read } = await readWindow(
    engine,
    histogram,
    window,
    async (reading) => {
      const [dearest, totals, growing] = await Promise.all([
        dearestTraces(engine, reading.again(), limits.dearest),
        totalsOf(engine, reading.again()),
        growingSessions(engine, reading.again(), limits),
      ]);
      const known = await placedTraces(engine, [...dearest, ...growing], reading.options);
      const keys = new Set([...dearest, ...growing].map(keyOf));
      const traces = [...keys].flatMap((key) => known.get(key) ?? []);
      return { ...totals, dearest: dearest.flatMap((trace) => known.get(keyOf(trace)) ?? []), traces, steps: await stepsOf(engine, traces, reading) };
    },
    signal,
  );
  return { ...answer, ...read };
}

type Placed = CostlyTrace & { spansBucket: number };

const traceColumns = `project_id, trace_id, name, toUnixTimestamp64Nano(start_time) AS start_ns, session_id, user_id, toFloat64(cost_usd) AS cost, unpriced_calls, llm_calls,
  input_tokens, output_tokens, span_count, toUInt32(spans_bucket) AS spans_at`;

interface TraceRow {
  project_id: string;
  trace_id: string;
  name: string;
  start_ns: string;
  session_id: string;
  user_id: string;
  cost: number | null;
  unpriced_calls: number;
  llm_calls: number;
  input_tokens: string | null;
  output_tokens: string | null;
  span_count: number;
  spans_at: number;
}

/** A trace by its key in `traces`. */
interface Key {
  project_id: string;
  trace_id: string;
  at: number;
}

function keyOf({ project_id, trace_id }: Key): string {
  return `${project_id}/${trace_id}`;
}

function dearestTraces(engine: Engine, reading: WindowReading, limit: number): Promise<Key[]> {
  const traces = reading.traces("project_id, trace_id, bucket, start_time, cost_usd");
  return engine.query<Key>(
    `SELECT project_id, trace_id, toUInt32(bucket) AS at FROM ${traces} WHERE cost_usd > 0 ORDER BY cost_usd DESC, start_time DESC, trace_id LIMIT ${limit} ${FINAL_SETTINGS}`,
    reading.params.values,
    reading.options,
  );
}

async function totalsOf(engine: Engine, reading: WindowReading): Promise<{ totalUsd: number | undefined; traceCount: number }> {
  const [row] = await engine.query<{ cost: number | null; n: string }>(
    `SELECT toFloat64(sum(cost_usd)) AS cost, count() AS n FROM ${reading.traces("cost_usd")} ${FINAL_SETTINGS}`,
    reading.params.values,
    reading.options,
  );
  return { totalUsd: known(row?.cost ?? null), traceCount: Number(row?.n ?? 0) };
}

/**
 * Traces of the sessions whose last turn is given at least twice the tokens of the first, those with the most money in what was added
 * first: their money, by the share of all tokens that goes beyond the first turn's.
 */
async function growingSessions(engine: Engine, reading: WindowReading, limits: CostlyLimits): Promise<Key[]> {
  const isTurn = "session_id != '' AND llm_calls > 0 AND input_tokens > 0";
  const given = "assumeNotNull(input_tokens) / llm_calls";
  const sessions = await engine.query<{ project_id: string; session_id: string }>(
    `SELECT project_id, session_id FROM (
       SELECT project_id, session_id, toFloat64(sum(cost_usd)) AS money, count() AS turns, sum(${given}) AS tokens, argMin(${given}, start_time) AS first, argMax(${given}, start_time) AS last
       FROM ${reading.traces("project_id, start_time, session_id, input_tokens, llm_calls, cost_usd")} WHERE ${isTurn} GROUP BY project_id, session_id
     ) WHERE turns >= 3 AND last >= 2 * first ORDER BY money * (1 - turns * first / tokens) DESC, session_id LIMIT ${limits.sessions} ${FINAL_SETTINGS}`,
    reading.params.values,
    reading.options,
  );
  if (sessions.length === 0) return [];
  const turns = reading.again();
  const traces = turns.traces("project_id, trace_id, bucket, start_time, session_id, input_tokens, llm_calls");
  const bound = (values: readonly string[]): string => turns.params.bind("Array(String)", [...values]);
  const wanted = `(project_id, session_id) IN (SELECT arrayJoin(arrayZip(${bound(sessions.map((row) => row.project_id))}, ${bound(sessions.map((row) => row.session_id))})))`;
  return engine.query<Key>(
    `SELECT project_id, trace_id, toUInt32(bucket) AS at FROM ${traces} WHERE ${isTurn} AND ${wanted}
     ORDER BY start_time, trace_id LIMIT ${limits.tracesOfSession} BY project_id, session_id ${FINAL_SETTINGS}`,
    turns.params.values,
    turns.options,
  );
}

/** What is shown of these traces, and where their spans lie: by the full key of their rows. */
async function placedTraces(engine: Engine, keys: readonly Key[], options: QueryOptions): Promise<Map<string, Placed>> {
  if (keys.length === 0) return new Map();
  const rows = await engine.query<TraceRow>(
    `SELECT ${traceColumns} FROM traces FINAL WHERE ${KEYS} ${FINAL_SETTINGS}`,
    { projects: keys.map((key) => key.project_id), buckets: keys.map((key) => Number(key.at)), ids: keys.map((key) => key.trace_id) },
    options,
  );
  return new Map(rows.map((row) => [keyOf({ ...row, at: 0 }), traceOf(row)]));
}

type StepRow = CallRow & {
  name: string;
  status: string;
  end_ns: string;
  tool_name: string;
  agent_name: string;
  input_hash: string;
  prefix_hash: string;
};

/** Whole keys, so that of each hour only the granules of its traces are read. */
const KEYS =
  "(project_id, bucket, trace_id) IN (SELECT key.1, toDateTime(key.2, 'UTC'), key.3 FROM (SELECT arrayJoin(arrayZip({projects:Array(String)}, {buckets:Array(UInt32)}, {ids:Array(String)})) AS key))";

async function stepsOf(engine: Engine, traces: readonly Placed[], { options }: WindowReading): Promise<CostlyStep[]> {
  if (traces.length === 0) return [];
  const rows = await engine.query<StepRow>(
    `SELECT ${callColumns}, name, status, toUnixTimestamp64Nano(end_time) AS end_ns, tool_name, agent_name, toString(input_hash) AS input_hash, toString(prefix_hash) AS prefix_hash
     FROM spans FINAL WHERE ${KEYS} AND kind IN ('LLM', 'EMBEDDING', 'TOOL')
     ORDER BY project_id, trace_id, start_time, span_id LIMIT ${MAX_STEPS} ${FINAL_SETTINGS}`,
    {
      projects: traces.map((trace) => trace.projectId),
      buckets: traces.map((trace) => trace.spansBucket),
      ids: traces.map((trace) => trace.traceId),
    },
    options,
  );
  return rows.map((row) => ({
    ...callOf(row),
    name: row.name,
    status: row.status as SpanStatus, // written by us from the same union
    endNs: BigInt(row.end_ns),
    toolName: row.tool_name,
    agentName: row.agent_name,
    inputHash: row.input_hash,
    prefixHash: row.prefix_hash,
  }));
}

function traceOf(row: TraceRow): Placed {
  return {
    projectId: row.project_id,
    traceId: row.trace_id,
    name: row.name,
    startNs: BigInt(row.start_ns),
    sessionId: row.session_id,
    userId: row.user_id,
    costUsd: known(row.cost),
    unpricedCalls: row.unpriced_calls,
    llmCalls: row.llm_calls,
    inputTokens: known(row.input_tokens),
    outputTokens: known(row.output_tokens),
    spanCount: row.span_count,
    spansBucket: Number(row.spans_at),
  };
}
