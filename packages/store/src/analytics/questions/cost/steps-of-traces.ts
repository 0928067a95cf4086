import type { Cost, SpanKind, SpanStatus } from "@telltale/model";
import type { Engine, QueryOptions } from "../../../engine/engine.ts";
import { SqlParams } from "../../../filter-to-sql/sql-params.ts";
import { keysSql } from "../../trace-keys.ts";
import { costlyTraceFields, stepFields, stepTexts, traceTexts } from "../../settled/settled-steps.ts";
import { FIGURE_SETTINGS } from "../figure-settings.ts";
import { type TokenRow, usageOf } from "../token-row.ts";
import { known } from "../trace-rows.ts";
import type { CostlyStep, CostlyTrace } from "./costly-traces.ts";

/** Where a trace lies: in a settled hour, or under its key in `traces`. */
export interface TracePlace {
  project_id: string;
  /** With `at`, the hour in seconds since 1970; neither is said of a trace in a settled hour. */
  trace_id: string;
  at: number;
  /** "0": in none. */
  build: string;
  number: number;
  span_count: number;
}

type Keyed = Pick<TracePlace, "project_id" | "trace_id" | "build" | "number">;

export function placeKey({ project_id, trace_id, build, number }: Keyed): string {
  return build === "0" ? `${project_id}/${trace_id}` : `${build} ${number}`;
}

/**
 * The traces at these places with their steps by time, as long as they have at most `maxSpans` spans together; those after that, which
 * the first never is, have `undefined`. Traces that are gone meanwhile are left out.
 */
export async function stepsOf(
  engine: Engine,
  places: readonly TracePlace[],
  maxSpans: number,
  options: QueryOptions,
): Promise<{ key: string; trace: CostlyTrace; steps: CostlyStep[] | undefined }[]> {
  const params = new SqlParams();
  let spans = 0;
  const within: TracePlace[] = [];
  const beyond: TracePlace[] = [];
  for (const place of new Map(places.map((place) => [placeKey(place), place])).values()) {
    spans += Number(place.span_count);
    if (within.length === 0 || spans <= maxSpans) within.push(place);
    else beyond.push(place);
  }
  const selects = [...textsAt(within, true, params), ...textsAt(beyond, false, params)];
  if (selects.length === 0) return [];
  const rows = await engine.query<Texts>(`${selects.join(" UNION ALL ")} ${FIGURE_SETTINGS}`, params.values, options);
  return rows.map((row) => {
    const trace = traceOf(named<TraceRow>(costlyTraceFields, JSON.parse(row.trace) as unknown[]));
    const steps = row.steps === "" ? [] : (JSON.parse(row.steps) as unknown[][]);
    return { key: placeKey(row), trace, steps: Number(row.read) === 1 ? steps.map((step) => stepOf(named<StepRow>(stepFields, step), trace)) : undefined };
  });
}

type Texts = Keyed & { trace: string; steps: string; read: number };

/** `SELECT`s of the texts, from the copies of settled hours or made from the current rows in the same way. */
function textsAt(places: readonly TracePlace[], isWithSteps: boolean, params: SqlParams): string[] {
  const settled = places.filter((place) => place.build !== "0");
  const current = places.filter((place) => place.build === "0");
  const columns = `trace, ${isWithSteps ? "steps" : "'' AS steps"}, toUInt8(${isWithSteps}) AS read`;
  const selects: string[] = [];
  if (settled.length > 0) {
    const builds = settled.map((place) => Number(place.build));
    const bound = [
      params.bind("Array(UInt64)", builds),
      params.bind(
        "Array(UInt32)",
        settled.map((place) => place.number),
      ),
    ];
    selects.push(
      `SELECT '' AS project_id, '' AS trace_id, build, number, ${columns} FROM settled_steps WHERE build IN ${params.bind("Array(UInt64)", [...new Set(builds)])} AND (build, number) IN (SELECT arrayJoin(arrayZip(${bound.join(", ")})))`,
    );
  }
  if (current.length > 0) {
    const traces = keysSql(current, params);
    const spans = `(project_id, bucket, trace_id) IN (SELECT project_id, spans_bucket, trace_id FROM traces FINAL WHERE ${traces})`;
    selects.push(
      `SELECT toString(project_id) AS project_id, trace_id, toUInt64(0) AS build, toUInt32(0) AS number, ${columns} FROM ${isWithSteps ? stepTexts(traces, spans) : traceTexts(traces)}`,
    );
  }
  return selects;
}

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
}

interface StepRow extends TokenRow {
  span_id: string;
  start_ns: string;
  end_ns: string;
  kind: string;
  name: string;
  status: string;
  provider: string;
  request_model: string;
  response_model: string;
  service_tier: string;
  tool_name: string;
  agent_name: string;
  cost: number | null;
  cost_source: string;
  input_hash: string;
  prefix_hash: string;
}

function named<Row>(fields: readonly (readonly [name: string, sql: string])[], values: readonly unknown[]): Row {
  return Object.fromEntries(fields.map(([name], index) => [name, values[index]])) as Row; // written by the engine from the same list
}

function traceOf(row: TraceRow): CostlyTrace {
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
  };
}

function stepOf(row: StepRow, { projectId, traceId }: CostlyTrace): CostlyStep {
  return {
    projectId,
    traceId,
    spanId: row.span_id,
    kind: row.kind as SpanKind, // these were written by us from the same unions
    name: row.name,
    status: row.status as SpanStatus,
    provider: row.provider,
    requestModel: row.request_model,
    responseModel: row.response_model,
    serviceTier: row.service_tier,
    toolName: row.tool_name,
    agentName: row.agent_name,
    startNs: BigInt(row.start_ns),
    endNs: BigInt(row.end_ns),
    usage: usageOf(row),
    cost: { usd: known(row.cost), source: row.cost_source as Cost["source"] },
    inputHash: row.input_hash,
    prefixHash: row.prefix_hash,
  };
}
