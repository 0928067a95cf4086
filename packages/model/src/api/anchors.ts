import { z } from "zod";
import { AlignmentSide } from "./alignment.ts";
import { Timestamp } from "./traces.ts";

const IntervalHours = z.number().min(1).max(8_760);

/** POST /scorers/{name}/anchors: freezes the newest labelled traces, in place of what was frozen before. */
export const AnchorFreeze = z.strictObject({ interval_hours: IntervalHours.default(24), threshold: z.number().optional() });
/** PATCH /scorers/{name}/anchors. */
export const AnchorPatch = z.strictObject({ interval_hours: IntervalHours });

export const AnchorRunOut = z.object({
  id: z.string(),
  /** Runs of different sets say nothing about each other. */
  set_id: z.string(),
  version: z.number(),
  state: z.enum(["running", "done", "failed"]),
  error: z.string().nullable(),
  /** Frozen traces with a verdict, and without. */
  n: z.number(),
  failed: z.number(),
  against_people: AlignmentSide,
  /** `null` = nothing of it is priced. */
  cost_usd: z.number().nullable(),
  started_at: Timestamp,
  finished_at: Timestamp.nullable(),
});
export type AnchorRunOut = z.infer<typeof AnchorRunOut>;

/** GET /scorers/{name}/anchors. */
export const AnchorsOut = z.object({
  /** `null` = nothing is frozen. */
  set: z
    .object({
      set_id: z.string(),
      anchors: z.number(),
      interval_hours: z.number(),
      /** `null` = as soon as possible. */
      next_run_at: Timestamp.nullable(),
      created_at: Timestamp,
    })
    .nullable(),
  /** Newest first. */
  data: z.array(AnchorRunOut),
});
export type AnchorsOut = z.infer<typeof AnchorsOut>;

/** One window: passes of what one version of the scorer judged in it (`null` = what others logged under its name). */
const Passes = z.object({ passes: z.number(), n: z.number(), version: z.number().nullable() });

/** GET /scorers/{name}/attribution: a window beside the one before it, as long. */
export const AttributionOut = z.object({
  cause: z.enum(["steady", "system", "judge", "unknown"]),
  input_mix: z.literal("not_measured"),
  before: Passes,
  after: Passes,
  /** Numbers passed from here on; `null` = they are neither pass nor fail. */
  threshold: z.number().nullable(),
  traffic_p: z.number().nullable(),
  /** The same frozen traces in the last run before the window and the last run in it; `null` = there are not both. */
  anchors: z
    .object({ n: z.number(), to_fail: z.number(), to_pass: z.number(), p: z.number().nullable(), version_before: z.number(), version_after: z.number() })
    .nullable(),
});
export type AttributionOut = z.infer<typeof AttributionOut>;
