import type { Aggregation, MetricName } from "@telltale/model/api";
import { COUNTED_CALL } from "../../counted-call.ts";

export type Unit = "count" | "ratio" | "ms" | "tokens" | "usd" | "value";
/** What a row is that a figure rests on. */
export type RowKind = "traces" | "spans" | "assessments";

export interface Metric {
  unit: Unit;
  rows: RowKind;
  /** The value of a row of `rows`; NULL = not known. Of columns that the settled tables have too. */
  value: string;
  /** Which rows count, besides the window and the filter. */
  where?: string;
  /** How many different values there are, not how many rows. */
  isDistinct?: boolean;
  /** For a metric of traces that calls have too: the value of a model call, read when it is grouped by what calls differ in. */
  callValue?: string;
}

const count = (rows: RowKind, where?: string): Metric => ({ unit: "count", rows, value: "1", ...(where === undefined ? {} : { where }) });
const ofCalls = (unit: Unit, value: string, callValue: string): Metric => ({ unit, rows: "traces", value, callValue });

const detection = "mapContains(metadata, 'telltale.detector')";
/** As MLflow reads it: yes and true are 1, no and false 0, other texts have no value. */
const assessmentNumber = `multiIf(NOT has_value, NULL, isNotNull(value_number), value_number, lower(value_text) IN ('yes', 'true'), 1., lower(value_text) IN ('no', 'false'), 0., NULL)`;

/** Milliseconds between two tokens of a call after its first; not known when times contradict each other. */
const interToken = "if(output_tokens > 1 AND duration_ms >= ttft_ms, (duration_ms - ttft_ms) / (output_tokens - 1), NULL)";

export const metrics: Readonly<Record<MetricName, Metric>> = {
  trace_count: count("traces"),
  session_count: { ...count("traces"), value: "nullIf(session_id, '')", isDistinct: true },
  user_count: { ...count("traces"), value: "nullIf(user_id, '')", isDistinct: true },
  error_rate: { unit: "ratio", rows: "traces", value: "status = 'error'" },
  scored_rate: { unit: "ratio", rows: "traces", value: "{scored}" },
  latency_ms: { unit: "ms", rows: "traces", value: "duration_ms" },
  ttft_ms: ofCalls("ms", "ttft_ms", "ttft_ms"),
  // Only of calls that stream: the others have no first token of their own.
  inter_token_ms: { unit: "ms", rows: "spans", value: interToken, where: `${COUNTED_CALL} AND (ifNull(stream, false) OR isNotNull(ttft_ms))` },
  tokens: ofCalls(
    "tokens",
    "total_tokens",
    "if(isNull(input_tokens) AND isNull(output_tokens), NULL, toUInt64(ifNull(input_tokens, 0)) + toUInt64(ifNull(output_tokens, 0)))",
  ),
  input_tokens: ofCalls("tokens", "input_tokens", "input_tokens"),
  output_tokens: ofCalls("tokens", "output_tokens", "output_tokens"),
  cached_tokens: ofCalls("tokens", "cache_read_tokens", "cache_read_tokens"),
  cache_write_tokens: ofCalls("tokens", "cache_write_tokens", "cache_write_tokens"),
  reasoning_tokens: ofCalls("tokens", "reasoning_tokens", "reasoning_tokens"),
  cost_usd: ofCalls("usd", "cost_usd", "cost_usd"),
  span_count: count("spans"),
  span_error_rate: { unit: "ratio", rows: "spans", value: "status = 'error'" },
  span_latency_ms: { unit: "ms", rows: "spans", value: "duration_ms" },
  assessment_value: { unit: "value", rows: "assessments", value: assessmentNumber, where: `kind = 'feedback' AND NOT ${detection}` },
  assessment_count: count("assessments", "kind IN ('feedback', 'expectation')"),
  detection_count: count("assessments", `kind = 'feedback' AND ${detection}`),
};

/** Valid feedback of a scorer or a person that has a value: a failed judge did not score, a detector does not. */
export const SCORED = `valid AND kind = 'feedback' AND has_value AND NOT ${detection}`;

const byUnit: Readonly<Record<Unit, readonly Aggregation[]>> = {
  count: ["count", "sum"],
  ratio: ["avg", "count", "sum"],
  ms: ["p50", "p95", "p99", "avg", "min", "max", "p90", "count", "sum"],
  tokens: ["sum", "avg", "min", "max", "p50", "p90", "p95", "p99", "count"],
  usd: ["sum", "avg", "min", "max", "p50", "p90", "p95", "p99", "count"],
  value: ["avg", "min", "max", "p50", "p90", "p95", "p99", "count", "sum"],
};

/** Those that mean something, by which groups can be ranked too; the default first. Others are answered where they can be computed, else with null. */
export function aggregationsOf(metric: MetricName): readonly Aggregation[] {
  return byUnit[metrics[metric].unit];
}

export function defaultAggregations(metric: MetricName): Aggregation[] {
  return aggregationsOf(metric).slice(0, metrics[metric].unit === "ms" ? 3 : 1);
}
