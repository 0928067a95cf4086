import { type RawSpan, type Span, flawBit } from "@telltale/model";
import { count, record, structured } from "./values.ts";

/** Where instrumentations write the sum themselves. */
const totals = ["gen_ai.usage.total_tokens", "llm.usage.total_tokens", "llm.token_count.total", "ai.usage.totalTokens"];

/**
 * Which identities the reported tokens of a model call break, as bits: to be asked before `makeInclusive` puts them right.
 * A part that is larger than its whole was reported beside it, not in it.
 */
export function usageFlawsOf(raw: RawSpan, span: Span): number {
  const { input, output, cacheRead = 0, cacheWrite = 0, reasoning = 0 } = span.usage;
  if (input === undefined && output === undefined) return 0;
  let flaws = 0;
  const total = reportedTotal(raw);
  if (total !== undefined && total !== (input ?? 0) + (output ?? 0)) flaws |= flawBit("total_not_sum");
  if (input !== undefined && cacheRead > input) flaws |= flawBit("cached_over_input");
  if (input !== undefined && cacheWrite > input) flaws |= flawBit("cache_write_over_input");
  if (output !== undefined && reasoning > output) flaws |= flawBit("reasoning_over_output");
  if (output === 0 && span.kind === "LLM" && span.outputs !== "") flaws |= flawBit("no_output_with_content");
  return flaws;
}

function reportedTotal(raw: RawSpan): number | undefined {
  for (const key of totals) {
    const value = raw.attributes.get(key);
    if (value !== undefined) return count(value);
  }
  const mlflow = raw.attributes.get("mlflow.chat.tokenUsage");
  return mlflow === undefined ? undefined : count(record(structured(mlflow))?.["total_tokens"]);
}
