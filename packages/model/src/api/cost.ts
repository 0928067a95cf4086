import { z } from "zod";
import { GroupField } from "./metrics.ts";
import { TokenClass } from "./prices.ts";
import { Timestamp } from "./traces.ts";

const nullableNumber = z.number().nullable();

/** What every question about cost is about: traces that started from `from` (inclusive) to `to` (exclusive). Default: the last 30 days. */
export const CostQuery = z.object({
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  /** Said several times, or separated by commas. */
  project_ids: z
    .union([z.string(), z.array(z.string())])
    .transform((ids) => (Array.isArray(ids) ? ids : ids.split(",")).filter((id) => id !== ""))
    .optional(),
  filter: z.string().max(20_000).optional(),
});
export type CostQuery = z.infer<typeof CostQuery>;

const Window = {
  from: Timestamp,
  to: Timestamp,
  /** A limit of time or memory was hit: the figures rest on traces since `read_from` only. */
  partial: z.boolean(),
  read_from: Timestamp,
};

export const CostSummaryQuery = CostQuery.extend({
  group_by: GroupField.default("model"),
  limit: z.coerce.number().int().min(1).max(1000).default(20),
});

export const CostTotal = z.object({
  /** Of the calls whose price is known; `null` = of none. */
  cost_usd: nullableNumber,
  traces: z.number(),
  /** Traces that cost something known. */
  priced_traces: z.number(),
  cost_per_trace_usd: nullableNumber,
});

/** Tokens of one class, each token in one class only, and what they cost. */
export const CostClass = z.object({
  class: TokenClass,
  tokens: z.number(),
  /** Part of `tokens` whose price is not known. */
  unpriced_tokens: z.number(),
  /** `null`: no price of such a token is known. */
  cost_usd: nullableNumber,
});
export type CostClass = z.infer<typeof CostClass>;

export const CostGroup = z.object({
  /** `unknown` where it is not known; `null` for all groups beyond `limit` together. */
  value: z.string().nullable(),
  cost_usd: nullableNumber,
  /** Of the known cost of the window. */
  share: nullableNumber,
  /** Traces (calls, for model, provider, tool, agent, kind, span_name, prompt, error_type) with a known cost, and those without. */
  n: z.number(),
  n_missing: z.number(),
  cost_per_n_usd: nullableNumber,
  tokens: z.object({ input: nullableNumber, cached: nullableNumber, cache_write: nullableNumber, output: nullableNumber, reasoning: nullableNumber }),
  /** Cached tokens of all input tokens. */
  cache_hit_rate: nullableNumber,
});
export type CostGroup = z.infer<typeof CostGroup>;

export const CostSummary = z.object({
  ...Window,
  total: CostTotal,
  /** The window of the same length before `from`. */
  previous: CostTotal.extend({ from: Timestamp, to: Timestamp }),
  calls: z.object({
    count: z.number(),
    /** Calls with tokens and without a price. */
    unpriced: z.number(),
    input_tokens: z.number(),
    output_tokens: z.number(),
    cache_hit_rate: nullableNumber,
  }),
  classes: z.array(CostClass),
  /** Money that cannot be told by class: reported by the application, or from prices that this version no longer knows. */
  not_split: z.object({ cost_usd: z.number(), calls: z.number(), reported_usd: z.number() }),
  group_by: z.string(),
  /** What `n` of the groups counts. */
  of: z.enum(["traces", "spans", "assessments"]),
  groups: z.array(CostGroup),
});
export type CostSummary = z.infer<typeof CostSummary>;

const KnownModel = z.object({ provider: z.string(), model: z.string() });

/** A model in use, and where its price is from. */
export const CostModel = z.object({
  /** `unknown` when the call does not say. */
  provider: z.string(),
  model: z.string(),
  calls: z.number(),
  unpriced_calls: z.number(),
  /** Traces with such a call; `null` beyond the 1,000 models used most. */
  traces: nullableNumber,
  input_tokens: z.number(),
  output_tokens: z.number(),
  cost_usd: nullableNumber,
  first_seen: Timestamp,
  last_seen: Timestamp,
  example: z.object({ project_id: z.string(), trace_id: z.string() }),
  /** The price of now: of the operator's own or of the table; `null` = none. */
  price: z.object({ source: z.enum(["override", "table"]), provider: z.string().nullable(), model: z.string(), id: z.string().nullable() }).nullable(),
});
export type CostModel = z.infer<typeof CostModel>;

/** GET /cost/models: dearest first, those without a price before them. */
export const CostModels = z.object({ ...Window, data: z.array(CostModel), next_cursor: z.string().nullable() });
export type CostModels = z.infer<typeof CostModels>;

/** GET /cost/unpriced: models with calls that have tokens and no price, most tokens first. */
export const UnpricedModel = CostModel.extend({
  unpriced_tokens: z.number(),
  /** Known models with names like it, nearest first: a price for a person to look at, never used by itself. */
  suggestions: z.array(KnownModel),
});
export type UnpricedModel = z.infer<typeof UnpricedModel>;
export const CostUnpriced = z.object({
  ...Window,
  calls: z.number(),
  share_of_calls: nullableNumber,
  data: z.array(UnpricedModel),
  next_cursor: z.string().nullable(),
});
export type CostUnpriced = z.infer<typeof CostUnpriced>;

export const identityNames = [
  "total_not_sum",
  "cached_over_input",
  "cache_write_over_input",
  "reasoning_over_output",
  "no_output_with_content",
  "usage_on_wrappers_only",
  "cost_not_as_reported",
] as const;

/** An identity of tokens or money that an instrumentation breaks with a model. */
export const CostIdentity = z.object({
  identity: z.enum(identityNames),
  /** What it means, in a sentence. */
  meaning: z.string(),
  sdk: z.object({ name: z.string(), version: z.string() }),
  convention: z.string(),
  model: z.string(),
  /** Reports (traces, for `usage_on_wrappers_only`) that break it, and those that could. */
  broken: z.number(),
  checked: z.number(),
  share: z.number(),
  example: z.object({ project_id: z.string(), trace_id: z.string(), span_id: z.string() }),
});
export type CostIdentity = z.infer<typeof CostIdentity>;
export const CostIdentities = z.object({
  ...Window,
  /** Reports of model calls with tokens that were checked. */
  reports: z.number(),
  data: z.array(CostIdentity),
  next_cursor: z.string().nullable(),
});
export type CostIdentities = z.infer<typeof CostIdentities>;

export const patternNames = ["useless_retries", "loops", "context_growth", "cache_misses", "oversized_output"] as const;
export const PatternName = z.enum(patternNames);
export type PatternName = z.infer<typeof PatternName>;

const TraceRef = { project_id: z.string(), trace_id: z.string(), name: z.string(), start_time: Timestamp };

export const CostPattern = z.object({
  pattern: PatternName,
  title: z.string(),
  /** Against what the waste is counted, in words. */
  counterfactual: z.string(),
  /** `null`: it occurs, and no price of it is known. Money is counted in one pattern only. */
  wasted_usd: nullableNumber,
  traces: z.number(),
  occurrences: z.number(),
  /** Dearest first. */
  examples: z.array(z.object({ ...TraceRef, span_id: z.string(), wasted_usd: nullableNumber, detail: z.string() })),
});
export type CostPattern = z.infer<typeof CostPattern>;

export const DearTrace = z.object({
  ...TraceRef,
  session: z.string().nullable(),
  user: z.string().nullable(),
  cost_usd: z.number(),
  unpriced_calls: z.number(),
  llm_calls: z.number(),
  input_tokens: nullableNumber,
  output_tokens: nullableNumber,
  /** Why it is dear, most money first. */
  reasons: z.array(z.object({ pattern: PatternName, wasted_usd: nullableNumber, detail: z.string() })),
});
export type DearTrace = z.infer<typeof DearTrace>;

export const CostPatterns = z.object({
  ...Window,
  /** Most money first; patterns that do not occur are left out. */
  patterns: z.array(CostPattern),
  dearest: z.array(DearTrace),
  /** What was looked at: the dearest traces and the sessions that grow most, with this much of the money of the window. */
  examined: z.object({ traces: z.number(), cost_usd: nullableNumber, window_traces: z.number(), window_cost_usd: nullableNumber }),
});
export type CostPatterns = z.infer<typeof CostPatterns>;
