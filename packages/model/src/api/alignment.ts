import { z } from "zod";
import { Timestamp } from "./traces.ts";

const Share = z.number().nullable();

/** POST /scorers/{name}/alignment: numbers pass from `threshold` on; absent = from where they pass in the scorer's rate. */
export const AlignmentStart = z.strictObject({ threshold: z.number().optional() });

/** One version against people, on the held-back half; intervals are Wilson's, 95 %. */
export const AlignmentSide = z.object({
  /** Judge and people both pass, only the judge passes, only people pass, both fail. */
  confusion: z.object({ both_pass: z.number(), judge_only: z.number(), human_only: z.number(), both_fail: z.number() }),
  agreement: Share,
  agreement_low: Share,
  agreement_high: Share,
  tpr: Share,
  tpr_low: Share,
  tpr_high: Share,
  tnr: Share,
  tnr_low: Share,
  tnr_high: Share,
});
export type AlignmentSide = z.infer<typeof AlignmentSide>;

export const AlignmentResult = z.object({
  decision: z.enum(["live", "shadow"]),
  /** Why it did not go live by itself, one sentence each. */
  reasons: z.array(z.string()),
  /** Held-back labels on which both versions gave a verdict. */
  n: z.number(),
  before: AlignmentSide,
  after: AlignmentSide,
  /** Verdicts that only the new, and only the old version has right. */
  mended: z.number(),
  broken: z.number(),
  mcnemar_mid_p: z.number(),
  /** Held-back labels on which a version gave no verdict. */
  failed_before: z.number(),
  failed_after: z.number(),
});
export type AlignmentResult = z.infer<typeof AlignmentResult>;

export const AlignmentOut = z.object({
  id: z.string(),
  base_version: z.number(),
  /** The version that came of it, and what it is now. */
  version: z.number().nullable(),
  mode: z.enum(["live", "shadow", "discarded"]).nullable(),
  state: z.enum(["running", "done", "failed", "cancelled"]),
  /** Verdicts that the run has, of those that it needs. */
  done: z.number(),
  total: z.number(),
  guidelines: z.array(z.string()),
  result: AlignmentResult.nullable(),
  /** Why it failed, or waits. */
  error: z.string().nullable(),
  /** `null` = nothing of it is priced. */
  cost_usd: z.number().nullable(),
  /** Answers of models whose price is not known. */
  unpriced: z.number(),
  created_at: Timestamp,
  finished_at: Timestamp.nullable(),
});
export type AlignmentOut = z.infer<typeof AlignmentOut>;

/** GET /scorers/{name}/alignment. */
export const AlignmentOverview = z.object({
  labels: z.number(),
  labels_needed: z.number(),
  /** Why it cannot be aligned (yet), in one sentence. */
  problem: z.string().nullable(),
  /** Verdicts that a run would ask for at most, and what they would cost by what this scorer cost so far; `null` = unknown. */
  judgements: z.number(),
  estimated_cost_usd: z.number().nullable(),
  /** Of the version that is live; empty = it was not aligned. */
  guidelines: z.array(z.string()),
  /** Newest first. */
  data: z.array(AlignmentOut),
});
export type AlignmentOverview = z.infer<typeof AlignmentOverview>;

/** GET /scorers/{name}/shadow: the version in the shadow beside the live one, on the same traces. */
export const ShadowComparison = z.object({
  live_version: z.number(),
  shadow_version: z.number(),
  /** Traces of the window that both judged as pass or fail. */
  n: z.number(),
  live_rate: Share,
  live_low: Share,
  live_high: Share,
  shadow_rate: Share,
  shadow_low: Share,
  shadow_high: Share,
  /** Of those, the share on which both say the same. */
  same: Share,
  /** Traces on which the shadow failed. */
  shadow_failed: z.number(),
  /** Traces that people labelled besides, and how far each version agrees with them. */
  n_labelled: z.number(),
  live: AlignmentSide,
  shadow: AlignmentSide,
  cost_usd: z.number().nullable(),
});
export type ShadowComparison = z.infer<typeof ShadowComparison>;
