/**
 * The analytics schema, one statement per entry; the same SQL runs in the embedded engine and on a ClickHouse server.
 *
 * Rows of spans, payloads and logs carry a `bucket`: the hour of the first span of the trace that was seen. It is part of
 * the key, so a span that arrives again replaces itself (ReplacingMergeTree), and all rows of a trace lie together.
 * `traces.bucket` is the hour of the trace's current `start_time`, so that pages by time read few buckets; when an earlier
 * span moves it, the writer leaves a tombstone under the old bucket. `traces.spans_bucket` is the bucket of its spans.
 * `traces` rows are whole: the writer derives the full row from all spans of the trace, so nothing is ever summed twice.
 * Reads use FINAL (or argMax) inside a bounded bucket range. `version` = nanoseconds at write, `is_deleted` = tombstone.
 */
export const tables = [
  // Rows are wide and a page of a rare filter reads fifty of them from as many granules: small granules and blocks make
  // that three times faster, for 5 % of this small table.
  `CREATE TABLE IF NOT EXISTS traces (
    project_id LowCardinality(String), bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)), trace_id String CODEC(ZSTD(1)),
    name LowCardinality(String), status LowCardinality(String), status_message String CODEC(ZSTD(1)),
    start_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)), end_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    duration_ms Float64 CODEC(ZSTD(1)), root_span_id String CODEC(ZSTD(1)), service_name LowCardinality(String),
    environment LowCardinality(String), app_version LowCardinality(String), session_id String CODEC(ZSTD(1)), user_id String CODEC(ZSTD(1)),
    client_request_id String CODEC(ZSTD(1)), input_preview String CODEC(ZSTD(1)), output_preview String CODEC(ZSTD(1)),
    span_count UInt32 CODEC(T64, ZSTD(1)), error_count UInt32 CODEC(T64, ZSTD(1)), llm_calls UInt32 CODEC(T64, ZSTD(1)), unpriced_calls UInt32 CODEC(T64, ZSTD(1)),
    input_tokens Nullable(UInt64) CODEC(ZSTD(1)), output_tokens Nullable(UInt64) CODEC(ZSTD(1)), total_tokens Nullable(UInt64) CODEC(ZSTD(1)),
    cache_read_tokens Nullable(UInt64) CODEC(ZSTD(1)), cache_write_tokens Nullable(UInt64) CODEC(ZSTD(1)), reasoning_tokens Nullable(UInt64) CODEC(ZSTD(1)),
    cost_usd Nullable(Decimal(18, 9)) CODEC(ZSTD(1)), ttft_ms Nullable(Float64) CODEC(ZSTD(1)),
    models Array(LowCardinality(String)), providers Array(LowCardinality(String)), tools Array(LowCardinality(String)), failed_tools Array(LowCardinality(String)),
    agents Array(LowCardinality(String)), services Array(LowCardinality(String)), prompts Array(LowCardinality(String)), run_ids Array(String), labels Array(LowCardinality(String)),
    tags Map(LowCardinality(String), String), metadata Map(LowCardinality(String), String),
    complete Bool, truncated Bool, info String CODEC(ZSTD(1)), spans_bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)), version UInt64 CODEC(Delta(8), ZSTD(1)), is_deleted UInt8,
    INDEX i_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX i_session session_id TYPE bloom_filter(0.01) GRANULARITY 1, INDEX i_user user_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX i_start start_time TYPE minmax GRANULARITY 1
  ) ENGINE = ReplacingMergeTree(version, is_deleted) PARTITION BY toYYYYMM(bucket)
    ORDER BY (project_id, bucket, trace_id) SETTINGS index_granularity = 256, min_compress_block_size = 4096, max_compress_block_size = 65536, {durable}`,

  `CREATE TABLE IF NOT EXISTS spans (
    project_id LowCardinality(String), bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)), trace_id String CODEC(ZSTD(1)), span_id String CODEC(ZSTD(1)),
    parent_span_id String CODEC(ZSTD(1)), name LowCardinality(String), kind LowCardinality(String), dialect LowCardinality(String), norm_version UInt16,
    scope_name LowCardinality(String), scope_version LowCardinality(String), service_name LowCardinality(String),
    start_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)), end_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    duration_ms Float64 MATERIALIZED (toUnixTimestamp64Nano(end_time) - toUnixTimestamp64Nano(start_time)) / 1e6 CODEC(ZSTD(1)),
    clock_skew Bool, status LowCardinality(String), status_message String CODEC(ZSTD(1)), error_type LowCardinality(String), http_status UInt16,
    provider LowCardinality(String), request_model LowCardinality(String), response_model LowCardinality(String),
    model LowCardinality(String) MATERIALIZED if(response_model != '', response_model, request_model),
    response_id String CODEC(ZSTD(1)), service_tier LowCardinality(String), finish_reasons Array(LowCardinality(String)),
    input_tokens Nullable(UInt32) CODEC(ZSTD(1)), output_tokens Nullable(UInt32) CODEC(ZSTD(1)), cache_read_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    cache_write_tokens Nullable(UInt32) CODEC(ZSTD(1)), cache_write_1h_tokens Nullable(UInt32) CODEC(ZSTD(1)), reasoning_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    input_audio_tokens Nullable(UInt32) CODEC(ZSTD(1)), output_audio_tokens Nullable(UInt32) CODEC(ZSTD(1)), input_image_tokens Nullable(UInt32) CODEC(ZSTD(1)),
    usage_is_aggregate Bool, cost_usd Nullable(Decimal(18, 9)) CODEC(ZSTD(1)), cost_source LowCardinality(String), cost_reported_usd Nullable(Decimal(18, 9)) CODEC(ZSTD(1)), price_version LowCardinality(String),
    ttft_ms Nullable(Float64) CODEC(ZSTD(1)), stream Nullable(Bool), session_id String CODEC(ZSTD(1)), user_id String CODEC(ZSTD(1)),
    environment LowCardinality(String), app_version LowCardinality(String), prompt_name LowCardinality(String), prompt_version LowCardinality(String),
    agent_name LowCardinality(String), workflow_name LowCardinality(String), tool_name LowCardinality(String), tool_call_id String CODEC(ZSTD(1)),
    labels Array(LowCardinality(String)), metadata Map(LowCardinality(String), String), trace_tags Map(LowCardinality(String), String),
    noise Bool, truncated Bool, counted Bool, duplicate_of String CODEC(ZSTD(1)),
    attributes Map(LowCardinality(String), String) CODEC(ZSTD(1)), version UInt64 CODEC(Delta(8), ZSTD(1)), is_deleted UInt8,
    INDEX i_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX i_response response_id TYPE bloom_filter(0.01) GRANULARITY 1
  ) ENGINE = ReplacingMergeTree(version, is_deleted) PARTITION BY toYYYYMM(bucket)
    ORDER BY (project_id, bucket, trace_id, span_id) SETTINGS index_granularity = 1024, min_compress_block_size = 8192, max_compress_block_size = 131072, {durable}`,

  // Content apart from the core: pages read the core only, one granule holds few payloads (512), and the text index lies here.
  // `raw` = JSON of the span as sent (attributes, events, links, resource, scope); an attribute equal to inputs / outputs is a reference.
  // `words` = the non-ASCII words of the content, segmented in JavaScript (CJK as bigrams): the engine's tokenizer only knows ASCII.
  `CREATE TABLE IF NOT EXISTS payloads (
    project_id LowCardinality(String), bucket DateTime('UTC') CODEC(Delta(4), ZSTD(1)), trace_id String CODEC(ZSTD(1)), span_id String CODEC(ZSTD(1)),
    start_time DateTime64(9, 'UTC') CODEC(Delta(8), ZSTD(1)),
    inputs String CODEC(ZSTD(1)), outputs String CODEC(ZSTD(1)), raw String CODEC(ZSTD(1)), words String CODEC(ZSTD(1)), version UInt64 CODEC(Delta(8), ZSTD(1)), is_deleted UInt8,
    INDEX i_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1,
    INDEX t_inputs inputs TYPE text(tokenizer = splitByNonAlpha, posting_list_codec = 'bitpacking', preprocessor = lower(inputs)),
    INDEX t_outputs outputs TYPE text(tokenizer = splitByNonAlpha, posting_list_codec = 'bitpacking', preprocessor = lower(outputs)),
    INDEX t_words words TYPE text(tokenizer = splitByNonAlpha, posting_list_codec = 'bitpacking')
  ) ENGINE = ReplacingMergeTree(version, is_deleted) PARTITION BY toYYYYMM(bucket)
    ORDER BY (project_id, bucket, trace_id, span_id) SETTINGS index_granularity = 512, min_compress_block_size = 4096, {durable}`,

  `CREATE TABLE IF NOT EXISTS span_logs (
    project_id LowCardinality(String), bucket DateTime('UTC'), trace_id String, span_id String, log_id String, time DateTime64(9, 'UTC'),
    event_name LowCardinality(String), severity UInt8, body String CODEC(ZSTD(1)), raw String CODEC(ZSTD(1)), version UInt64, is_deleted UInt8,
    INDEX i_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1
  ) ENGINE = ReplacingMergeTree(version, is_deleted) PARTITION BY toYYYYMM(bucket)
    ORDER BY (project_id, trace_id, span_id, log_id) SETTINGS {durable}`,

  `CREATE TABLE IF NOT EXISTS metric_points (
    project_id LowCardinality(String), name LowCardinality(String), service_name LowCardinality(String), time DateTime64(9, 'UTC'), start_time DateTime64(9, 'UTC'),
    type LowCardinality(String), unit LowCardinality(String), attributes Map(LowCardinality(String), String), value Float64, count UInt64, sum Float64,
    bounds Array(Float64), bucket_counts Array(UInt64), point_id String, version UInt64
  ) ENGINE = ReplacingMergeTree(version) PARTITION BY toYYYYMM(time)
    ORDER BY (project_id, name, time, point_id) SETTINGS {durable}`,

  `CREATE TABLE IF NOT EXISTS assessments (
    project_id LowCardinality(String), trace_id String CODEC(ZSTD(1)), assessment_id String CODEC(ZSTD(1)), span_id String CODEC(ZSTD(1)), name LowCardinality(String), kind LowCardinality(String),
    has_value Bool, value_json String CODEC(ZSTD(1)), value_text String CODEC(ZSTD(1)), value_number Nullable(Float64),
    error_code String, error_message String, error_stack String CODEC(ZSTD(1)), source_type LowCardinality(String), source_id String,
    has_rationale Bool, rationale String CODEC(ZSTD(1)), metadata Map(LowCardinality(String), String), session_id String, overrides String, valid Bool,
    trace_start DateTime64(9, 'UTC'), created DateTime64(3, 'UTC'), updated DateTime64(3, 'UTC'), version UInt64, is_deleted UInt8,
    INDEX i_trace trace_id TYPE bloom_filter(0.001) GRANULARITY 1, INDEX i_id assessment_id TYPE bloom_filter(0.001) GRANULARITY 1
  ) ENGINE = ReplacingMergeTree(version, is_deleted)
    ORDER BY (project_id, trace_id, assessment_id) SETTINGS {durable}`,
] as const;

/** fsync after every insert, and a window of block tokens so that a block inserted twice after a crash is dropped. */
export const durableSettings = "fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000";
