import { z } from "zod";
import { Timestamp } from "./timestamp.ts";

const Name = z.string().trim().min(1).max(250);
const Reviewer = z.string().min(1).max(250);
const ProjectId = z.string().max(20).default("0");
const ButtonLabel = z.string().trim().min(1).max(64);

/** What reviewers may answer. */
export const ReviewAnswer = z.discriminatedUnion("kind", [
  /** Pass or fail; the words on the buttons can be chosen. */
  z.strictObject({ kind: z.literal("boolean"), pass: ButtonLabel.optional(), fail: ButtonLabel.optional() }),
  z.strictObject({
    kind: z.literal("categories"),
    values: z
      .array(z.string().trim().min(1).max(100))
      .min(1)
      .max(20)
      .refine((values) => new Set(values).size === values.length, "a category appears twice"),
    /** Several may apply: the answer is a list. */
    multiple: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal("number"), min: z.number().optional(), max: z.number().optional() }),
  z.strictObject({ kind: z.literal("text"), max_length: z.number().int().min(1).max(10_000).optional() }),
]);
export type ReviewAnswer = z.infer<typeof ReviewAnswer>;
export type ReviewValue = boolean | number | string | string[];

/** What a queue asks of each trace. */
export const ReviewQuestion = z.object({
  name: z.string(),
  type: z.enum(["feedback", "expectation"]),
  answer: ReviewAnswer,
  instruction: z.string(),
  comment: z.boolean(),
});
export type ReviewQuestion = z.infer<typeof ReviewQuestion>;

const ReviewPurpose = z.enum(["estimate", "interesting"]);
const HalfWidth = z.number().min(0.001).max(0.5);
const Assignees = z.array(Name).max(10);

/** POST /review-queues. */
export const NewReviewQueue = z
  .strictObject({
    name: Name,
    project_id: ProjectId,
    description: z.string().max(5_000).default(""),
    /** Name under which labels are written as feedback: the scorer that they calibrate. */
    label: Name.optional(),
    answer: ReviewAnswer.optional(),
    /** Instead of `label`: the questions of these label schemas, one after the other. */
    label_schema_ids: z.array(z.string().max(40)).min(1).max(20).optional(),
    /** `interesting`: traces to learn from; what is said of them never enters an estimate. */
    purpose: ReviewPurpose.default("estimate"),
    /** Wanted half width of the interval: 0.03 for ± 3 points. */
    half_width: HalfWidth.default(0.03),
    /** Whom it is for; nobody = anybody. */
    assignees: Assignees.default([]),
  })
  .refine(({ label, label_schema_ids: ids }) => (label === undefined) !== (ids === undefined), "Say either label or label_schema_ids");

export const ReviewQueuePatch = z.strictObject({
  name: Name.optional(),
  description: z.string().max(5_000).optional(),
  half_width: HalfWidth.optional(),
  assignees: Assignees.optional(),
});

export const ReviewSample = z.strictObject({
  count: z.number().int().min(1).max(5_000),
  from: Timestamp,
  to: Timestamp,
  filter: z.string().max(20_000).optional(),
});
export type ReviewSample = z.infer<typeof ReviewSample>;

export const ReviewQueueOut = z.object({
  id: z.string(),
  project_id: z.string(),
  name: z.string(),
  description: z.string(),
  /** Name of the first question. */
  label: z.string(),
  answer: ReviewAnswer,
  /** What is asked of each trace, in this order. */
  questions: z.array(ReviewQuestion),
  purpose: ReviewPurpose,
  half_width: z.number(),
  assignees: z.array(z.string()),
  /** From what its traces were drawn last; `null` = they were chosen by hand. */
  sample: ReviewSample.nullable(),
  progress: z.object({ pending: z.number(), done: z.number(), skipped: z.number() }),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type ReviewQueueOut = z.infer<typeof ReviewQueueOut>;

/** POST /review-queues/{id}/items: these traces, or a sample that says most about the scorer. */
export const NewReviewItems = z.strictObject({
  /** Chosen by somebody: they are reviewed, and enter no estimate. */
  trace_ids: z.array(z.string().min(1).max(250)).min(1).max(1_000).optional(),
  /** Drawn: informative traces first, each with its chance. In a queue of interesting traces: the newest. */
  sample: ReviewSample.optional(),
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
  value: z.union([z.boolean(), z.number(), z.string().max(10_000), z.array(z.string().max(100)).max(20)]),
  rationale: z.string().max(20_000).optional(),
  /** Name of the question; absent = the first. The item is done with the last. */
  question: z.string().max(250).optional(),
});

/** GET /review-queues/{id}/estimate: what the labels say so far. */
export const ReviewEstimate = z.object({
  /** `corrected`: a scorer's pass rate, corrected; `people`: share of passes among the drawn labels; `none`: this queue enters no estimate. */
  kind: z.enum(["corrected", "people", "none"]),
  rate: z.number().nullable(),
  ci_low: z.number().nullable(),
  ci_high: z.number().nullable(),
  n_traces: z.number(),
  n_labels: z.number(),
  half_width: z.number(),
  /** Labels in all for ± half_width; `null` = labelling cannot, or not known yet. */
  labels_needed: z.number().nullable(),
});
export type ReviewEstimate = z.infer<typeof ReviewEstimate>;
