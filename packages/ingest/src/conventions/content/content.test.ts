import type { SpanContent } from "@telltale/model";
import { describe, expect, test } from "vitest";
import { capturedRun } from "../../golden/captured-run.ts";
import { rawEvent, rawLog, rawSpan } from "../../golden/raw-span.ts";
import { readContent } from "./content.ts";

/** Content of the spans of a capture that have this name and kind. */
function contents(capture: string, kind: string, name?: string): SpanContent[] {
  return capturedRun(capture)
    .spans.filter(({ span }) => span.kind === kind && (name === undefined || span.name === name))
    .map(({ raw, logs }) => readContent(raw, logs));
}

const weather = { name: "get_weather", schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } };

describe("what is offered as tools", () => {
  test.each([
    "py-otel-genai-openai",
    "py-openinference-openai",
    "py-openinference-anthropic",
    "py-traceloop-openai",
    "py-traceloop-old-openai",
    "py-langfuse-openai",
    "py-mlflow-otlp",
    "py-litellm-otel",
    "js-langfuse-openai",
  ])("%s", (capture) => {
    expect(contents(capture, "LLM").flatMap((content) => content.toolDefinitions)).toContainEqual(expect.objectContaining(weather));
  });

  test.each(["js-vercel-ai-v4", "js-vercel-ai-v6", "js-vercel-ai-v7", "py-pydantic-ai-default", "py-pydantic-ai-old-v1", "py-openinference-agents"])(
    "%s, by name",
    (capture) => {
      expect(contents(capture, "LLM").flatMap((content) => content.toolDefinitions.map((tool) => tool.name))).toContain("get_weather");
    },
  );
});

describe("what a tool was called with and what it answered", () => {
  test.each([
    ["js-vercel-ai-v6", { city: "Paris", temp_c: 18, sky: "sunny" }],
    ["js-vercel-ai-v7", { city: "Paris", temp_c: 18, sky: "sunny" }],
    ["py-traceloop-openai", { city: "Paris", temp_c: 18, sky: "sunny" }],
    ["py-langfuse-openai", { city: "Paris", temp_c: 18, sky: "sunny" }],
    ["py-mlflow-otlp", { city: "Paris", temp_c: 18, sky: "sunny" }],
    ["py-otel-google-genai", "18C sunny"],
    ["py-crewai-openinference", "18C sunny"],
  ])("%s", (capture, result) => {
    const [tool] = contents(capture, "TOOL");
    expect(tool?.toolArguments).toEqual({ city: "Paris" });
    expect(tool?.toolResult).toEqual(result);
  });

  test("LangChain through Traceloop: a Python dict and a constructor object", () => {
    const [tool] = contents("py-traceloop-langchain", "TOOL");
    expect(tool?.toolArguments).toBe("{'city': 'Paris'}");
    expect(tool?.toolResult).toEqual({ temp_c: 18, sky: "sunny" });
  });
});

describe("retrieved documents", () => {
  test.each([
    ["py-openinference-manual", { id: "d1", content: "Refunds within 30 days", score: 0.91, metadata: { source: "policy.md" } }],
    ["py-langfuse-openai", { id: "d1", content: "Refunds are accepted within 30 days.", score: 0.92 }],
    ["py-mlflow-otlp", { id: "d1", content: "Refunds are accepted within 30 days.", score: 0.92, metadata: { doc_uri: "policy.md", score: 0.92 } }],
    ["py-openinference-langchain", { content: "Refunds are accepted within 30 days.", metadata: { source: "policy.md", page: 3 } }],
    ["py-traceloop-langchain", { content: "Refunds are accepted within 30 days.", metadata: { source: "policy.md", page: 3 } }],
  ])("%s", (capture, document) => {
    expect(contents(capture, "RETRIEVER")[0]?.documents).toContainEqual(document);
  });

  test("with their query, and those of a reranker", () => {
    expect(contents("py-mlflow-otlp", "RETRIEVER")[0]?.retrievalQuery).toBe("What is the refund window?");
    expect(contents("py-openinference-manual", "RERANKER")[0]).toMatchObject({ retrievalQuery: "refund?", documents: [{ content: "Refunds", score: 0.99 }] });
  });
});

test("system instructions are found beside the messages and among them", () => {
  for (const capture of ["py-openinference-openai", "js-vercel-ai-v4", "js-vercel-ai-v7", "py-otel-genai-openai", "py-otel-openai-v2-legacy-events"]) {
    expect(contents(capture, "LLM").map((content) => content.systemInstructions)).toContainEqual(expect.stringMatching(/terse/));
  }
});

test("parameters, prompt template and variables", () => {
  const [first] = contents("py-openinference-openai", "LLM");
  expect(first).toMatchObject({
    params: { temperature: 0.2, max_tokens: 64 },
    promptTemplate: "Capital of {country}?",
    promptVariables: { country: "France" },
  });
  expect(contents("py-traceloop-langchain", "EMBEDDING")[0]).toMatchObject({ promptTemplate: "Tell me a {what}", promptVariables: { what: "joke" } });
  expect(contents("js-vercel-ai-v6", "LLM")[0]?.params).toMatchObject({ temperature: 0.2 });
  expect(contents("py-mlflow-otlp", "LLM").map((content) => content.params)).toContainEqual({ temperature: 0.2, max_tokens: 64 });
});

test("embeddings are counted, their vectors dropped", () => {
  expect(contents("py-openinference-openai", "EMBEDDING")[0]?.embeddings).toEqual({ count: 2, dimension: 8 });
  expect(contents("js-vercel-ai-v6", "EMBEDDING")[0]?.embeddings).toEqual({ count: 1, dimension: 8 });
  expect(contents("py-mlflow-otlp", "EMBEDDING")[0]?.embeddings).toEqual({ count: 2, dimension: 8 });
  expect(contents("py-langfuse-openai", "EMBEDDING")[0]?.embeddings).toEqual({ count: 2, dimension: 8 });
});

test("images are parts of their message", () => {
  const parts = contents("py-openinference-openai", "LLM").flatMap((content) => content.inputMessages.flatMap((message) => message.parts));
  expect(parts).toContainEqual(expect.objectContaining({ type: "uri", mimeType: "image/png", modality: "image" }));
});

test("a handoff names the agent that takes over", () => {
  expect(contents("py-openinference-agents", "TOOL", "handoff to weather_agent")[0]?.handoffTo).toBe("weather_agent");
  expect(contents("py-openinference-agents", "LLM").map((content) => content.handoffTo)).toContain("weather_agent");
});

test("scores of evaluator spans and of evaluation events, on spans and in log records", () => {
  expect(contents("py-openinference-manual", "EVALUATOR")[0]?.scores).toEqual([{ name: "eval", value: 0.8, source: "openinference" }]);
  const attributes = { "gen_ai.evaluation.name": "relevance", "gen_ai.evaluation.score.value": 0.5, "gen_ai.evaluation.score.label": "fair" };
  const expected = [{ name: "relevance", value: 0.5, label: "fair", source: "gen_ai.evaluation" }];
  expect(readContent(rawSpan({}, { events: [rawEvent("gen_ai.evaluation.result", attributes)] })).scores).toEqual(expected);
  expect(readContent(rawSpan({}), [rawLog("gen_ai.evaluation.result", null, attributes)]).scores).toEqual(expected);
});

test("Strands: span events whose text is a list of Bedrock blocks", () => {
  const raw = rawSpan(
    { "gen_ai.operation.name": "chat" },
    {
      scopeName: "strands.telemetry.tracer",
      events: [
        rawEvent("gen_ai.user.message", { content: '[{"text":"Weather?"}]' }),
        rawEvent("gen_ai.choice", { message: '[{"toolUse":{"toolUseId":"c1","name":"get_weather","input":{"city":"Paris"}}}]', finish_reason: "tool_use" }),
      ],
    },
  );
  expect(readContent(raw)).toMatchObject({
    inputMessages: [{ role: "user", parts: [{ type: "text", content: "Weather?" }] }],
    outputMessages: [
      { role: "assistant", finishReason: "tool_calls", parts: [{ type: "tool_call", id: "c1", name: "get_weather", arguments: { city: "Paris" } }] },
    ],
  });
});

test("Semantic Kernel: messages in OpenAI's shape, and an empty list is none", () => {
  const raw = rawSpan(
    { "gen_ai.operation.name": "chat", "gen_ai.input.messages": '[{"role":"user","content":"hi"}]', "gen_ai.output.messages": "[]" },
    { scopeName: "semantic_kernel.utils" },
  );
  expect(readContent(raw)).toMatchObject({ inputMessages: [{ role: "user", parts: [{ type: "text", content: "hi" }] }], outputMessages: [] });
});

test("Google ADK: the request and response of the Gemini API", () => {
  const request = { model: "gemini-2.5-flash", config: { system_instruction: "Be terse." }, contents: [{ role: "user", parts: [{ text: "hi" }] }] };
  const response = { content: { role: "model", parts: [{ function_call: { name: "search", args: { q: "x" } } }] } };
  const raw = rawSpan(
    { "gcp.vertex.agent.llm_request": JSON.stringify(request), "gcp.vertex.agent.llm_response": JSON.stringify(response) },
    { scopeName: "gcp.vertex.agent", name: "call_llm" },
  );
  expect(readContent(raw)).toMatchObject({
    systemInstructions: "Be terse.",
    inputMessages: [{ role: "system" }, { role: "user", parts: [{ type: "text", content: "hi" }] }],
    outputMessages: [{ role: "assistant", parts: [{ type: "tool_call", name: "search", arguments: { q: "x" } }] }],
  });
});
