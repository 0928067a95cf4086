import { usageFlaws } from "@telltale/model";

/** `splitTokens` of the pricing code puts every token in one of these classes. */
export const tokenClasses = ["input", "cacheRead", "cacheWrite", "cacheWrite1h", "inputAudio", "inputImage", "output", "reasoning", "outputAudio"] as const;

const number = (column: string): string => `toInt64(ifNull(${column}, 0))`;
/** As `splitTokens`: what is part of something else is taken off it. In order; later ones use earlier ones. */
const split = [
  ["i", number("input_tokens")],
  ["o", number("output_tokens")],
  ["cacheRead", number("cache_read_tokens")],
  ["cacheWrite1h", number("cache_write_1h_tokens")],
  ["cacheWrite", `if(${number("cache_write_tokens")} >= cacheWrite1h, ${number("cache_write_tokens")} - cacheWrite1h, ${number("cache_write_tokens")})`],
  ["fresh", "greatest(i - cacheRead - cacheWrite - cacheWrite1h, 0)"],
  ["inputAudio", `least(${number("input_audio_tokens")}, fresh)`],
  ["inputImage", `least(${number("input_image_tokens")}, fresh - inputAudio)`],
  ["input", "fresh - inputAudio - inputImage"],
  ["reasoning", `least(${number("reasoning_tokens")}, o)`],
  ["outputAudio", `least(${number("output_audio_tokens")}, o - reasoning)`],
  ["output", "o - reasoning - outputAudio"],
] as const;
/** For `WITH`, in front of a query over rows of `spans` or `settled_spans`. */
export const SPLIT_TOKENS = split.map(([name, sql]) => `${sql} AS ${name}`).join(", ");

export const REPORTS_TOKENS = "(isNotNull(input_tokens) OR isNotNull(output_tokens))";
/** A call that says what it used; those that count twice say so too. */
export const IS_REPORT = `kind IN ('LLM', 'EMBEDDING') AND NOT usage_is_aggregate AND ${REPORTS_TOKENS}`;
export const IS_PRICED_TWICE = "isNotNull(cost_reported_usd) AND cost_source = 'computed'";
/** One per cent of the larger one: less is rounding. */
const COST_DIFFERS = `${IS_PRICED_TWICE} AND abs(toFloat64(cost_usd) - toFloat64(cost_reported_usd)) > 0.01 * greatest(toFloat64(cost_usd), toFloat64(cost_reported_usd))`;

/** What does not add up in a report. Whoever adds one lets hours be settled again, as a migration does: their rows have it not. */
export const usageChecks = [
  ...usageFlaws.map((identity, bit) => ({ identity, sql: `bitTest(usage_flaws, ${bit})` })),
  { identity: "cost_not_as_reported", sql: COST_DIFFERS } as const,
];

/** Input above this is kept as it is: prices have another rate above some threshold, and those may change. */
export const BIG_INPUT = 100_000;

const keys = ["provider", "request_model", "response_model", "service_tier", "cost_source", "price_version", "scope_name", "scope_version", "dialect"] as const;
const sums = ["i", "o", ...tokenClasses] as const;

/**
 * The calls of a settled hour, added up by what has the same rates and the same reporter: a few rows where `settled_spans` has
 * thousands. `number` and `examples` are the trace of the newest call, and of one report for each check (0 = none).
 */
const table = `CREATE TABLE IF NOT EXISTS settled_calls (
  build UInt64 CODEC(Delta(8), ZSTD(1)), project_id LowCardinality(String), is_call Bool, ${keys.map((key) => `${key} LowCardinality(String)`).join(", ")}, day Date, big_input Int64,
  calls UInt64, cost Nullable(Decimal(38, 9)), ${sums.map((sum) => `${sum} Int64`).join(", ")}, first DateTime('UTC'), last DateTime('UTC'), number UInt32,
  reports UInt64, priced UInt64, counts Array(UInt64), examples Array(UInt32)
) ENGINE = MergeTree ORDER BY (build, is_call) SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

/** From the spans of builds that have just been copied. */
export const copyCalls = `INSERT INTO settled_calls (build, project_id, is_call, ${keys.join(", ")}, day, big_input, calls, cost, ${sums.join(", ")}, first, last, number, reports, priced, counts, examples)
  WITH ${SPLIT_TOKENS}, ${IS_REPORT} AS is_report
  SELECT build, project_id, is_call, ${keys.join(", ")}, toDate(call_start) AS day, if(i > ${BIG_INPUT}, i, 0) AS big_input,
    count(), sum(cost_usd), ${sums.map((sum) => `sum(${sum})`).join(", ")}, min(call_start), max(call_start), argMax(settled_spans.number, call_start),
    countIf(is_report), countIf(is_report AND ${IS_PRICED_TWICE}), [${usageChecks.map(({ sql }) => `countIf(is_report AND ${sql})`).join(", ")}], [${usageChecks.map(({ sql }) => `maxIf(settled_spans.number, is_report AND ${sql})`).join(", ")}]
  FROM settled_spans WHERE build IN {builds:Array(UInt64)} AND (is_call OR is_report)
  GROUP BY build, project_id, is_call, ${keys.join(", ")}, day, big_input`;

export const addSettledCalls: readonly string[] = [table, "TRUNCATE TABLE settled_hours"];
