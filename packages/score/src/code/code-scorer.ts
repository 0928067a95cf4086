import { z } from "zod";
import type { Score, ScoreOutcome } from "../outcome.ts";
import type { ScoredTrace, Subject } from "../subject.ts";
import type { CodeResult } from "./run-javascript.ts";

export type RunCode = (source: string, subject: unknown) => Promise<CodeResult>;

const Value = z.union([z.boolean(), z.number(), z.string().max(1_000)]);
const One = z.union([Value.transform((value) => ({ value, rationale: undefined })), z.object({ value: Value, rationale: z.string().max(10_000).optional() })]);
const Returned = z.union([
  z.null(),
  One,
  z
    .array(z.object({ name: z.string().min(1).max(100), value: Value, rationale: z.string().max(10_000).optional(), span_id: z.string().max(100).optional() }))
    .max(50),
]);

/**
 * A code scorer: `function score(subject)` in JavaScript. It returns a boolean, a number or a text, or `{value, rationale}`, or a
 * list of `{name, value, rationale, span_id}`; `null` = nothing to score here.
 */
export async function runCodeScorer(source: string, subject: Subject, run: RunCode): Promise<ScoreOutcome> {
  const result = await run(
    source,
    subject.level === "trace" ? viewOf(subject.trace) : { session_id: subject.session.sessionId, turns: subject.session.turns.map(viewOf) },
  );
  if (result.kind === "failed") return failure(result.message);
  const returned = Returned.safeParse(JSON.parse(result.json));
  if (!returned.success) return failure("score(subject) must return a boolean, a number, a text, {value, rationale}, a list of {name, value}, or null");
  if (returned.data === null) return { kind: "skipped", reason: "nothing_to_judge" };
  const scores: Score[] = Array.isArray(returned.data)
    ? returned.data.map(({ name, value, rationale, span_id: spanId }) => ({ suffix: name, value, rationale, ...(spanId === undefined ? {} : { spanId }) }))
    : [{ value: returned.data.value, rationale: returned.data.rationale }];
  return scores.length === 0 ? { kind: "skipped", reason: "nothing_to_judge" } : { kind: "scored", scores, usage: undefined };
}

function failure(message: string): ScoreOutcome {
  return { kind: "failed", failure: "permanent", code: "code_failed", message, retryAfterMs: undefined, usage: undefined };
}

/** What code sees of a trace: the same names as the API. */
function viewOf(trace: ScoredTrace): object {
  return {
    trace_id: trace.traceId,
    name: trace.name,
    status: trace.status,
    session: trace.sessionId,
    user: trace.userId,
    duration_ms: trace.durationMs,
    cost_usd: trace.costUsd ?? null,
    inputs: trace.inputs ?? null,
    outputs: trace.outputs ?? null,
    request: trace.request,
    response: trace.response,
    expectations: Object.fromEntries(trace.expectations),
    documents: trace.retrievals.flatMap((retrieval) => retrieval.documents.map(({ content }) => content)),
    tool_calls: trace.toolCalls.map(({ name, arguments: args, result, failed }) => ({ name, arguments: args, result, failed })),
    spans: trace.spans.map((span) => ({
      span_id: span.spanId,
      parent_span_id: span.parentSpanId,
      name: span.name,
      kind: span.kind,
      status: span.status,
      duration_ms: span.durationMs,
      model: span.model,
      inputs: span.inputs,
      outputs: span.outputs,
    })),
  };
}
