import { durableSettings } from "../tables.ts";

/** fsync after every insert; nothing is inserted twice with a token. */
const durable = durableSettings.split(", ").slice(0, 2).join(", ");

/**
 * Settled hours: what the current rows of an hour of traces say, copied when the hour has become quiet, without the rows that were
 * replaced and with what a span needs to know of its trace. Figures read them several times faster than the tables themselves.
 *
 * `hour_marks` counts what was written to each hour; the engine does it by itself, whoever writes. `settled_hours` says which
 * `build` of an hour stands, and the marks it had seen of all hours it rests on: as long as they are the same, it is whole. Rows of
 * a build are never changed: a new build replaces them in one row of `settled_hours`, and a sweep removes them later.
 */
const marks = [
  `CREATE TABLE IF NOT EXISTS hour_marks (
    project_id LowCardinality(String), bucket DateTime('UTC'), marks SimpleAggregateFunction(sum, UInt64), last SimpleAggregateFunction(max, DateTime64(3, 'UTC'))
  ) ENGINE = AggregatingMergeTree ORDER BY (project_id, bucket) SETTINGS ${durable}`,
  ...["traces", "spans"].map(
    (table) => `CREATE MATERIALIZED VIEW IF NOT EXISTS mark_${table} TO hour_marks AS
      SELECT project_id, bucket, toUInt64(1) AS marks, now64(3, 'UTC') AS last FROM ${table} GROUP BY project_id, bucket`,
  ),
];

/** What is there already counts as written, long ago. */
const markOld = ["traces", "spans"].map(
  (table) => `INSERT INTO hour_marks (project_id, bucket, marks, last) SELECT DISTINCT project_id, bucket, 1, toDateTime64(bucket, 3, 'UTC') FROM ${table}`,
);

const settled = [
  `CREATE TABLE IF NOT EXISTS settled_hours (
    project_id LowCardinality(String), bucket DateTime('UTC'), build UInt64, marks UInt64, hours Array(UInt32)
  ) ENGINE = ReplacingMergeTree(build) ORDER BY (project_id, bucket) SETTINGS ${durable}`,

  // The columns that filters and groups ask about have the names they have in \`traces\`, so that the same SQL asks them.
  `CREATE TABLE IF NOT EXISTS settled_traces (
    build UInt64 CODEC(Delta(8), ZSTD(1)), number UInt32 CODEC(Delta(4), ZSTD(1)), bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)), project_id LowCardinality(String), trace_id String CODEC(ZSTD(1)),
    name LowCardinality(String), status LowCardinality(String), start_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)), end_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    duration_ms Float64 CODEC(ZSTD(1)), service_name LowCardinality(String), environment LowCardinality(String), app_version LowCardinality(String),
    session_id String CODEC(ZSTD(1)), user_id String CODEC(ZSTD(1)), span_count UInt32 CODEC(T64, ZSTD(1)), error_count UInt32 CODEC(T64, ZSTD(1)), llm_calls UInt32 CODEC(T64, ZSTD(1)),
    input_tokens Nullable(UInt64) CODEC(ZSTD(1)), output_tokens Nullable(UInt64) CODEC(ZSTD(1)), total_tokens Nullable(UInt64) CODEC(ZSTD(1)), cache_read_tokens Nullable(UInt64) CODEC(ZSTD(1)),
    cache_write_tokens Nullable(UInt64) CODEC(ZSTD(1)), reasoning_tokens Nullable(UInt64) CODEC(ZSTD(1)), cost_usd Nullable(Decimal(18, 9)) CODEC(ZSTD(1)), ttft_ms Nullable(Float64) CODEC(ZSTD(1)),
    models Array(LowCardinality(String)), providers Array(LowCardinality(String)), tools Array(LowCardinality(String)), failed_tools Array(LowCardinality(String)), agents Array(LowCardinality(String)),
    services Array(LowCardinality(String)), prompts Array(LowCardinality(String)), labels Array(LowCardinality(String)),
    kinds Array(LowCardinality(String)), span_names Array(LowCardinality(String)), error_types Array(LowCardinality(String)), tags Map(LowCardinality(String), String), complete Bool
  ) ENGINE = MergeTree PARTITION BY toYYYYMM(bucket) ORDER BY (build, number) SETTINGS index_granularity = 2048, ${durable}`,

  // Values have the names they have in \`spans\`; \`start\` and what is about the trace is said again, so that no figure needs a join.
  `CREATE TABLE IF NOT EXISTS settled_spans (
    build UInt64 CODEC(Delta(8), ZSTD(1)), is_call Bool, number UInt32 CODEC(Delta(4), ZSTD(1)), bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)), project_id LowCardinality(String), start DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    route LowCardinality(String), service LowCardinality(String), environment LowCardinality(String), version LowCardinality(String), trace_status LowCardinality(String),
    user String CODEC(ZSTD(1)), session String CODEC(ZSTD(1)), labels Array(LowCardinality(String)),
    model LowCardinality(String), provider LowCardinality(String), tool LowCardinality(String), agent LowCardinality(String), kind LowCardinality(String), span_name LowCardinality(String),
    prompt LowCardinality(String), error_type LowCardinality(String), status LowCardinality(String), duration_ms Float64 CODEC(ZSTD(1)), stream Nullable(Bool),
    input_tokens Nullable(UInt32) CODEC(ZSTD(1)), output_tokens Nullable(UInt32) CODEC(ZSTD(1)), cache_read_tokens Nullable(UInt32) CODEC(ZSTD(1)), cache_write_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    cache_write_1h_tokens Nullable(UInt32) CODEC(ZSTD(1)), reasoning_tokens Nullable(UInt32) CODEC(ZSTD(1)), input_audio_tokens Nullable(UInt32) CODEC(ZSTD(1)), output_audio_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    input_image_tokens Nullable(UInt32) CODEC(ZSTD(1)), cost_usd Nullable(Decimal(18, 9)) CODEC(ZSTD(1)), cost_source LowCardinality(String), ttft_ms Nullable(Float64) CODEC(ZSTD(1))
  ) ENGINE = MergeTree PARTITION BY toYYYYMM(bucket) ORDER BY (build, is_call, number) SETTINGS index_granularity = 2048, ${durable}`,
];

export const settledStatements: readonly string[] = [...marks, ...settled, ...markOld];
