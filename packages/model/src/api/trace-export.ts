import { z } from "zod";
import { TraceSearch } from "./traces.ts";

/** Columns of a CSV of traces, besides `tags.<key>`, `metadata.<key>`, `feedback.<name>` and `expectation.<name>`. */
export const traceColumns = [
  "trace_id",
  "project_id",
  "name",
  "status",
  "status_message",
  "start_time",
  "end_time",
  "duration_ms",
  "ttft_ms",
  "input",
  "output",
  "user",
  "session",
  "service",
  "environment",
  "version",
  "span_count",
  "error_count",
  "llm_calls",
  "input_tokens",
  "output_tokens",
  "total_tokens",
  "cache_read_tokens",
  "cache_write_tokens",
  "reasoning_tokens",
  "cost_usd",
  "unpriced_calls",
  "models",
  "providers",
  "tools",
  "failed_tools",
  "agents",
  "prompts",
  "labels",
  "feedback",
  "tags",
  "metadata",
] as const;
export const TraceColumn = z.union([z.enum(traceColumns), z.string().regex(/^(?:tags|metadata|feedback|expectation)\..{1,250}$/)]);
export type TraceColumn = z.infer<typeof TraceColumn>;

/** Rows of one file. What lies beyond is said in the header `x-telltale-truncated`. */
export const MAX_EXPORT_ROWS = 100_000;

/** POST /traces/export: a search whose every match, up to `limit`, becomes a line. */
export const TraceExport = TraceSearch.omit({ cursor: true, include: true, limit: true }).extend({
  /** Default: all of them. */
  columns: z.array(TraceColumn).min(1).max(100).optional(),
  limit: z.number().int().min(1).max(MAX_EXPORT_ROWS).default(MAX_EXPORT_ROWS),
  /** A byte order mark in front, for spreadsheets that take CSV for Latin-1 otherwise. */
  bom: z.boolean().default(false),
});
export type TraceExport = z.input<typeof TraceExport>;
