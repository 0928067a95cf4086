import { COUNTED_CALL } from "../counted-call.ts";

const same = (name: string): [string, string] => [name, name];

/** What `settled_steps.trace` holds: a JSON array of these values, name and SQL over a row of `traces`. Rows have this order for good. */
export const costlyTraceFields: readonly (readonly [name: string, sql: string])[] = [
  ...["project_id", "trace_id", "name"].map(same),
  ["start_ns", "toString(toUnixTimestamp64Nano(start_time))"],
  ...["session_id", "user_id"].map(same),
  ["cost", "toFloat64(cost_usd)"],
  ...["unpriced_calls", "llm_calls", "input_tokens", "output_tokens", "span_count"].map(same),
];

/** What `settled_steps.steps` holds: a JSON array of arrays of these values, by start and id; SQL over a row of `spans`. */
export const stepFields: readonly (readonly [name: string, sql: string])[] = [
  ["start_ns", "toString(toUnixTimestamp64Nano(start_time))"],
  ["span_id", "span_id"],
  ["end_ns", "toString(toUnixTimestamp64Nano(end_time))"],
  ...["kind", "name", "status", "provider", "request_model", "response_model", "service_tier", "tool_name", "agent_name"].map(same),
  ...["input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "reasoning_tokens"].map(same),
  ...["input_audio_tokens", "output_audio_tokens", "input_image_tokens"].map(same),
  ["cost", "toFloat64(cost_usd)"],
  ["cost_source", "cost_source"],
  ["input_hash", "toString(input_hash)"],
  ["prefix_hash", "toString(prefix_hash)"],
];

/** Steps of a trace beyond the first so many are not looked at. */
const MAX_STEPS = 30_000;
const IS_STEP = `(kind = 'TOOL' OR ${COUNTED_CALL})`;
/** Others are neither dear nor a turn whose input grows. */
const CAN_BE_COSTLY = "(cost_usd > 0 OR llm_calls > 0)";
const tupleOf = (fields: readonly (readonly [string, string])[]): string => `tuple(${fields.map(([, sql]) => sql).join(", ")})`;

/** A subquery of current traces as texts: `project_id`, `trace_id`, `trace`. `where`: conditions on `traces`. */
export function traceTexts(where: string): string {
  return `(SELECT project_id, trace_id, toJSONString(${tupleOf(costlyTraceFields)}) AS trace FROM traces FINAL WHERE ${CAN_BE_COSTLY} AND ${where})`;
}

/** The same with `steps`, the text of the model calls that count and of the calls of tools; `''` = none. `spans`: conditions on `spans`. */
export function stepTexts(traces: string, spans: string): string {
  return `(SELECT project_id, trace_id, trace, steps FROM ${traceTexts(traces)} AS whole
    LEFT JOIN (
      SELECT project_id, trace_id, toJSONString(arraySlice(arraySort(one -> (toInt64(one.1), one.2), groupArray(${tupleOf(stepFields)})), 1, ${MAX_STEPS})) AS steps
      FROM spans FINAL WHERE ${IS_STEP} AND ${spans} GROUP BY project_id, trace_id
    ) AS said USING (project_id, trace_id))`;
}

/**
 * Each trace of a settled hour that calls a model, with its steps, as texts: what a page asks of a few hundred traces that may lie in
 * as many hours. From the thirty columns of `spans` that is a granule of each column for each trace.
 */
const table = `CREATE TABLE IF NOT EXISTS settled_steps (
  build UInt64 CODEC(Delta(8), ZSTD(1)), number UInt32 CODEC(Delta(4), ZSTD(1)), bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)), trace String CODEC(ZSTD(1)), steps String CODEC(ZSTD(1))
) ENGINE = MergeTree PARTITION BY toYYYYMM(bucket) ORDER BY (build, number)
  SETTINGS index_granularity = 32, index_granularity_bytes = 65536, min_compress_block_size = 4096, max_compress_block_size = 65536, fsync_after_insert = 1, fsync_part_directory = 1`;

/** For traces of builds that have just been copied; conditions on the hours of traces and of spans. */
export function copySteps(ofHours: string, spanHours: string): string {
  return `INSERT INTO settled_steps (build, number, bucket, trace, steps)
    SELECT place.build, place.number, place.bucket, trace, steps FROM ${stepTexts(ofHours, spanHours)} AS said
    INNER JOIN (SELECT build, number, bucket, trace_id FROM settled_traces WHERE build IN {builds:Array(UInt64)}) AS place USING (trace_id)`;
}

export const addSettledSteps: readonly string[] = [table, "TRUNCATE TABLE settled_hours"];
