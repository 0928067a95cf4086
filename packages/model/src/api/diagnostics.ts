import { z } from "zod";
import { Timestamp } from "./timestamp.ts";

/** Something an agent did that cost time or money, or that made its answer wrong. */
export const DiagnosticFinding = z.object({
  name: z.string(),
  severity: z.enum(["info", "warning", "error"]),
  sentence: z.string(),
  agent: z.string().nullable(),
  tool: z.string().nullable(),
  /** Spans that show it, in order of time. */
  span_ids: z.array(z.string()),
  occurrences: z.number(),
  wasted_ms: z.number(),
  /** `null` = a call in that time is not priced, or there was none. */
  wasted_usd: z.number().nullable(),
});
export type DiagnosticFinding = z.infer<typeof DiagnosticFinding>;

export const DiagnosticsQuery = z.object({
  from: Timestamp,
  to: Timestamp,
  project_id: z.string().max(20).optional(),
  /** What the findings are added up by. */
  group_by: z.enum(["diagnostic", "agent", "tool"]).default("diagnostic"),
});

/** GET /diagnostics: what was found in a window. */
export const DiagnosticsSummary = z.object({
  data: z.array(
    z.object({
      /** The diagnostic, agent or tool; `null` = the findings name none. */
      value: z.string().nullable(),
      /** Traces with such a finding (a trace with two counts once per diagnostic, agent and tool). */
      traces: z.number(),
      occurrences: z.number(),
      wasted_ms: z.number(),
      wasted_usd: z.number().nullable(),
      /** Findings whose waste has no price. */
      unpriced: z.number(),
      example_trace_id: z.string(),
    }),
  ),
  /** Every diagnostic there is. */
  diagnostics: z.array(z.object({ name: z.string(), summary: z.string() })),
});
export type DiagnosticsSummary = z.infer<typeof DiagnosticsSummary>;
