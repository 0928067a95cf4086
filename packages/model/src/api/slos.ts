import { z } from "zod";
import { Timestamp } from "./traces.ts";

const DAY_MS = 86_400_000;
const Threshold = z.number().min(0.001).max(DAY_MS);

/** `latency`: duration of the trace; `ttft`: time to its first token. A trace above the threshold is bad; with `error_rate` a failed one. */
export const SloIndicatorIn = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("latency"), threshold_ms: Threshold, percentile: z.enum(["p50", "p90", "p95", "p99"]).optional() }),
  z.strictObject({ kind: z.literal("ttft"), threshold_ms: Threshold, percentile: z.enum(["p50", "p90", "p95", "p99"]).optional() }),
  z.strictObject({ kind: z.literal("error_rate") }),
]);
export type SloIndicatorIn = z.infer<typeof SloIndicatorIn>;

const Target = z.number().min(0.01).max(0.99999);
export const SloWindow = z.union([z.literal(7), z.literal(28), z.literal(30)]);

const SloFields = {
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2_000),
  /** `null`: all projects. */
  project_id: z.string().max(20).nullable(),
  /** The filter language; `""`: every trace. */
  filter: z.string().max(20_000),
  indicator: SloIndicatorIn,
  /** Share of good traces that is promised, e.g. `0.99`. May be left out when the indicator names a percentile: p95 promises 0.95. */
  target: Target,
  /** The window rolls: it ends now. */
  window_days: SloWindow,
};

const hasTarget = (slo: { target?: number | undefined; indicator: SloIndicatorIn }): boolean =>
  slo.target !== undefined || percentileOf(slo.indicator) !== undefined;
const agrees = (slo: { target?: number | undefined; indicator?: SloIndicatorIn | undefined }): boolean => {
  const percentile = slo.indicator && percentileOf(slo.indicator);
  return percentile === undefined || slo.target === undefined || Math.abs(slo.target - percentile) < 1e-9;
};
const noTarget = { error: "needs a target between 0 and 1, or a percentile in the indicator", path: ["target"] };
const disagrees = { error: "says something else than the percentile of the indicator; give one of the two", path: ["target"] };

/** POST /slos. */
export const NewSlo = z
  .strictObject({
    ...SloFields,
    description: SloFields.description.default(""),
    filter: SloFields.filter.default(""),
    target: Target.optional(),
    window_days: SloWindow.default(28),
    project_id: SloFields.project_id.default(null),
  })
  .refine(hasTarget, noTarget)
  .refine(agrees, disagrees);
export type NewSlo = z.infer<typeof NewSlo>;

/** POST /slos/preview: what an objective would have said, without keeping it. */
export const SloPreviewQuery = z
  .strictObject({
    project_id: SloFields.project_id.default(null),
    filter: SloFields.filter.default(""),
    indicator: SloIndicatorIn,
    target: Target.optional(),
    window_days: SloWindow.default(28),
  })
  .refine(hasTarget, noTarget)
  .refine(agrees, disagrees);
export type SloPreviewQuery = z.infer<typeof SloPreviewQuery>;

export const SloPatch = z.strictObject(SloFields).partial().refine(agrees, disagrees);
export type SloPatch = z.infer<typeof SloPatch>;

/** The share a percentile stands for. */
export function percentileOf(indicator: SloIndicatorIn): number | undefined {
  return "percentile" in indicator && indicator.percentile !== undefined ? Number(indicator.percentile.slice(1)) / 100 : undefined;
}

export const SloIndicatorOut = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("latency"), threshold_ms: z.number() }),
  z.object({ kind: z.literal("ttft"), threshold_ms: z.number() }),
  z.object({ kind: z.literal("error_rate") }),
]);
export type SloIndicatorOut = z.infer<typeof SloIndicatorOut>;

export const SloOut = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  project_id: z.string().nullable(),
  filter: z.string(),
  indicator: SloIndicatorOut,
  target: z.number(),
  window_days: SloWindow,
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type SloOut = z.infer<typeof SloOut>;

export const sloStates = ["healthy", "burning_slow", "burning_fast", "exhausted", "no_data"] as const;

export const SloStatusOut = z.object({
  state: z.enum(sloStates),
  from: Timestamp,
  to: Timestamp,
  /** Traces that count: good and bad together. */
  total: z.number().int(),
  good: z.number().int(),
  bad: z.number().int(),
  /** Traces without the signal (no first token, still running): neither good nor bad. */
  excluded: z.number().int(),
  /** `good / total`; `null` without traffic. */
  attained: z.number().nullable(),
  budget: z.object({
    /** Bad traces that the target allows at this traffic; `null` without traffic. */
    allowed: z.number().nullable(),
    consumed: z.number().int(),
    /** Share that is left; negative when overdrawn, `null` without traffic. */
    remaining: z.number().nullable(),
  }),
  /** How fast the budget is used up: at 1 it lasts exactly as long as the window. `null` without traffic. */
  burn_rates: z.array(
    z.object({ window: z.enum(["5m", "30m", "1h", "6h", "3d"]), rate: z.number().nullable(), bad: z.number().int(), total: z.number().int() }),
  ),
  /** Both windows of a pair at or above the threshold: it burns. */
  burn_thresholds: z.array(z.object({ speed: z.enum(["fast", "slow"]), long: z.string(), short: z.string(), threshold: z.number() })),
  /** If everything goes on as in the last six hours (three days, where those saw nothing). */
  projection: z.object({
    kind: z.enum(["no_data", "exhausted", "runs_out", "lasts"]),
    exhausted_at: Timestamp.nullable(),
  }),
  /** The budget over the window: it starts at 1 and ends at `budget.remaining`. */
  history: z.array(
    z.object({
      from: Timestamp,
      to: Timestamp,
      good: z.number().int(),
      bad: z.number().int(),
      excluded: z.number().int(),
      remaining: z.number().nullable(),
    }),
  ),
  /** The hours that used up most; `consumed` is their share of the whole budget. */
  worst_hours: z.array(z.object({ from: Timestamp, to: Timestamp, good: z.number().int(), bad: z.number().int(), consumed: z.number() })),
  /** Filter that, between `from` and `to`, finds exactly the bad traces. */
  bad_filter: z.string(),
});
export type SloStatusOut = z.infer<typeof SloStatusOut>;

export const SloPreviewOut = SloStatusOut.extend({
  /** Of the signal over the window, in milliseconds; `null` for an error rate, and without a trace that has it. */
  quantiles: z.object({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable(), at_target: z.number().nullable() }),
  /** A round threshold that would have kept the target with about a tenth of room; `null` as above. */
  suggested_threshold_ms: z.number().nullable(),
});
export type SloPreviewOut = z.infer<typeof SloPreviewOut>;
