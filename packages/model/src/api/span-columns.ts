import { z } from "zod";
import { Timestamp } from "./timestamp.ts";
import { DiagnosticFinding } from "./diagnostics.ts";
import { AssessmentOut, TraceSummary } from "./traces.ts";

/** Texts repeat: each is said once, in `values`; `at` says which one a span has, and is empty when all have the first. */
const coded = <Text extends z.ZodType<string>>(text: Text) => z.object({ values: z.array(text), at: z.array(z.number().int()) });
const texts = coded(z.string());
const flags = z.array(z.boolean());
const numbers = z.array(z.number().nullable());

/**
 * The spans of a trace as columns, in start order: what a tree and a waterfall are drawn from. The same index is the same
 * span. An empty text means that nothing is known, as `null` does for numbers. A column of numbers or flags is empty when all
 * of its spans have the default: `null`, `false`, and `true` for `counted`.
 */
export const SpanColumns = z.object({
  /** When the first span started; `null` when there is none. */
  first_start: Timestamp.nullable(),
  /** Milliseconds after `first_start`, exact to the nanosecond. */
  start_ms: z.array(z.number()),
  duration_ms: z.array(z.number()),
  span_id: z.array(z.string()),
  parent_span_id: texts,
  name: texts,
  kind: texts,
  status: coded(z.enum(["ok", "error", "unset"])),
  status_message: texts,
  error_type: texts,
  service: texts,
  model: texts,
  request_model: texts,
  service_tier: texts,
  input_tokens: numbers,
  output_tokens: numbers,
  cache_read_tokens: numbers,
  cache_write_tokens: numbers,
  cache_write_1h_tokens: numbers,
  reasoning_tokens: numbers,
  input_audio_tokens: numbers,
  output_audio_tokens: numbers,
  input_image_tokens: numbers,
  usage_is_aggregate: flags,
  cost_usd: numbers,
  cost_source: coded(z.enum(["computed", "reported", "unknown", "none"])),
  cost_reported_usd: numbers,
  price_version: texts,
  ttft_ms: numbers,
  agent_name: texts,
  tool_name: texts,
  counted: flags,
  /** `trace_id:span_id`. */
  duplicate_of: texts,
  noise: flags,
});
export type SpanColumns = z.infer<typeof SpanColumns>;

/** GET /traces/{id}?columns=true. */
export const TraceColumns = z.object({
  trace: TraceSummary,
  columns: SpanColumns,
  assessments: z.array(AssessmentOut),
  diagnostics: z.array(DiagnosticFinding),
});
export type TraceColumns = z.infer<typeof TraceColumns>;
