import type { Cost, SpanStatus } from "@telltale/model";
import type { Engine } from "../../../engine/engine.ts";
import { FIGURE_SETTINGS } from "../figure-settings.ts";
import type { StoredCall } from "../price-walk.ts";
import type { TraceHistogram } from "../trace-histogram.ts";
import { known } from "../trace-rows.ts";
import { type CostWindow, type ReadFrom, type WindowReading, readWindow } from "./cost-window.ts";
import { placeKey, stepsOf, type TracePlace } from "./steps-of-traces.ts";

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

/** A model call that counts, or a call of a tool, with what repetitions are found by. */
export interface CostlyStep extends Omit<StoredCall, "counted" | "usageIsAggregate" | "cost"> {
  cost: Pick<Cost, "usd" | "source">;
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
  /** Steps are read of the first traces, the dearest first, that have no more spans than this together. */
  spans: number;
}

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
      const { dearest, sessions, ...totals } = await overviewOf(engine, reading.again(), limits);
      const turns = await turnsOf(engine, reading.again(), sessions, limits.tracesOfSession);
      const found = new Map((await stepsOf(engine, [...dearest, ...turns], limits.spans, reading.options)).map((one) => [one.key, one]));
      const examined = [...found.values()].filter(({ steps }) => steps !== undefined);
      return {
        ...totals,
        dearest: dearest.flatMap((place) => found.get(placeKey(place))?.trace ?? []),
        traces: examined.map(({ trace }) => trace),
        steps: examined.flatMap(({ steps }) => steps ?? []),
      };
    },
    signal,
  );
  return { ...answer, ...read };
}

/** In this order, places in settled hours are by id too. */
const BY_ID = "project_id, trace_id, build, number";

/** A subquery of traces with their places and `columns`. Where a trace has a place in a settled hour, its id need not be read. */
function placedTraces(reading: WindowReading, columns: string): string {
  return reading.traces(`project_id, span_count, ${columns}`, {
    settled: ", '' AS trace_id, toUInt32(0) AS at, build, number",
    current: ", trace_id, toUInt32(bucket) AS at, toUInt64(0) AS build, toUInt32(0) AS number",
  });
}

const PLACE = "project_id, trace_id, at, build, number, span_count";

interface OverviewRow extends TracePlace {
  what: "dearest" | "growing" | "total";
  session_id: string;
  cost: number | null;
  traces: string;
}

type Session = readonly [projectId: string, sessionId: string];
const IS_TURN = "session_id != '' AND llm_calls > 0 AND input_tokens > 0";
const GIVEN = "assumeNotNull(input_tokens) / llm_calls";

/**
 * All there is in the window, the dearest traces, and the sessions whose last turn is given at least twice the tokens of the first: those
 * with the most money in what was added first, their money by the share of all tokens that goes beyond the first turn's. One query,
 * so that the engine works on all three at once.
 */
async function overviewOf(
  engine: Engine,
  reading: WindowReading,
  { dearest, sessions }: CostlyLimits,
): Promise<Pick<CostlySteps, "totalUsd" | "traceCount"> & { dearest: TracePlace[]; sessions: Session[] }> {
  const rows = await engine.query<OverviewRow>(
    `SELECT * FROM (
       SELECT 'dearest' AS what, ${PLACE}, '' AS session_id, toFloat64(cost_usd) AS cost, toUInt64(1) AS traces
       FROM ${placedTraces(reading, "start_time, cost_usd")} WHERE cost_usd > 0 ORDER BY cost_usd DESC, start_time DESC, ${BY_ID} LIMIT ${dearest}
     ) UNION ALL SELECT * FROM (
       SELECT 'growing' AS what, project_id, ${NOWHERE}, session_id, money * (1 - turns * first / tokens) AS cost, turns AS traces
       FROM (
         SELECT project_id, session_id, toFloat64(sum(cost_usd)) AS money, count() AS turns, sum(${GIVEN}) AS tokens, argMin(${GIVEN}, start_time) AS first, argMax(${GIVEN}, start_time) AS last
         FROM ${reading.traces("project_id, start_time, session_id, input_tokens, llm_calls, cost_usd")} WHERE ${IS_TURN} GROUP BY project_id, session_id
       ) WHERE turns >= 3 AND last >= 2 * first ORDER BY cost DESC, session_id LIMIT ${sessions}
     ) UNION ALL
     SELECT 'total' AS what, '' AS project_id, ${NOWHERE}, '' AS session_id, toFloat64(sum(cost_usd)) AS cost, count() AS traces FROM ${reading.traces("cost_usd")}
     ${FIGURE_SETTINGS}`,
    reading.params.values,
    reading.options,
  );
  const total = rows.find(({ what }) => what === "total");
  return {
    totalUsd: known(total?.cost ?? null),
    traceCount: Number(total?.traces ?? 0),
    dearest: rows.filter(({ what }) => what === "dearest"),
    sessions: rows.flatMap((row): Session[] => (row.what === "growing" ? [[row.project_id, row.session_id]] : [])),
  };
}

/** The columns of a place, of what has none. */
const NOWHERE = "'' AS trace_id, toUInt32(0) AS at, toUInt64(0) AS build, toUInt32(0) AS number, toUInt32(0) AS span_count";

/** The first turns of these sessions. */
async function turnsOf(engine: Engine, reading: WindowReading, sessions: readonly Session[], limit: number): Promise<TracePlace[]> {
  if (sessions.length === 0) return [];
  const traces = placedTraces(reading, "start_time, session_id, input_tokens, llm_calls");
  const [projects, ids] = [0, 1].map((at) =>
    reading.params.bind(
      "Array(String)",
      sessions.map((session) => session[at] ?? ""),
    ),
  );
  return engine.query<TracePlace>(
    `SELECT ${PLACE} FROM ${traces} WHERE ${IS_TURN} AND (project_id, session_id) IN (SELECT arrayJoin(arrayZip(${projects}, ${ids})))
     ORDER BY start_time, ${BY_ID} LIMIT ${limit} BY project_id, session_id ${FIGURE_SETTINGS}`,
    reading.params.values,
    reading.options,
  );
}
