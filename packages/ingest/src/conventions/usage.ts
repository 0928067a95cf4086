import type { Span, Usage } from "@telltale/model";
import { count, decimal, record } from "./values.ts";

/** Fills counts that are still unknown. Never adds: a count comes from one place. */
export function fillUsage(usage: Usage, from: Partial<Usage>): void {
  usage.input ??= from.input;
  usage.output ??= from.output;
  usage.cacheRead ??= from.cacheRead;
  usage.cacheWrite ??= from.cacheWrite;
  usage.cacheWrite1h ??= from.cacheWrite1h;
  usage.reasoning ??= from.reasoning;
  usage.inputAudio ??= from.inputAudio;
  usage.outputAudio ??= from.outputAudio;
  usage.inputImage ??= from.inputImage;
}

/** True when any tokens were reported. */
export function hasUsage(usage: Usage): boolean {
  return usage.input !== undefined || usage.output !== undefined;
}

/**
 * Usage object as providers return it: OpenAI chat and responses, Anthropic, Gemini, LangChain. Cache may be in or
 * out of the input: `makeInclusive` settles that.
 */
export function providerUsage(value: unknown): Partial<Usage> {
  const usage = record(value);
  if (usage === undefined) return {};
  const input = record(usage["prompt_tokens_details"]) ?? record(usage["input_tokens_details"]) ?? record(usage["input_token_details"]) ?? {};
  const output = record(usage["completion_tokens_details"]) ?? record(usage["output_tokens_details"]) ?? record(usage["output_token_details"]) ?? {};
  const candidates = count(usage["candidatesTokenCount"] ?? usage["candidates_token_count"]);
  const thoughts = count(usage["thoughtsTokenCount"] ?? usage["thoughts_token_count"]);
  return {
    input: first(usage["prompt_tokens"], usage["input_tokens"], usage["promptTokenCount"], usage["prompt_token_count"]),
    output: first(usage["completion_tokens"], usage["output_tokens"]) ?? (candidates === undefined ? undefined : candidates + (thoughts ?? 0)),
    cacheRead: first(input["cached_tokens"], input["cache_read"], usage["cache_read_input_tokens"], usage["cachedContentTokenCount"]),
    cacheWrite: first(input["cache_creation"], input["cache_write_tokens"], usage["cache_creation_input_tokens"]),
    cacheWrite1h: first(record(usage["cache_creation"])?.["ephemeral_1h_input_tokens"]),
    reasoning: first(output["reasoning_tokens"], output["reasoning"]) ?? thoughts,
    inputAudio: first(input["audio_tokens"], input["audio"]),
    outputAudio: first(output["audio_tokens"], output["audio"]),
    inputImage: first(input["image_tokens"]),
  };
}

function first(...values: unknown[]): number | undefined {
  for (const value of values) {
    const number = count(value);
    if (number !== undefined) return number;
  }
  return undefined;
}

/**
 * Brings counts into the canonical form: input includes cache, output includes reasoning. A source is exclusive when
 * a part is larger than its whole, or when it is known to be (OpenLIT on Anthropic). Protocol notes §4.4.
 */
export function makeInclusive(span: Span): void {
  const usage = span.usage;
  const cached = (usage.cacheRead ?? 0) + (usage.cacheWrite ?? 0);
  const knownExclusive = span.provider === "anthropic" && (span.dialect === "openlit" || span.dialect === "claude_code");
  if (usage.input !== undefined && cached > 0 && (cached > usage.input || knownExclusive)) usage.input += cached;
  if (usage.output !== undefined && usage.reasoning !== undefined && usage.reasoning > usage.output) usage.output += usage.reasoning;
}

/** Reported cost in USD; a 0 is how SDKs say "no price for this model", so it is not kept. */
export function reportedCost(...values: unknown[]): number | undefined {
  for (const value of values) {
    const usd = decimal(value);
    if (usd !== undefined && usd > 0) return usd;
  }
  return undefined;
}

/** Keeps the first reported cost that is known. */
export function fillCost(span: Span, usd: number | undefined): void {
  if (usd === undefined || span.cost.reportedUsd !== undefined) return;
  span.cost.reportedUsd = usd;
  span.cost.usd = usd;
  span.cost.source = "reported";
}
