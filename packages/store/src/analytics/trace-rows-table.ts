const same = (name: string): [string, string] => [name, name];

/**
 * What `trace_rows.row` holds: a JSON array of these values, name and SQL over a row of `traces`. Stored rows have this
 * order for good: a new value goes to the end, with a migration that replaces the view (older rows lack it).
 */
export const traceRowFields: readonly (readonly [name: string, sql: string])[] = [
  ...["project_id", "trace_id", "name", "status", "status_message"].map(same),
  ["start_ns", "toString(toUnixTimestamp64Nano(start_time))"],
  ["end_ns", "toString(toUnixTimestamp64Nano(end_time))"],
  ...["duration_ms", "root_span_id", "service_name", "environment", "app_version", "session_id", "user_id", "client_request_id"].map(same),
  ...["input_preview", "output_preview", "span_count", "error_count", "llm_calls", "unpriced_calls"].map(same),
  ...["input_tokens", "output_tokens", "total_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens"].map(same),
  ["cost", "toFloat64(cost_usd)"],
  ...["ttft_ms", "models", "providers", "tools", "failed_tools", "agents", "services", "prompts", "run_ids", "labels", "tags", "metadata"].map(same),
  ...["complete", "truncated", "info"].map(same),
];

const rowSql = `if(is_deleted = 1, '', toJSONString(tuple(${traceRowFields.map(([, sql]) => sql).join(", ")})))`;
const select = `SELECT project_id, bucket, trace_id, spans_bucket, ${rowSql} AS row, version, is_deleted FROM traces`;

/**
 * A page shows fifty whole rows that may lie in as many hours: from the 45 columns of `traces` that is 50 ms of CPU, from
 * one column in granules of 32 rows 9 ms, for 26 bytes a span. `traces` stays what is searched and counted. The engine
 * itself copies every row that is written to `traces` (tombstones too), so no writer can forget it; the copy is stored
 * after the row, hence never newer than what is searched.
 */
export const traceRowsStatements = [
  `CREATE TABLE IF NOT EXISTS trace_rows (
    project_id LowCardinality(String), bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)), trace_id String CODEC(ZSTD(1)), spans_bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)),
    row String CODEC(ZSTD(1)), version UInt64 CODEC(Delta(8), ZSTD(1)), is_deleted UInt8,
    INDEX i_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 8
  ) ENGINE = ReplacingMergeTree(version, is_deleted) PARTITION BY toYYYYMM(bucket)
    ORDER BY (project_id, bucket, trace_id) SETTINGS index_granularity = 32, min_compress_block_size = 4096, max_compress_block_size = 65536, {durable}`,
  `CREATE MATERIALIZED VIEW IF NOT EXISTS trace_rows_writer TO trace_rows AS ${select}`,
  // Rows that were there before the view. Data may span any number of months; one thread leaves memory for the rest.
  `INSERT INTO trace_rows (project_id, bucket, trace_id, spans_bucket, row, version, is_deleted) ${select} FINAL
   SETTINGS max_partitions_per_insert_block = 0, max_threads = 1, max_insert_threads = 1`,
] as const;
