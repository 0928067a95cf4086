/** What stands left of an operator. */
export type Field =
  | { entity: "trace"; name: TraceField }
  | { entity: "tag"; key: string }
  | { entity: "metadata"; key: string }
  | { entity: "span"; name: SpanField }
  | { entity: "span_attribute"; key: string }
  /** Word / substring search in the content of spans (`span.content`, `trace.text`, `text`). */
  | { entity: "content" }
  | { entity: "feedback"; name: string }
  | { entity: "expectation"; name: string }
  | { entity: "prompt" }
  | { entity: "issue"; name: "id" | "name" };

export type TraceField =
  | "trace_id"
  | "client_request_id"
  | "name"
  | "status"
  | "run_id"
  | "timestamp_ms"
  | "end_time_ms"
  | "execution_time_ms"
  | "duration_ms"
  | "project_id"
  | "session"
  | "user"
  | "environment"
  | "version"
  | "service"
  | "model"
  | "provider"
  | "tool"
  | "failed_tool"
  | "agent"
  | "label"
  | "detector"
  | "diagnostic"
  | "cost_usd"
  | "tokens.total"
  | "tokens.input"
  | "tokens.output"
  | "tokens.cache_read"
  | "ttft_ms"
  | "span_count"
  | "error_count"
  | "llm_calls"
  | "has_error"
  | "complete";
export type SpanField = "name" | "type" | "status" | "model" | "provider" | "tool" | "agent" | "duration_ms" | "cost_usd" | "service" | "error_type";

export type Op = "=" | "!=" | ">" | ">=" | "<" | "<=" | "IN" | "NOT IN" | "LIKE" | "ILIKE" | "RLIKE" | "IS NULL" | "IS NOT NULL" | "~";

export type Literal = { type: "string"; value: string } | { type: "number"; value: number; text: string } | { type: "boolean"; value: boolean };

/** `column` is the 0-based offset of the left side in the filter text, for errors found later. */
export type Filter =
  | { kind: "and"; items: Filter[] }
  | { kind: "or"; items: Filter[] }
  | { kind: "not"; item: Filter }
  | { kind: "compare"; field: Field; op: Op; values: Literal[]; column: number }
  /** Clauses on `span.*` joined by AND in one group hold for the SAME span (MLflow: one EXISTS). */
  | { kind: "span_exists"; items: Extract<Filter, { kind: "compare" }>[] };

export interface OrderBy {
  field: { entity: "trace"; name: TraceField } | { entity: "tag"; key: string } | { entity: "metadata"; key: string };
  direction: "ASC" | "DESC";
}
