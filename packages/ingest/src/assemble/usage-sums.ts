import type { TraceTokens } from "@telltale/model";
import { isBillable } from "../dedup/settle-span.ts";
import type { AssemblySpan } from "./assembly-span.ts";

export interface UsageSums {
  tokens: TraceTokens;
  costUsd: number | undefined;
  llmCalls: number;
  unpricedCalls: number;
}

/** Sums over the calls that count. What no call reported stays undefined: unknown is not zero. */
export function sumUsage(spans: readonly AssemblySpan[]): UsageSums {
  const tokens: TraceTokens = { input: undefined, output: undefined, total: undefined, cacheRead: undefined, cacheWrite: undefined, reasoning: undefined };
  let costNano: number | undefined;
  let llmCalls = 0;
  let unpricedCalls = 0;
  for (const span of spans) {
    if (!span.counted || !isBillable(span)) continue;
    if (span.kind === "LLM") llmCalls += 1;
    tokens.input = add(tokens.input, span.inputTokens);
    tokens.output = add(tokens.output, span.outputTokens);
    tokens.cacheRead = add(tokens.cacheRead, span.cacheRead);
    tokens.cacheWrite = add(tokens.cacheWrite, span.cacheWrite);
    tokens.reasoning = add(tokens.reasoning, span.reasoning);
    // Added as whole nano-dollars, so that a thousand small costs do not drift.
    if (span.costUsd !== undefined) costNano = (costNano ?? 0) + Math.round(span.costUsd * 1e9);
    if (span.costUnknown) unpricedCalls += 1;
  }
  tokens.total = add(tokens.input, tokens.output);
  return { tokens, costUsd: costNano === undefined ? undefined : costNano / 1e9, llmCalls, unpricedCalls };
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b;
  return b === undefined ? a : a + b;
}
