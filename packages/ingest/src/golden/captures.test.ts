import { describe, expect, test } from "vitest";
import { readContent } from "../conventions/content/content.ts";
import { captureNames, capturedRun, type Truth } from "./captured-run.ts";
import { losses } from "./losses.ts";
import { observe, type Observed } from "./observed.ts";

function served(truth: Truth): Observed {
  return {
    byModel: truth.by_response_model,
    embeddingCalls: truth.embedding_calls,
    embeddingTokens: truth.embedding_input_tokens,
    failedCalls: truth.failed_requests.length,
    toolCalls: truth.tool_calls_requested.toSorted(),
  };
}

describe("calls, tokens and tool calls of every capture equal what the model server served", () => {
  test.each(captureNames.map((name) => [name, losses[name]?.why ?? "nothing lost"] as const))("%s (%s)", (name) => {
    const run = capturedRun(name);
    if (run.truth === null) return expect(name).toBe("py-openinference-manual");
    expect(observe(run)).toEqual({ ...served(run.truth), ...losses[name]?.observed });
  });

  test("the hand-made capture: one call of 10 in (4 cached) and 5 out (2 reasoning) for 0.0012 USD", () => {
    const run = capturedRun("py-openinference-manual");
    expect(observe(run).byModel).toEqual({ "gpt-4o-mini": { calls: 1, input_tokens: 10, output_tokens: 5, cache_read: 4, cache_write: 0, reasoning: 2 } });
    const call = run.spans.find(({ span }) => span.kind === "LLM");
    expect(call?.span.cost).toEqual({ usd: 0.0012, source: "reported", reportedUsd: 0.0012, priceVersion: "" });
  });

  test("every listed loss belongs to a capture", () => {
    expect(captureNames).toEqual(expect.arrayContaining(Object.keys(losses)));
  });
});

const withSession = [
  "js-langfuse-openai",
  "js-openinference-openai",
  "js-vercel-ai-v4",
  "js-vercel-ai-v6",
  "js-vercel-ai-v7",
  "py-langfuse-openai",
  "py-openinference-langchain",
  "py-openinference-llamaindex",
  "py-openinference-openai",
  "py-traceloop-anthropic",
  "py-traceloop-langchain",
  "py-traceloop-old-openai",
  "py-traceloop-openai",
];

test.each(withSession)("session sess-7 and its user are found in %s", (name) => {
  const spans = capturedRun(name).spans.map(({ span }) => span);
  expect(spans.map((span) => span.sessionId)).toContain("sess-7");
  // The LlamaIndex program set a session only.
  if (name !== "py-openinference-llamaindex") expect(spans.map((span) => span.userId)).toContain("user-42");
});

test("the user of a LiteLLM call is found in its `user` parameter", () => {
  expect(capturedRun("py-litellm-otel").spans.map(({ span }) => span.userId)).toContain("user-42");
});

/** Calls whose input never arrives: OTel drops image parts, Traceloop uploads the image and leaves the message out. */
const inputsLost: Record<string, number> = { "py-openinference-manual": 1, "py-otel-openai-v2-experimental": 1, "py-traceloop-anthropic": 1 };

test.each(captureNames)("every call of %s that succeeded has its messages", (name) => {
  const calls = capturedRun(name).spans.filter(
    // Anthropic's own spans carry none, and Traceloop does not trace `messages.stream()` beside them.
    ({ span }) => span.kind === "LLM" && span.counted && span.status !== "error" && !span.scopeName.startsWith("com.anthropic.sdk."),
  );
  const contents = calls.map(({ raw, logs }) => readContent(raw, logs));
  const outputsLost = name === "py-openinference-manual" ? 1 : 0;
  expect(contents.filter((content) => content.inputMessages.length === 0)).toHaveLength(inputsLost[name] ?? 0);
  expect(contents.filter((content) => content.outputMessages.length === 0)).toHaveLength(outputsLost);
  expect(calls.filter(({ span }) => span.outputs === "")).toHaveLength(outputsLost);
});

test("no duplicate points to a span that does not count", () => {
  for (const name of captureNames) {
    const spans = capturedRun(name).spans.map(({ span }) => span);
    const counting = new Set(spans.flatMap((span) => (span.counted ? [`${span.traceId}:${span.spanId}`] : [])));
    for (const span of spans) if (!span.counted) expect(counting).toContain(span.duplicateOf);
  }
});
