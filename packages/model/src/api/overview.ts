import { z } from "zod";
import { Timestamp } from "./traces.ts";

/** GET /releases. `from` is inclusive, `to` exclusive; both are about the start of traces. */
export const ReleasesQuery = z.object({
  from: Timestamp,
  to: Timestamp,
  /** Ids, separated by commas; all without it. */
  project_ids: z
    .string()
    .max(8_000)
    .transform((text) => text.split(",").filter((id) => id !== ""))
    .optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});
export type ReleasesQuery = z.infer<typeof ReleasesQuery>;

export const ReleaseOut = z.object({
  project_id: z.string(),
  kind: z.enum(["version", "prompt", "model"]),
  /** `1.4.0`, `support-reply/3`, `gpt-5`. */
  value: z.string(),
  /** Start of the first trace that has it. */
  time: Timestamp,
  trace_id: z.string(),
  /** How many traces of the window have it. */
  n: z.number().int(),
  /** The newest one before it: of the project, for a prompt of the same name. `null` for models and for the first of all. */
  replaces: z.string().nullable(),
  /** It was there when the project began (in the first twentieth of its time), and changed nothing. */
  initial: z.boolean(),
});
export type ReleaseOut = z.infer<typeof ReleaseOut>;

/** Newest first. `has_more`: older ones of the window were left out. */
export const ReleasesOut = z.object({ data: z.array(ReleaseOut), has_more: z.boolean() });
export type ReleasesOut = z.infer<typeof ReleasesOut>;

/** POST /overview/movers. Strict: an unknown field is a typo. */
export const MoversQuery = z.strictObject({
  from: Timestamp,
  to: Timestamp,
  project_ids: z.array(z.string()).max(1000).optional(),
  /** The filter language, about the traces of both periods. */
  filter: z.string().max(20_000).optional(),
  limit: z.number().int().min(1).max(50).default(10),
});
export type MoversQuery = z.infer<typeof MoversQuery>;

export const MoverOut = z.object({
  metric: z.enum(["error_rate", "latency_ms", "cost_usd", "trace_count"]),
  aggregation: z.enum(["avg", "p95", "sum", "count"]),
  field: z.enum(["route", "version", "environment", "user", "model", "tool", "prompt"]),
  value: z.string(),
  now: z.number(),
  before: z.number(),
  /**
   * What `before` is of. Where the value had too few traces in the period before, it is that of all traces (a new version) or of the
   * prompt it replaced, which `predecessor` then names.
   */
  compared_with: z.enum(["itself", "all", "predecessor"]),
  predecessor: z.string().nullable(),
  /**
   * By how much of its size in the period before the total moved because of this: 0.4 = the total is 40 % higher. A percentile has no
   * total: there it is how often it doubled, times the share of traces it is about.
   */
  contribution: z.number(),
  /** Traces of the value, now and before. */
  n: z.number().int(),
  n_before: z.number().int(),
});
export type MoverOut = z.infer<typeof MoverOut>;

export const MoversOut = z.object({
  /** Largest contribution first. Empty when nothing moved that rests on enough traces. */
  data: z.array(MoverOut),
  /** All traces of the window and of the period before. */
  n: z.number().int(),
  n_before: z.number().int(),
  /** The period before begins here and ends at `from`. */
  before_from: Timestamp,
});
export type MoversOut = z.infer<typeof MoversOut>;
