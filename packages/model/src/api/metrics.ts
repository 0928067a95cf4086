import { z } from "zod";
import { Timestamp } from "./traces.ts";

/** What can be measured. `scored_rate`: the share of traces with feedback that has a value. Those about traces rest on traces, `span_*` and `inter_token_ms` on spans, `assessment_*` and `detection_count` on assessments. */
export const metricNames = [
  "trace_count",
  "session_count",
  "user_count",
  "error_rate",
  "scored_rate",
  "latency_ms",
  "ttft_ms",
  "inter_token_ms",
  "tokens",
  "input_tokens",
  "output_tokens",
  "cached_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
  "cost_usd",
  "span_count",
  "span_error_rate",
  "span_latency_ms",
  "assessment_value",
  "assessment_count",
  "detection_count",
] as const;
export const MetricName = z.enum(metricNames);
export type MetricName = z.infer<typeof MetricName>;

export const Aggregation = z.enum(["count", "sum", "avg", "min", "max", "p50", "p90", "p95", "p99"]);
export type Aggregation = z.infer<typeof Aggregation>;

/**
 * What a figure can be grouped by, besides `tags.<key>` and `metadata.<key>`. `model`, `provider`, `tool`, `agent`, `kind`, `span_name`, `prompt` and `error_type`
 * look at the spans of a trace: money and tokens are then split between them exactly, and a trace counts once under each of its values.
 * `scorer` (name of the assessment), `source` and `value` are for assessments.
 */
export const groupFields = [
  "project",
  "route",
  "service",
  "environment",
  "version",
  "status",
  "user",
  "session",
  "label",
  "model",
  "provider",
  "tool",
  "agent",
  "kind",
  "span_name",
  "prompt",
  "error_type",
  "scorer",
  "source",
  "value",
] as const;
export const GroupField = z.union([
  z.enum(groupFields),
  z.string().regex(/^(tags|metadata)\..{1,250}$/, { error: `is none of ${groupFields.join(", ")}, tags.<key>, metadata.<key>` }),
]);

/** POST /metrics/query. Strict: an unknown field is a typo. `from` is inclusive, `to` exclusive; both are about the start of the trace. */
export const MetricsQuery = z.strictObject({
  metric: MetricName,
  /** Default depends on the metric: `count` for counts, `avg` for rates, `p50`, `p95` and `p99` for times, `sum` for tokens and money. */
  aggregations: z.array(Aggregation).min(1).max(9).optional(),
  group_by: z.array(GroupField).max(3).optional(),
  /** `<n>m|h|d|w`, e.g. `5m`, `1h`, `1d`, `1w`; aligned to the calendar of `time_zone`. Absent: one value for the whole window. At most 2,000 steps. */
  interval: z
    .string()
    .regex(/^[1-9]\d{0,3}[mhdw]$/)
    .optional(),
  /** IANA name; decides where days and weeks (from Monday) begin. */
  time_zone: z.string().max(100).default("UTC"),
  /** The filter language, about the traces that are measured. */
  filter: z.string().max(20_000).optional(),
  from: Timestamp,
  to: Timestamp,
  project_ids: z.array(z.string()).max(1000).optional(),
  /** Groups returned, largest first by `order_by`; what is left out is summed up in one row whose `rest` is true. Default 20. */
  limit: z.number().int().min(1).max(1000).optional(),
  /** By which aggregation groups are ranked. Default: the first one. */
  order_by: Aggregation.optional(),
});
export type MetricsQuery = z.infer<typeof MetricsQuery>;

export const MetricsPoint = z.object({
  /** Start of the interval; `null` without `interval`. Steps without data are present with `n` 0 and values `null` (counts and sums: 0). */
  time: Timestamp.nullable(),
  /** One entry for each field of `group_by`. A value that is not known is `unknown`, never left out. */
  group: z.record(z.string(), z.string()),
  /** True for the one row (per step) that holds all groups beyond `limit`. */
  rest: z.boolean().optional(),
  /** `null`: nothing known to compute it from, which is not 0. */
  values: z.partialRecord(Aggregation, z.number().nullable()),
  /** How many traces (spans, assessments) the values rest on. */
  n: z.number(),
  /** How many more there were without a known value (no price, no tokens reported, a judge that failed). */
  n_missing: z.number(),
});
export type MetricsPoint = z.infer<typeof MetricsPoint>;

export const MetricsAnswer = z.object({
  metric: MetricName,
  unit: z.enum(["count", "ratio", "ms", "tokens", "usd", "value"]),
  /** What `n` counts. */
  of: z.enum(["traces", "spans", "assessments"]),
  data: z.array(MetricsPoint),
  /** A limit of time or memory was hit: the figures rest on the newest part of the window only. */
  partial: z.boolean(),
  /** Start of what was read; later than the asked `from` only when partial. */
  read_from: Timestamp,
});
export type MetricsAnswer = z.infer<typeof MetricsAnswer>;
