import type { Message } from "@telltale/model";
import { readContent } from "../conventions/content/content.ts";
import type { CapturedRun, ModelTotals } from "./captured-run.ts";

/** For tests: what we make of a capture, in the terms in which its truth is written. */
export interface Observed {
  byModel: Record<string, ModelTotals>;
  embeddingCalls: number;
  embeddingTokens: number;
  failedCalls: number;
  toolCalls: string[];
}

/** Sums over the calls that count. */
export function observe(run: CapturedRun): Observed {
  const observed: Observed = { byModel: {}, embeddingCalls: 0, embeddingTokens: 0, failedCalls: 0, toolCalls: [] };
  for (const { raw, logs, span } of run.spans) {
    if (!span.counted || (span.kind !== "LLM" && span.kind !== "EMBEDDING")) continue;
    if (span.kind === "EMBEDDING") {
      observed.embeddingCalls += 1;
      observed.embeddingTokens += span.usage.input ?? 0;
      continue;
    }
    observed.toolCalls.push(...toolCalls(readContent(raw, logs).outputMessages));
    if (span.status === "error") {
      observed.failedCalls += 1;
      continue;
    }
    const totals = (observed.byModel[span.responseModel || span.requestModel] ??= noTotals());
    totals.calls += 1;
    totals.input_tokens += span.usage.input ?? 0;
    totals.output_tokens += span.usage.output ?? 0;
    totals.cache_read += span.usage.cacheRead ?? 0;
    totals.cache_write += span.usage.cacheWrite ?? 0;
    totals.reasoning += span.usage.reasoning ?? 0;
  }
  observed.toolCalls.sort();
  return observed;
}

/** Names of the tools that messages ask for. */
export function toolCalls(messages: readonly Message[]): string[] {
  return messages.flatMap((message) => message.parts.flatMap((part) => (part.type === "tool_call" ? [part.name] : [])));
}

function noTotals(): ModelTotals {
  return { calls: 0, input_tokens: 0, output_tokens: 0, cache_read: 0, cache_write: 0, reasoning: 0 };
}
