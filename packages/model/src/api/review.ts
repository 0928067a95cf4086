import { z } from "zod";
import { Timestamp } from "./timestamp.ts";

const Name = z.string().min(1).max(250);
const Reviewer = z.string().min(1).max(250);

/** What reviewers may answer. */
export const ReviewAnswer = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("boolean") }),
  z.strictObject({ kind: z.literal("categories"), values: z.array(z.string().min(1).max(100)).min(2).max(20) }),
  z.strictObject({ kind: z.literal("number"), min: z.number(), max: z.number() }),
  z.strictObject({ kind: z.literal("text") }),
]);
export type ReviewAnswer = z.infer<typeof ReviewAnswer>;

/** POST /review-queues. */
export const NewReviewQueue = z.strictObject({
  name: Name,
  project_id: z.string().max(20).default("0"),
  description: z.string().max(5_000).default(""),
  /** Name under which labels are written as feedback: the scorer that they calibrate. */
  label: Name,
  answer: ReviewAnswer.default({ kind: "boolean" }),
});

export const ReviewQueuePatch = z.strictObject({ name: Name.optional(), description: z.string().max(5_000).optional() });

export const ReviewQueueOut = z.object({
  id: z.string(),
  project_id: z.string(),
  name: z.string(),
  description: z.string(),
  label: z.string(),
  answer: ReviewAnswer,
  progress: z.object({ pending: z.number(), done: z.number(), skipped: z.number() }),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type ReviewQueueOut = z.infer<typeof ReviewQueueOut>;

/** POST /review-queues/{id}/items: these traces, or a sample that says most about the scorer. */
export const NewReviewItems = z.strictObject({
  /** Chosen by somebody: they are reviewed, and enter no estimate. */
  trace_ids: z.array(z.string().min(1).max(250)).min(1).max(1_000).optional(),
  /** Drawn: informative traces first, each with its chance. */
  sample: z.strictObject({ count: z.number().int().min(1).max(5_000), from: Timestamp, to: Timestamp, filter: z.string().max(20_000).optional() }).optional(),
});

export const ReviewItemOut = z.object({
  trace_id: z.string(),
  state: z.enum(["pending", "done", "skipped"]),
  /** Chance with which it was drawn; `null` = somebody chose it. */
  inclusion_probability: z.number().nullable(),
  assignee: z.string().nullable(),
  reviewer: z.string().nullable(),
  assessment_id: z.string().nullable(),
  added_at: Timestamp,
  done_at: Timestamp.nullable(),
});
export type ReviewItemOut = z.infer<typeof ReviewItemOut>;

export const ReviewNext = z.strictObject({ reviewer: Reviewer });
/** POST …/items/{trace_id}/label. */
export const ReviewLabel = z.strictObject({
  reviewer: Reviewer,
  value: z.union([z.boolean(), z.number(), z.string().max(10_000)]),
  rationale: z.string().max(20_000).optional(),
});
