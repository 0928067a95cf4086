import { z } from "zod";
import { Timestamp } from "./traces.ts";

/** POST /reprice. Without bounds all stored traces; `from` is inclusive, `to` exclusive, both about the start of the trace. */
export const RepriceIn = z.strictObject({
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  project_ids: z.array(z.string()).max(1000).optional(),
  filter: z.string().max(20_000).optional(),
  /** Only say what would change. */
  dry_run: z.boolean().default(false),
});
export type RepriceIn = z.infer<typeof RepriceIn>;

/** What becomes of the money of one model. Sums are over calls that count (a call reported twice counts once); `null` = nothing known. */
export const RepriceModel = z.object({
  provider: z.string(),
  model: z.string(),
  calls: z.number(),
  /** Calls that cost something else now, those below included. */
  changed: z.number(),
  newly_priced: z.number(),
  became_unknown: z.number(),
  old_usd: z.number().nullable(),
  new_usd: z.number().nullable(),
});
export type RepriceModel = z.infer<typeof RepriceModel>;

export const RepriceOut = z.object({
  id: z.string(),
  state: z.enum(["running", "done", "failed", "cancelled"]),
  dry_run: z.boolean(),
  from: Timestamp.nullable(),
  to: Timestamp.nullable(),
  project_ids: z.array(z.string()).nullable(),
  filter: z.string().nullable(),
  /** Traces with model calls seen so far, of about so many. */
  traces_done: z.number(),
  traces_total: z.number(),
  traces_changed: z.number(),
  /** Spans written again (dry run: that would be), reports that do not count included. */
  spans_changed: z.number(),
  old_usd: z.number().nullable(),
  new_usd: z.number().nullable(),
  /** Largest difference first, at most 1,000; what is beyond is one row named `(other models)`. */
  models: z.array(RepriceModel),
  error: z.string().nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type RepriceOut = z.infer<typeof RepriceOut>;
