import { z } from "zod";
import { DiagnosticFinding } from "./diagnostics.ts";
import { Timestamp } from "./timestamp.ts";

export { Timestamp } from "./timestamp.ts";

const nullableNumber = z.number().nullable();

export const TokensOut = z.object({
  input: nullableNumber,
  output: nullableNumber,
  total: nullableNumber,
  cache_read: nullableNumber,
  cache_write: nullableNumber,
  reasoning: nullableNumber,
});

export const AssessmentOut = z.object({
  assessment_id: z.string(),
  trace_id: z.string(),
  span_id: z.string().nullable(),
  name: z.string(),
  kind: z.enum(["feedback", "expectation", "issue"]),
  value: z.unknown(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  source: z.object({ type: z.enum(["HUMAN", "LLM_JUDGE", "CODE"]), id: z.string() }),
  rationale: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  overrides: z.string().nullable(),
  valid: z.boolean(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type AssessmentOut = z.infer<typeof AssessmentOut>;

/** A trace in a list. `null` = not known (never 0); `""` does not occur for optional strings. */
export const TraceSummary = z.object({
  trace_id: z.string(),
  project_id: z.string(),
  name: z.string(),
  status: z.enum(["ok", "error", "unset", "in_progress"]),
  status_message: z.string().nullable(),
  start_time: Timestamp,
  end_time: Timestamp,
  duration_ms: z.number(),
  root_span_id: z.string().nullable(),
  service: z.string().nullable(),
  services: z.array(z.string()),
  environment: z.string().nullable(),
  version: z.string().nullable(),
  session: z.string().nullable(),
  user: z.string().nullable(),
  client_request_id: z.string().nullable(),
  input_preview: z.string(),
  output_preview: z.string(),
  span_count: z.number(),
  error_count: z.number(),
  llm_calls: z.number(),
  unpriced_calls: z.number(),
  tokens: TokensOut,
  cost_usd: nullableNumber,
  ttft_ms: nullableNumber,
  models: z.array(z.string()),
  providers: z.array(z.string()),
  tools: z.array(z.string()),
  failed_tools: z.array(z.string()),
  agents: z.array(z.string()),
  prompts: z.array(z.string()),
  run_ids: z.array(z.string()),
  labels: z.array(z.string()),
  tags: z.record(z.string(), z.string()),
  metadata: z.record(z.string(), z.string()),
  complete: z.boolean(),
  truncated: z.boolean(),
  assessments: z.array(AssessmentOut),
});
export type TraceSummary = z.infer<typeof TraceSummary>;

/** A span in the tree: everything but its content. */
export const SpanSkeleton = z.object({
  span_id: z.string(),
  parent_span_id: z.string().nullable(),
  name: z.string(),
  kind: z.string(),
  dialect: z.string(),
  service: z.string().nullable(),
  scope: z.object({ name: z.string(), version: z.string() }),
  start_time: Timestamp,
  end_time: Timestamp,
  duration_ms: z.number(),
  clock_skew: z.boolean(),
  status: z.enum(["ok", "error", "unset"]),
  status_message: z.string().nullable(),
  error_type: z.string().nullable(),
  http_status: nullableNumber,
  provider: z.string().nullable(),
  model: z.string().nullable(),
  request_model: z.string().nullable(),
  response_model: z.string().nullable(),
  response_id: z.string().nullable(),
  service_tier: z.string().nullable(),
  finish_reasons: z.array(z.string()),
  usage: z.object({
    input_tokens: nullableNumber,
    output_tokens: nullableNumber,
    cache_read_tokens: nullableNumber,
    cache_write_tokens: nullableNumber,
    cache_write_1h_tokens: nullableNumber,
    reasoning_tokens: nullableNumber,
    input_audio_tokens: nullableNumber,
    output_audio_tokens: nullableNumber,
    input_image_tokens: nullableNumber,
  }),
  /** True: `usage` sums other spans (agents, wrappers); it is shown and never added up. */
  usage_is_aggregate: z.boolean(),
  cost_usd: nullableNumber,
  cost_source: z.enum(["computed", "reported", "unknown", "none"]),
  cost_reported_usd: nullableNumber,
  price_version: z.string().nullable(),
  ttft_ms: nullableNumber,
  stream: z.boolean().nullable(),
  session: z.string().nullable(),
  user: z.string().nullable(),
  agent_name: z.string().nullable(),
  workflow_name: z.string().nullable(),
  tool_name: z.string().nullable(),
  tool_call_id: z.string().nullable(),
  prompt: z.string().nullable(),
  /** True when this span's call is the one that counts in sums; `duplicate_of` names the other when not. */
  counted: z.boolean(),
  duplicate_of: z.object({ trace_id: z.string(), span_id: z.string() }).nullable(),
  noise: z.boolean(),
  truncated: z.boolean(),
});
export type SpanSkeleton = z.infer<typeof SpanSkeleton>;

/** One span whole. `raw_attributes` is verbatim (int64 beyond 2^53 as strings). */
export const SpanDetail = SpanSkeleton.extend({
  trace_id: z.string(),
  project_id: z.string(),
  inputs: z.unknown(),
  outputs: z.unknown(),
  input_messages: z.array(z.unknown()),
  output_messages: z.array(z.unknown()),
  system_instructions: z.string().nullable(),
  tool_definitions: z.array(z.unknown()),
  tool_arguments: z.unknown(),
  tool_result: z.unknown(),
  documents: z.array(z.unknown()),
  retrieval_query: z.string().nullable(),
  embeddings: z.object({ count: z.number(), dimension: nullableNumber }).nullable(),
  params: z.record(z.string(), z.unknown()),
  prompt_template: z.string().nullable(),
  prompt_variables: z.record(z.string(), z.string()),
  scores: z.array(z.unknown()),
  handoff_to: z.string().nullable(),
  attributes: z.record(z.string(), z.unknown()),
  raw_attributes: z.record(z.string(), z.unknown()),
  resource: z.record(z.string(), z.unknown()),
  events: z.array(z.object({ time: Timestamp, name: z.string(), attributes: z.record(z.string(), z.unknown()) })),
  links: z.array(z.object({ trace_id: z.string(), span_id: z.string(), attributes: z.record(z.string(), z.unknown()) })),
  logs: z.array(z.object({ time: Timestamp, name: z.string(), severity: z.string(), body: z.unknown(), attributes: z.record(z.string(), z.unknown()) })),
});
export type SpanDetail = z.infer<typeof SpanDetail>;

/** GET /traces/{id}. With `?payloads=true` each span is a SpanDetail. */
export const TraceDetail = z.object({
  trace: TraceSummary,
  spans: z.array(SpanSkeleton.loose()),
  assessments: z.array(AssessmentOut),
  /** What the diagnostics of agents found in it; a trace is diagnosed ten seconds after its last span. */
  diagnostics: z.array(DiagnosticFinding),
});
export type TraceDetail = { trace: TraceSummary; spans: (SpanSkeleton | SpanDetail)[]; assessments: AssessmentOut[]; diagnostics: DiagnosticFinding[] };

export const TraceSearch = z.strictObject({
  project_ids: z.array(z.string()).max(1000).optional(),
  filter: z.string().max(20_000).optional(),
  order_by: z.array(z.string()).max(5).optional(),
  limit: z.number().int().min(1).max(500).optional(),
  /** As long as the values that are sorted by. */
  cursor: z.string().max(1_000_000).optional(),
  from: Timestamp.optional(),
  to: Timestamp.optional(),
  text: z.string().max(2000).optional(),
  include: z.array(z.enum(["count", "facets"])).optional(),
});
export type TraceSearch = z.infer<typeof TraceSearch>;

export const FacetOut = z.object({ field: z.string(), values: z.array(z.object({ value: z.string(), count: z.number() })) });
export const TracePageOut = z.object({
  data: z.array(TraceSummary),
  next_cursor: z.string().nullable(),
  /** With include ["count"]: matching traces in the window. */
  count: z.number().optional(),
  facets: z.array(FacetOut).optional(),
  /** True when a limit of time or memory was hit: count and facets rest on a part of the data. */
  partial: z.boolean().optional(),
});
export type TracePageOut = z.infer<typeof TracePageOut>;

export const NewAssessment = z.strictObject({
  name: z.string().min(1).max(250),
  kind: z.enum(["feedback", "expectation"]).default("feedback"),
  value: z.unknown().optional(),
  source: z.strictObject({ type: z.enum(["HUMAN", "LLM_JUDGE", "CODE"]), id: z.string().min(1).max(250) }),
  span_id: z.string().optional(),
  rationale: z.string().max(20_000).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  error: z.strictObject({ code: z.string(), message: z.string() }).optional(),
});
export const AssessmentPatch = z.strictObject({
  name: z.string().min(1).max(250).optional(),
  value: z.unknown().optional(),
  rationale: z.string().max(20_000).nullable().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  valid: z.boolean().optional(),
});
/** PATCH /traces/{id}/tags: `null` removes a tag. */
export const TagsPatch = z.strictObject({ tags: z.record(z.string().min(1).max(250), z.string().max(8000).nullable()) });
