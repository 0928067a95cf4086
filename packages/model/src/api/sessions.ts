import { z } from "zod";
import { MetricsAnswer } from "./metrics.ts";
import { AssessmentOut, Timestamp, TokensOut } from "./traces.ts";

const nullableNumber = z.number().nullable();

/** Ids of sessions and users are whatever the application chose. */
export const MAX_GROUP_ID = 2_000;

/** Several values as `?project_ids=1&project_ids=2` or `?project_ids=1,2`. */
const Ids = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => [value].flat().flatMap((part) => part.split(",")))
  .pipe(z.array(z.string().min(1)).max(1000));

/** GET /sessions and GET /users. Figures of a row rest on its traces that start in `[from, to)` and match `filter`. */
export const GroupListQuery = z.strictObject({
  project_ids: Ids.optional(),
  /** The filter language, about traces. */
  filter: z.string().max(20_000).optional(),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  /** Text that the id contains, in any case. */
  q: z.string().max(MAX_GROUP_ID).optional(),
  /** `<column> [ASC|DESC]`; default `last_time DESC`. */
  order_by: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(16_000).optional(),
});
export type GroupListQuery = z.infer<typeof GroupListQuery>;

/** What people and judges said about the traces of a row. */
export const FeedbackSums = z.object({
  /** Feedback of people that is `true` or `false` (also said as yes / no, up / down). */
  thumbs_up: z.number(),
  thumbs_down: z.number(),
  /** Feedback with a number as its value, by name; a judge that failed is not in it. */
  scores: z.array(z.object({ name: z.string(), mean: z.number(), count: z.number() })),
});
export type FeedbackSums = z.infer<typeof FeedbackSums>;

const Figures = z.object({
  traces: z.number(),
  /** Traces in which somebody said something: those with an input. */
  turns: z.number(),
  /** Start of the first and of the last trace. */
  first_time: Timestamp,
  last_time: Timestamp,
  /** From the start of the first trace to the end of the one that ended last. */
  duration_ms: z.number(),
  /** Traces that failed. */
  errors: z.number(),
  latency_ms: z.object({ p50: nullableNumber, p95: nullableNumber }),
  llm_calls: z.number(),
  tokens: TokensOut.pick({ input: true, output: true, total: true }),
  /** Sum of what has a price; `null` when nothing has one. */
  cost_usd: nullableNumber,
  /** Model calls that are not in `cost_usd`, because their price is not known. */
  unpriced_calls: z.number(),
  feedback: FeedbackSums,
  models: z.array(z.string()),
  environments: z.array(z.string()),
  last_input: z.string(),
  last_trace_id: z.string(),
});

/** The same id in two projects is two sessions. */
export const SessionSummary = Figures.extend({
  session: z.string(),
  project_id: z.string(),
  /** At most ten of them; `user_count` counts all. */
  users: z.array(z.string()),
  user_count: z.number(),
});
export type SessionSummary = z.infer<typeof SessionSummary>;

/** The same id in several projects is one person. */
export const UserSummary = Figures.extend({
  user: z.string(),
  project_ids: z.array(z.string()),
  session_count: z.number(),
});
export type UserSummary = z.infer<typeof UserSummary>;

export const SessionListOut = z.object({ data: z.array(SessionSummary), next_cursor: z.string().nullable() });
export type SessionListOut = z.infer<typeof SessionListOut>;
export const UserListOut = z.object({ data: z.array(UserSummary), next_cursor: z.string().nullable() });
export type UserListOut = z.infer<typeof UserListOut>;

/** GET /sessions/{id}. Without any of `cursor`, `position`, `at` and `trace_id` the page begins with the first turn. */
export const SessionQuery = z.strictObject({
  /** Needed when the id exists in several projects; without it the one that was active last is meant. */
  project_id: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(30),
  cursor: z.string().max(12_000).optional(),
  /** Begin with the turn at this place, counted from 0. */
  position: z.coerce.number().int().min(0).max(1e9).optional(),
  /** Begin with the first turn that starts at this time or later. */
  at: Timestamp.optional(),
  /** Put this turn in the middle of the page. */
  trace_id: z.string().max(250).optional(),
  /** `short`: at most 2,000 characters of each side; `none`: neither texts nor tools; `full`: everything, for at most 20 turns. */
  content: z.enum(["none", "short", "full"]).default("short"),
  /** `false` leaves `session` and `series` out: for the pages after the first. */
  summary: z.enum(["true", "false"]).default("true"),
});
export type SessionQuery = z.infer<typeof SessionQuery>;

/** What was said, as a person reads it. */
export const TurnText = z.object({
  text: z.string(),
  /** Cut: the whole text is longer. */
  truncated: z.boolean(),
});

export const TurnTool = z.object({
  name: z.string(),
  span_id: z.string(),
  status: z.enum(["ok", "error", "unset"]),
  duration_ms: z.number(),
  error: z.string().nullable(),
});

/** One trace of a session. */
export const SessionTurn = z.object({
  /** Place in the session, counted from 0. */
  position: z.number(),
  trace_id: z.string(),
  name: z.string(),
  start_time: Timestamp,
  end_time: Timestamp,
  duration_ms: z.number(),
  ttft_ms: nullableNumber,
  status: z.enum(["ok", "error", "unset", "in_progress"]),
  status_message: z.string().nullable(),
  user: z.string().nullable(),
  environment: z.string().nullable(),
  version: z.string().nullable(),
  models: z.array(z.string()),
  llm_calls: z.number(),
  span_count: z.number(),
  error_count: z.number(),
  tokens: TokensOut,
  cost_usd: nullableNumber,
  unpriced_calls: z.number(),
  input: TurnText.nullable(),
  output: TurnText.nullable(),
  /** In order of their start, at most 30; `tool_calls` counts all. */
  tools: z.array(TurnTool),
  tool_calls: z.number(),
  assessments: z.array(AssessmentOut),
});
export type SessionTurn = z.infer<typeof SessionTurn>;

/** A stretch of turns, at most 200 of them for a whole session. */
export const SessionStretch = z.object({
  position: z.number(),
  turns: z.number(),
  start_time: Timestamp,
  cost_usd: nullableNumber,
  /** Input tokens per model call: how large the context is. */
  context_tokens: nullableNumber,
  errors: z.number(),
});
export type SessionStretch = z.infer<typeof SessionStretch>;

export const SessionDetail = z.object({
  session: SessionSummary.optional(),
  /** Other projects in which there is a session of this id. */
  also_in_projects: z.array(z.string()).optional(),
  series: z.array(SessionStretch).optional(),
  total: z.number(),
  data: z.array(SessionTurn),
  next_cursor: z.string().nullable(),
  previous_cursor: z.string().nullable(),
});
export type SessionDetail = z.infer<typeof SessionDetail>;

/** GET /users/{id}. */
export const UserQuery = z.strictObject({ project_ids: Ids.optional(), from: Timestamp.optional(), to: Timestamp.optional() });
export const UserDetail = z.object({
  user: UserSummary,
  /** What the figures are made of, most traces first, at most 20 each. */
  by_model: z.array(z.object({ value: z.string(), traces: z.number() })),
  by_environment: z.array(z.object({ value: z.string(), traces: z.number() })),
  by_version: z.array(z.object({ value: z.string(), traces: z.number() })),
  /** Answers of the metrics API over time, of this user's traces. */
  series: z.object({ traces: MetricsAnswer, error_rate: MetricsAnswer, cost_usd: MetricsAnswer, latency_ms: MetricsAnswer }),
  /** The latest sessions; `GET /sessions?filter=user = '…'` has all. */
  sessions: SessionListOut,
});
export type UserDetail = z.infer<typeof UserDetail>;
