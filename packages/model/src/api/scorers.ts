import { z } from "zod";
import { AssessmentOut, Timestamp } from "./traces.ts";

const Name = z.string().min(1).max(250);
const SampleRate = z.number().min(0).max(1);
const FilterText = z.string().max(20_000);
const Budget = z.number().min(0).max(1_000_000);
const Model = z.string().min(1).max(300);

/** What a scorer answers in. */
export const VocabularyIn = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("boolean") }),
  z.strictObject({ kind: z.literal("number"), min: z.number(), max: z.number() }),
  z.strictObject({ kind: z.literal("categories"), values: z.array(z.string().min(1).max(100)).min(2).max(50) }),
]);

/** What is run. */
export const ScorerDefinitionIn = z.discriminatedUnion("kind", [
  /** One of `GET /scorers/built-in`. */
  z.strictObject({ kind: z.literal("builtin"), class: Name, parameters: z.record(z.string(), z.unknown()).default({}), model: Model.optional() }),
  /** `function score(subject)` in JavaScript, run in a sandbox without network. */
  z.strictObject({ kind: z.literal("code"), source: z.string().min(1).max(100_000), level: z.enum(["trace", "session"]).default("trace") }),
  /** A judge of your own words: `{{inputs}}`, `{{outputs}}`, `{{expectations}}`, `{{trace}}` or `{{conversation}}`. */
  z.strictObject({
    kind: z.literal("judge"),
    instructions: z.string().min(1).max(50_000),
    model: Model.optional(),
    answer: VocabularyIn.default({ kind: "boolean" }),
  }),
]);
export type ScorerDefinitionIn = z.infer<typeof ScorerDefinitionIn>;

/** POST /scorers: registers a scorer, or a new version of it. It does not run before it is started. */
export const NewScorer = z.strictObject({
  name: Name,
  project_id: z.string().max(20).default("0"),
  definition: ScorerDefinitionIn,
});
export type NewScorer = z.infer<typeof NewScorer>;

/** POST /scorers/{name}/start. */
export const ScorerStart = z.strictObject({
  sample_rate: SampleRate.default(1),
  filter: FilterText.optional(),
  daily_budget_usd: Budget.nullable().optional(),
});
/** PATCH /scorers/{name}: what is not given stays. */
export const ScorerPatch = z.strictObject({
  sample_rate: SampleRate.optional(),
  filter: FilterText.nullable().optional(),
  daily_budget_usd: Budget.nullable().optional(),
});
export type ScorerPatch = z.infer<typeof ScorerPatch>;

export const ScorerOut = z.object({
  id: z.string(),
  name: z.string(),
  project_id: z.string(),
  version: z.number(),
  level: z.enum(["trace", "session"]),
  kind: z.enum(["builtin", "instructions", "python", "javascript", "ensemble", "foreign"]),
  summary: z.string(),
  /** The built-in's class, or `null`. */
  class: z.string().nullable(),
  instructions: z.string().nullable(),
  model: z.string().nullable(),
  uses_model: z.boolean(),
  sample_rate: z.number(),
  filter: z.string().nullable(),
  daily_budget_usd: z.number().nullable(),
  state: z.enum(["running", "stopped", "paused", "cannot_run"]),
  /** Why it is paused or cannot run. */
  reason: z.string().nullable(),
  created_at: Timestamp,
});
export type ScorerOut = z.infer<typeof ScorerOut>;

/** GET /scorers/{name}/health: all counts are of the traces that began in the window, by the newest version of the scorer. */
export const ScorerHealth = z.object({
  from: Timestamp,
  to: Timestamp,
  /** Complete traces of the window that match the filter and that no evaluation made; `null` for scorers of sessions. */
  eligible: z.number().nullable(),
  /** The count of eligible traces was cut short by its limits: at least so many. */
  eligible_is_partial: z.boolean(),
  sampled: z.number(),
  scored: z.number(),
  failed: z.number(),
  skipped: z.number(),
  waiting: z.number(),
  running: z.number(),
  reasons: z.array(z.object({ state: z.string(), reason: z.string(), count: z.number() })),
  /** From settlement to the start of scoring. */
  lag_p50_ms: z.number().nullable(),
  lag_p95_ms: z.number().nullable(),
  oldest_waiting_at: Timestamp.nullable(),
  /** What judges cost; `null` = nothing of it is priced. */
  cost_usd: z.number().nullable(),
  /** The newest backfill of this version, whatever the window; `null` = there was none. Of the `added` that it chose so far `done` have come to an end. */
  backfill: z.object({ state: z.enum(["running", "done", "cancelled"]), from: Timestamp, to: Timestamp, added: z.number(), done: z.number() }).nullable(),
});
export type ScorerHealth = z.infer<typeof ScorerHealth>;

/** POST /scorers/{name}/try: runs it on stored traces and keeps nothing. */
export const ScorerTry = z.strictObject({
  trace_ids: z.array(z.string().max(250)).min(1).max(20).optional(),
  filter: FilterText.optional(),
  definition: ScorerDefinitionIn.optional(),
});
export const ScorerTryResult = z.object({
  data: z.array(
    z.object({
      trace_id: z.string(),
      outcome: z.enum(["scored", "failed", "skipped"]),
      /** Why it failed or was skipped. */
      reason: z.string().nullable(),
      scores: z.array(AssessmentOut.pick({ name: true, value: true, rationale: true, span_id: true })),
      duration_ms: z.number(),
      cost_usd: z.number().nullable(),
    }),
  ),
});
export type ScorerTryResult = z.infer<typeof ScorerTryResult>;

/** POST /scorers/{name}/backfill: `dry_run` only estimates. */
export const ScorerBackfill = z.strictObject({
  from: Timestamp,
  to: Timestamp,
  filter: FilterText.optional(),
  sample_rate: SampleRate.default(1),
  dry_run: z.boolean().default(false),
});
export const ScorerBackfillResult = z.object({
  /** Traces of the window that match; conversations, for a scorer of conversations. */
  traces: z.number(),
  /** The count was cut short by its limits: at least so many. */
  traces_is_partial: z.boolean(),
  /** How many of them are sampled and neither scored nor chosen by this version yet. */
  to_score: z.number(),
  /** From what this scorer cost per trace so far; `null` = unknown. */
  estimated_cost_usd: z.number().nullable(),
  estimated_duration_ms: z.number().nullable(),
  started: z.boolean(),
});
export type ScorerBackfillResult = z.infer<typeof ScorerBackfillResult>;

/** A share with its 95 % interval. */
const MeasuredRate = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** How well a built-in scorer does on labelled data. */
export const ScorecardOut = z.object({
  data: z.string(),
  licence: z.string(),
  n: z.number(),
  positives: z.number(),
  /** What the scorer is to find. */
  finds: z.string(),
  balanced_accuracy: MeasuredRate,
  sensitivity: MeasuredRate,
  specificity: MeasuredRate,
  auroc: MeasuredRate.nullable(),
  usd_per_1000: z.number(),
  measured_on: z.string(),
  note: z.string(),
});
export type ScorecardOut = z.infer<typeof ScorecardOut>;

/** GET /scorers/built-in. */
export const BuiltInScorerOut = z.object({
  class: z.string(),
  summary: z.string(),
  level: z.enum(["trace", "session"]),
  needs: z.array(z.string()),
  uses_model: z.boolean(),
  vocabulary: z.unknown(),
  /** JSON schema of its parameters. */
  parameters: z.unknown(),
  /** Parameters as somebody might give them. */
  example: z.record(z.string(), z.unknown()),
  /** Of a judge: what it is told, with the parameters of the example. */
  instructions: z.string().nullable(),
  scorecards: z.array(ScorecardOut),
  /** Why there is no scorecard. */
  not_measured: z.string().nullable(),
});
export type BuiltInScorerOut = z.infer<typeof BuiltInScorerOut>;
