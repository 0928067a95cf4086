import type { Assessment } from "@telltale/model";
import type { SessionTurn } from "@telltale/model/api";
import type { TurnRow, TurnSpans } from "@telltale/store";
import type { TurnTexts } from "../../../sessions/turn-texts.ts";
import { toTraceSummary } from "./trace-summary.ts";

const SHORT_TEXT = 2_000;

export interface TurnParts {
  assessments: readonly Assessment[];
  spans: TurnSpans | undefined;
  texts: TurnTexts | undefined;
  isFull: boolean;
}

export function toSessionTurn({ position, trace }: TurnRow, { assessments, spans, texts, isFull }: TurnParts): SessionTurn {
  const summary = toTraceSummary(trace, assessments);
  return {
    position,
    trace_id: summary.trace_id,
    name: summary.name,
    start_time: summary.start_time,
    end_time: summary.end_time,
    duration_ms: summary.duration_ms,
    ttft_ms: summary.ttft_ms,
    status: summary.status,
    status_message: summary.status_message,
    user: summary.user,
    environment: summary.environment,
    version: summary.version,
    models: summary.models,
    llm_calls: summary.llm_calls,
    span_count: summary.span_count,
    error_count: summary.error_count,
    tokens: summary.tokens,
    cost_usd: summary.cost_usd,
    unpriced_calls: summary.unpriced_calls,
    input: textOut(texts?.input, isFull),
    output: textOut(texts?.output, isFull),
    tools: (spans?.tools ?? []).map(({ name, spanId, status, durationMs, error }) => ({
      name,
      span_id: spanId,
      status,
      duration_ms: durationMs,
      error: status === "error" && error !== "" ? error : null,
    })),
    tool_calls: spans?.toolCalls ?? 0,
    assessments: summary.assessments,
  };
}

function textOut(text: string | undefined, isFull: boolean): SessionTurn["input"] {
  if (text === undefined) return null;
  const truncated = !isFull && text.length > SHORT_TEXT;
  // A cut between the halves of a surrogate pair would not be text.
  return { text: truncated ? text.slice(0, SHORT_TEXT).replace(/[\ud800-\udbff]$/, "") : text, truncated };
}
