import type { ModelTotals } from "./captured-run.ts";
import type { Observed } from "./observed.ts";

/** For tests: where an SDK loses something, exactly what arrives instead of the truth. A change of any number fails. */
export interface Loss {
  why: string;
  observed: Partial<Observed>;
}

const gpt = "gpt-4o-mini-2024-07-18";

function totals(calls: number, input: number, output: number, read: number, write: number, reasoning: number): ModelTotals {
  return { calls, input_tokens: input, output_tokens: output, cache_read: read, cache_write: write, reasoning };
}

export const losses: Record<string, Loss> = {
  "js-langfuse-openai": {
    why: "the streamed call keeps the name of the requested model; embeddings carry no usage",
    observed: { byModel: { [gpt]: totals(4, 457, 100, 128, 0, 32), "gpt-4o-mini": totals(1, 107, 25, 32, 0, 8) }, embeddingTokens: 0 },
  },
  "js-openinference-openai": {
    why: "the streamed call and embeddings carry no usage; the failed call's span is never exported",
    observed: { byModel: { [gpt]: totals(5, 564, 125, 160, 0, 40), "gpt-4o-mini": totals(1, 0, 0, 0, 0, 0) }, embeddingTokens: 0, failedCalls: 0 },
  },
  "js-otel-openai-official": { why: "no cache and reasoning details", observed: { byModel: { [gpt]: totals(6, 671, 150, 0, 0, 0) } } },
  "js-vercel-ai-v4": {
    why: "generateObject asks through a tool named json, but reports its arguments as the object",
    observed: { toolCalls: ["get_weather"] },
  },
  "js-vercel-ai-v6": {
    why: "generateObject reports no details",
    observed: { byModel: { [gpt]: totals(5, 568, 125, 128, 0, 32), "claude-sonnet-4-5": totals(2, 560, 50, 400, 60, 0) } },
  },
  "js-vercel-ai-v6-json": {
    why: "generateObject reports no details",
    observed: { byModel: { [gpt]: totals(5, 568, 125, 128, 0, 32), "claude-sonnet-4-5": totals(2, 560, 50, 400, 60, 0) } },
  },
  "py-haystack-openinference": { why: "no cache and reasoning details", observed: { byModel: { [gpt]: totals(1, 107, 25, 0, 0, 0) } } },
  "py-langfuse-openai": {
    why: "one generation was made by hand: no server saw it",
    observed: { byModel: { [gpt]: totals(7, 785, 175, 224, 0, 56), "gpt-4o": totals(1, 100, 25, 40, 0, 8) } },
  },
  "py-litellm-otel": {
    why: "the streamed call names the requested model as that of the response",
    observed: {
      byModel: {
        [gpt]: totals(2, 214, 50, 64, 0, 16),
        "gpt-4o-mini": totals(1, 107, 25, 32, 0, 8),
        "claude-sonnet-4-5": totals(1, 280, 25, 200, 30, 0),
      },
    },
  },
  "py-openinference-agents": { why: "two retries of the failed request have no spans", observed: { failedCalls: 1 } },
  "py-openinference-langchain": {
    why: "the streamed call asked for no usage; embeddings are not instrumented",
    observed: {
      byModel: { [gpt]: totals(3, 356, 75, 96, 0, 24), "gpt-4o-mini": totals(1, 0, 0, 0, 0, 0) },
      embeddingCalls: 0,
      embeddingTokens: 0,
    },
  },
  "py-openinference-llamaindex": {
    why: "two streamed calls and embeddings carry no usage; the model is the requested one",
    observed: { byModel: { "gpt-4o-mini": totals(3, 114, 25, 32, 0, 8) }, embeddingTokens: 0 },
  },
  "py-openlit": {
    why: "the span of Anthropic's messages.stream() is never exported; reasoning only of the Responses API",
    observed: { byModel: { [gpt]: totals(6, 671, 150, 192, 0, 8), "claude-sonnet-4-5": totals(3, 840, 75, 600, 90, 0) } },
  },
  "py-otel-google-genai": {
    why: "automatic function calling: two calls in one span, with the last usage and without the call for the tool",
    observed: { byModel: { "gemini-2.5-flash-001": totals(3, 420, 99, 120, 0, 24) }, toolCalls: [] },
  },
  "py-otel-openai-v2-experimental": {
    why: "the Responses API is not traced; no cache and reasoning details",
    observed: { byModel: { [gpt]: totals(5, 556, 125, 0, 0, 0) } },
  },
  "py-otel-openai-v2-experimental-grpc": { why: "no cache and reasoning details", observed: { byModel: { [gpt]: totals(3, 342, 75, 0, 0, 0) } } },
  "py-otel-openai-v2-legacy-events": {
    why: "no cache and reasoning details; embeddings are not traced",
    observed: { byModel: { [gpt]: totals(4, 449, 100, 0, 0, 0) }, embeddingCalls: 0, embeddingTokens: 0 },
  },
  "py-pydantic-ai-old-v1": {
    why: "streamed calls name the requested model, and one of their requests is not reported",
    observed: {
      byModel: { [gpt]: totals(5, 591, 125, 160, 0, 40), "gpt-4o-mini": totals(2, 242, 50, 64, 0, 16) },
      toolCalls: ["ask_weather_agent", "final_result", "get_weather", "get_weather"],
    },
  },
  "py-smolagents-openinference": {
    why: "the requested model only; no cache and reasoning details",
    observed: { byModel: { "gpt-4o-mini": totals(4, 484, 100, 0, 0, 0) } },
  },
  "py-traceloop-langchain": {
    why: "the streamed call asked for no usage; no reasoning details",
    observed: { byModel: { [gpt]: totals(3, 356, 75, 96, 0, 0), "gpt-4o-mini": totals(1, 0, 0, 0, 0, 0) } },
  },
  "py-traceloop-old-openai": { why: "streamed calls carry no usage; no reasoning details", observed: { byModel: { [gpt]: totals(5, 456, 100, 128, 0, 0) } } },
  "py-traceloop-openai": { why: "no reasoning details of streamed calls", observed: { byModel: { [gpt]: totals(5, 563, 125, 160, 0, 32) } } },
};
