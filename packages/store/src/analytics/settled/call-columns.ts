/**
 * What questions about money ask of a call beside what figures do: column of `settled_spans`, its type, and its value in terms of
 * `own`, the span. Added later than the table, so hours that were settled before are settled again.
 */
export const settledCallColumns = [
  ["request_model", "LowCardinality(String)", "own.request_model"],
  ["response_model", "LowCardinality(String)", "own.response_model"],
  ["service_tier", "LowCardinality(String)", "own.service_tier"],
  ["price_version", "LowCardinality(String)", "own.price_version"],
  ["cost_reported_usd", "Nullable(Decimal(18, 9)) CODEC(ZSTD(1))", "own.cost_reported_usd"],
  ["call_start", "DateTime('UTC') CODEC(Delta(4), ZSTD(1))", "toDateTime(own.start_time, 'UTC')"],
  ["scope_name", "LowCardinality(String)", "own.scope_name"],
  ["scope_version", "LowCardinality(String)", "own.scope_version"],
  ["dialect", "LowCardinality(String)", "own.dialect"],
  ["usage_flaws", "UInt16 CODEC(ZSTD(1))", "own.usage_flaws"],
  ["usage_is_aggregate", "Bool", "own.usage_is_aggregate"],
] as const;

/** Columns of `spans` that they are made from. */
export const sourcesOfCallColumns = settledCallColumns.map(([name]) => (name === "call_start" ? "start_time" : name));

export const addSettledCallColumns: readonly string[] = [
  ...settledCallColumns.map(([name, type]) => `ALTER TABLE settled_spans ADD COLUMN IF NOT EXISTS ${name} ${type}`),
  "TRUNCATE TABLE settled_hours",
];
