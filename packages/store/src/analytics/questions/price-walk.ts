import type { Cost, ProjectScope, SpanKind, Usage } from "@telltale/model";
import type { Filter } from "@telltale/model/filter";
import type { Engine } from "../../engine/engine.ts";
import { SqlParams } from "../../filter-to-sql/sql-params.ts";
import type { StoredBuckets } from "../stored-buckets.ts";
import { SCAN_SETTINGS } from "./count-traces.ts";
import { type TokenRow, usageOf } from "./token-row.ts";
import { windowOf } from "./time-window.ts";
import { wantedBy, windowConditions } from "./trace-conditions.ts";
import { known } from "./trace-rows.ts";

/** Which traces are walked through. */
export interface WalkQuery {
  scope: ProjectScope;
  filter: Filter | undefined;
  fromNs: bigint | undefined;
  toNs: bigint | undefined;
}

/** The last trace that was done. Traces come in order of hour, project and id. */
export interface WalkPosition {
  bucket: number;
  projectId: string;
  traceId: string;
}

export type WalkedTrace = StoredBuckets & { spanCount: number };

/** What a stored model call was priced from, and what it costs. */
export interface StoredCall {
  projectId: string;
  traceId: string;
  spanId: string;
  kind: SpanKind;
  provider: string;
  requestModel: string;
  responseModel: string;
  serviceTier: string;
  startNs: bigint;
  usage: Usage;
  usageIsAggregate: boolean;
  cost: Cost;
  counted: boolean;
}

/** Work of the server's own, which nobody waits for: long limits, and never in the way of a page. */
const LIMITS = { lane: "heavy", maxSeconds: 120, maxMemoryBytes: 2 * 1024 * 1024 * 1024 } as const;
/** Rows of one step: an hour of more is read in several. */
const ROWS_OF_STEP = 4_000;

/** Only these can have a price: a call that names no model cannot. */
const WITH_CALLS = "notEmpty(models)";

export async function countWalk(engine: Engine, query: WalkQuery, signal?: AbortSignal): Promise<number> {
  const params = new SqlParams();
  const where = await conditionsOf(engine, query, undefined, params);
  const rows = await engine.query<{ n: string }>(`SELECT count() AS n FROM traces FINAL WHERE ${where} ${SCAN_SETTINGS}`, params.values, { signal, ...LIMITS });
  return Number(rows[0]?.n ?? 0);
}

/** Hours (Unix seconds) that hold something to walk, oldest first, in steps of about equal work. */
export async function walkSteps(
  engine: Engine,
  query: WalkQuery,
  fromBucket: number | undefined,
  signal?: AbortSignal,
): Promise<{ from: number; to: number }[]> {
  const params = new SqlParams();
  const where = await conditionsOf(engine, { ...query, filter: undefined }, fromBucket === undefined ? undefined : { from: fromBucket, to: undefined }, params);
  const rows = await engine.query<{ at: number; n: string }>(
    `SELECT toUInt32(bucket) AS at, count() AS n FROM traces WHERE ${where} GROUP BY bucket ORDER BY bucket`,
    params.values,
    { signal, ...LIMITS },
  );
  const steps: { from: number; to: number }[] = [];
  let open: { from: number; to: number; rows: number } | undefined;
  for (const row of rows) {
    const [bucket, n] = [Number(row.at), Number(row.n)];
    if (open && open.rows + n <= ROWS_OF_STEP) {
      open.to = bucket + 3600;
      open.rows += n;
      continue;
    }
    if (open) steps.push({ from: open.from, to: open.to });
    open = { from: bucket, to: bucket + 3600, rows: n };
  }
  if (open) steps.push({ from: open.from, to: open.to });
  return steps;
}

/** The next traces of a step, at most `limit`. */
export async function walkTraces(
  engine: Engine,
  query: WalkQuery,
  step: { from: number; to: number },
  after: WalkPosition | undefined,
  limit: number,
  signal?: AbortSignal,
): Promise<WalkedTrace[]> {
  const params = new SqlParams();
  const where = [await conditionsOf(engine, query, step, params)];
  if (after)
    where.push(
      `(toUInt32(bucket), toString(project_id), trace_id) > (${params.bind("UInt32", after.bucket)}, ${params.bind("String", after.projectId)}, ${params.bind("String", after.traceId)})`,
    );
  const rows = await engine.query<{ project_id: string; trace_id: string; at: number; spans_at: number; span_count: number }>(
    `SELECT project_id, trace_id, toUInt32(bucket) AS at, toUInt32(spans_bucket) AS spans_at, span_count FROM traces FINAL
     WHERE ${where.join(" AND ")} ORDER BY at, toString(project_id), trace_id LIMIT ${params.bind("UInt32", limit)} ${SCAN_SETTINGS}`,
    params.values,
    { signal, ...LIMITS },
  );
  return rows.map((row) => ({
    projectId: row.project_id,
    traceId: row.trace_id,
    bucket: Number(row.at),
    spansBucket: Number(row.spans_at),
    spanCount: Number(row.span_count),
  }));
}

/** The model calls of these traces. */
export async function callsOf(engine: Engine, traces: readonly WalkedTrace[], signal?: AbortSignal): Promise<StoredCall[]> {
  if (traces.length === 0) return [];
  const rows = await engine.query<CallRow>(
    `SELECT ${callColumns}
     FROM spans FINAL
     WHERE project_id IN {projects:Array(String)} AND toUInt32(bucket) IN {buckets:Array(UInt32)} AND trace_id IN {ids:Array(String)} AND kind IN ('LLM', 'EMBEDDING')
     ORDER BY project_id, trace_id, start_time, span_id`,
    {
      projects: [...new Set(traces.map((trace) => trace.projectId))],
      buckets: [...new Set(traces.map((trace) => trace.spansBucket))],
      ids: traces.map((trace) => trace.traceId),
    },
    { signal, ...LIMITS },
  );
  return rows.map(callOf);
}

/** Select list of a model call. */
const callColumns = `project_id, trace_id, span_id, kind, provider, request_model, response_model, service_tier, toUnixTimestamp64Nano(start_time) AS start_ns,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, input_audio_tokens, output_audio_tokens,
  input_image_tokens, usage_is_aggregate, toFloat64(cost_usd) AS cost, cost_source, toFloat64(cost_reported_usd) AS cost_reported, price_version, counted`;

interface CallRow extends TokenRow {
  project_id: string;
  trace_id: string;
  span_id: string;
  kind: string;
  provider: string;
  request_model: string;
  response_model: string;
  service_tier: string;
  start_ns: string;
  usage_is_aggregate: boolean;
  cost: number | null;
  cost_source: string;
  cost_reported: number | null;
  price_version: string;
  counted: boolean;
}

function callOf(row: CallRow): StoredCall {
  return {
    projectId: row.project_id,
    traceId: row.trace_id,
    spanId: row.span_id,
    kind: row.kind as SpanKind, // written by us from the same union
    provider: row.provider,
    requestModel: row.request_model,
    responseModel: row.response_model,
    serviceTier: row.service_tier,
    startNs: BigInt(row.start_ns),
    usage: usageOf(row),
    usageIsAggregate: row.usage_is_aggregate,
    cost: {
      usd: known(row.cost),
      source: row.cost_source as Cost["source"], // written by us from the same union
      reportedUsd: known(row.cost_reported),
      priceVersion: row.price_version,
    },
    counted: row.counted,
  };
}

async function conditionsOf(
  engine: Engine,
  query: WalkQuery,
  window: { from: number; to: number | undefined } | undefined,
  params: SqlParams,
): Promise<string> {
  const wanted = await wantedBy({ ...query, limit: 1 }, engine);
  const whole = windowOf(wanted.read);
  return [...windowConditions(wanted, window ?? whole, "exact", params), WITH_CALLS].join(" AND ");
}
