import type { AssessmentOut, SpanDetail, TraceSummary } from "@telltale/model/api";
import type { TraceBuilder } from "./fixture-builder.ts";
import type { Random } from "./random.ts";

/** A trace as the fixture server keeps it. */
export interface StoredTrace {
  trace: TraceSummary;
  spans: SpanDetail[];
}

interface Told {
  question: string;
  answer: string;
  user: string;
  session: string;
  fails: boolean;
  shape: string;
  random: Random;
}

export function summarise(builder: TraceBuilder, told: Told): StoredTrace {
  const { spans, random } = builder;
  const [root] = spans;
  if (root === undefined) throw new Error("a trace has a root");
  if (told.fails) {
    const failed = spans.find((span) => span.status === "error");
    root.status = "error";
    root.status_message = failed?.status_message ?? null;
  }
  const calls = spans.filter((span) => (span.kind === "LLM" || span.kind === "EMBEDDING") && span.counted);
  const sum = (read: (span: SpanDetail) => number | null): number | null => {
    const known = calls.map(read).filter((value) => value !== null);
    return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
  };
  const input = sum((span) => span.usage.input_tokens);
  const output = sum((span) => span.usage.output_tokens);
  const unique = (read: (span: SpanDetail) => string | null): string[] => [...new Set(spans.map(read).filter((value) => value !== null))];
  const trace: TraceSummary = {
    trace_id: builder.traceId,
    project_id: builder.projectId,
    name: root.name,
    status: told.fails ? "error" : "ok",
    status_message: root.status_message,
    start_time: root.start_time,
    end_time: root.end_time,
    duration_ms: root.duration_ms,
    root_span_id: root.span_id,
    service: "support-bot",
    services: ["support-bot"],
    environment: random.chance(0.8) ? "production" : "staging",
    version: random.chance(0.7) ? "2.14.0" : "2.13.2",
    session: told.session,
    user: told.user,
    client_request_id: `req-${random.hex(6)}`,
    input_preview: told.question,
    output_preview: told.fails ? "" : told.answer,
    span_count: spans.length,
    error_count: spans.filter((span) => span.status === "error").length,
    llm_calls: calls.length,
    unpriced_calls: calls.filter((span) => span.cost_source === "unknown").length,
    tokens: {
      input,
      output,
      total: input === null && output === null ? null : (input ?? 0) + (output ?? 0),
      cache_read: sum((span) => span.usage.cache_read_tokens),
      cache_write: null,
      reasoning: sum((span) => span.usage.reasoning_tokens),
    },
    cost_usd: sum((span) => span.cost_usd),
    ttft_ms: calls.find((span) => span.ttft_ms !== null)?.ttft_ms ?? null,
    models: unique((span) => (span.kind === "LLM" ? span.model : null)),
    providers: unique((span) => span.provider),
    tools: unique((span) => span.tool_name),
    failed_tools: unique((span) => (span.status === "error" ? span.tool_name : null)),
    agents: unique((span) => span.agent_name),
    prompts: unique((span) => span.prompt),
    run_ids: [],
    labels: random.chance(0.2) ? ["beta"] : [],
    tags: { team: random.pick(["care", "billing", "growth"]), ...(random.chance(0.1) ? { release: "canary" } : {}) },
    metadata: { "mlflow.trace_schema.version": "3" },
    complete: true,
    truncated: false,
    assessments: [],
  };
  if (random.chance(0.35)) trace.assessments.push(feedback(trace, "helpful", random.chance(0.75), "HUMAN", told.user, null));
  if (random.chance(0.25))
    trace.assessments.push(
      feedback(
        trace,
        "groundedness",
        Math.round(random.between(0.4, 1) * 100) / 100,
        "LLM_JUDGE",
        "gpt-5.2-mini",
        "Every claim in the answer is found in the retrieved section on returns.",
      ),
    );
  return { trace, spans };
}

function feedback(
  trace: TraceSummary,
  name: string,
  value: unknown,
  type: AssessmentOut["source"]["type"],
  id: string,
  rationale: string | null,
): AssessmentOut {
  return {
    assessment_id: `a-${trace.trace_id.split("").toReversed().join("")}${name.length}`,
    trace_id: trace.trace_id,
    span_id: null,
    name,
    kind: "feedback",
    value,
    error: null,
    source: { type, id },
    rationale,
    metadata: {},
    overrides: null,
    valid: true,
    created_at: trace.end_time,
    updated_at: trace.end_time,
  };
}
