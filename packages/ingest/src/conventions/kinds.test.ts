import type { AttributeValue, SpanKind } from "@telltale/model";
import { expect, test } from "vitest";
import { rawSpan } from "../golden/raw-span.ts";
import { normaliseSpan } from "./normalise.ts";

type Case = [dialect: string, kind: SpanKind, attributes: Record<string, AttributeValue>, given?: { name?: string; scopeName?: string; otelKind?: number }];

const cases: Case[] = [
  ["genai", "LLM", { "gen_ai.operation.name": "chat" }],
  ["genai", "LLM", { "gen_ai.operation.name": "generate_content" }],
  ["genai", "LLM", { "gen_ai.operation.name": "text_completion" }],
  ["genai", "EMBEDDING", { "gen_ai.operation.name": "embeddings" }],
  ["genai", "RETRIEVER", { "gen_ai.operation.name": "retrieval" }],
  ["genai", "TOOL", { "gen_ai.operation.name": "execute_tool" }],
  ["genai", "AGENT", { "gen_ai.operation.name": "invoke_agent" }],
  ["genai", "WORKFLOW", { "gen_ai.operation.name": "invoke_workflow" }],
  ["genai", "MEMORY", { "gen_ai.operation.name": "search_memory" }],
  ["genai", "CHAIN", { "gen_ai.operation.name": "agent_step" }],
  ["langfuse", "LLM", { "langfuse.observation.type": "generation" }],
  ["langfuse", "CHAIN", { "langfuse.observation.type": "span" }],
  ["langfuse", "GUARDRAIL", { "langfuse.observation.type": "guardrail" }],
  ["mlflow", "LLM", { "mlflow.spanType": '"CHAT_MODEL"' }],
  ["mlflow", "RETRIEVER", { "mlflow.spanType": '"RETRIEVER"', "gen_ai.operation.name": "chat" }],
  ["mlflow", "UNKNOWN", { "mlflow.spanType": '"MY_STEP"' }],
  ["openinference", "RERANKER", { "openinference.span.kind": "RERANKER" }],
  ["openinference", "PROMPT", { "openinference.span.kind": "PROMPT" }],
  ["openinference", "CHAIN", { "openinference.span.kind": "LLM" }, { name: "OpenAILike._prepare_chat_with_tools" }],
  ["vercel", "LLM", { "ai.operationId": "ai.streamText.doStream", "gen_ai.operation.name": "chat" }],
  ["vercel", "CHAIN", { "ai.operationId": "ai.generateText" }],
  ["vercel", "AGENT", { "ai.operationId": "ai.generateText", "ai.settings.maxSteps": 4 }],
  ["vercel", "EMBEDDING", { "ai.operationId": "ai.embed.doEmbed" }],
  ["vercel", "TOOL", { "ai.operationId": "ai.toolCall" }],
  ["mastra", "AGENT", { "mastra.span.type": "agent_run" }],
  ["mastra", "LLM", { "mastra.span.type": "model_inference" }],
  ["mastra", "CHAIN", { "mastra.span.type": "model_generation", "gen_ai.operation.name": "model_generation" }],
  ["mastra", "LLM", { "mastra.span.type": "model_generation", "gen_ai.operation.name": "chat" }],
  ["mastra", "TOOL", { "mastra.span.type": "tool_call" }],
  ["traceloop", "WORKFLOW", { "traceloop.span.kind": "workflow", "gen_ai.operation.name": "invoke_agent" }],
  ["traceloop", "RETRIEVER", { "traceloop.span.kind": "task", "gen_ai.operation.name": "vector_db_retrieve" }],
  ["traceloop", "CHAIN", { "traceloop.span.kind": "task", "gen_ai.agent.name": "copied to every span" }],
  ["haystack", "LLM", { "haystack.component.type": "OpenAIChatGenerator" }, { name: "haystack.component.run" }],
  ["haystack", "RETRIEVER", { "haystack.component.type": "InMemoryBM25Retriever" }, { name: "haystack.component.run" }],
  ["haystack", "TOOL", { "haystack.component.type": "ToolInvoker" }, { name: "haystack.component.run" }],
  ["haystack", "LLM", { "haystack.agent.step.llm.input": "{}" }, { name: "haystack.agent.step.llm" }],
  ["haystack", "TOOL", { "haystack.tool.name": "search" }, { name: "haystack.agent.step.tool" }],
  ["haystack", "WORKFLOW", { "haystack.pipeline.input_data": "{}" }, { name: "haystack.pipeline.run" }],
  ["openllmetry", "LLM", { "llm.request.type": "chat" }],
  ["openllmetry", "EMBEDDING", { "llm.request.type": "embedding" }],
  ["openllmetry", "LLM", { "gen_ai.prompt.0.role": "user", "gen_ai.prompt.0.content": "hi" }],
  ["pydantic_ai", "AGENT", { agent_name: "a", model_name: "gpt-4o" }, { name: "agent run", scopeName: "pydantic-ai" }],
  ["pydantic_ai", "AGENT", { agent_name: "a", model_name: "gpt-4o", "gen_ai.operation.name": "chat" }, { scopeName: "pydantic-ai" }],
  ["pydantic_ai", "TOOL", { "gen_ai.tool.name": "t", tool_arguments: "{}" }, { scopeName: "pydantic-ai" }],
  ["pydantic_ai", "CHAIN", { tools: ["t"] }, { scopeName: "pydantic-ai" }],
  ["litellm", "LLM", { "gen_ai.operation.name": "chat" }, { scopeName: "litellm" }],
  ["litellm", "HTTP", { "llm.openai.id": "x" }, { scopeName: "litellm", name: "raw_gen_ai_request" }],
  ["litellm", "HTTP", { "llm.openai.messages": "[]", "llm.openai.id": "x" }, { scopeName: "litellm", name: "my-generation" }],
  ["strands", "CHAIN", { "gen_ai.operation.name": "execute_event_loop_cycle" }, { scopeName: "strands.telemetry.tracer" }],
  ["strands", "AGENT", { "gen_ai.operation.name": "invoke_agent" }, { scopeName: "strands.telemetry.tracer" }],
  ["openlit", "LLM", { "gen_ai.operation.name": "chat" }, { scopeName: "openlit.instrumentation.openai" }],
  ["adk", "LLM", { "gen_ai.system": "gcp.vertex.agent" }, { scopeName: "gcp.vertex.agent", name: "call_llm" }],
  ["adk", "WORKFLOW", {}, { scopeName: "gcp.vertex.agent", name: "invocation" }],
  ["autogen", "AGENT", { "gen_ai.operation.name": "invoke_agent" }, { scopeName: "autogen-core" }],
  ["autogen", "CHAIN", { "messaging.operation": "process" }, { scopeName: "autogen SingleThreadedAgentRuntime", name: "autogen process x" }],
  ["semantic_kernel", "LLM", { "gen_ai.operation.name": "chat.completions" }, { scopeName: "semantic_kernel.utils.telemetry" }],
  ["laminar", "LLM", { "lmnr.span.type": "LLM" }],
  ["livekit", "LLM", { "lk.chat_ctx": "[]" }, { scopeName: "livekit-agents", name: "llm_request" }],
  ["claude_code", "LLM", { "span.type": "llm_request" }],
  ["mcp", "TOOL", { "mcp.method.name": "tools/call" }],
  ["mcp", "CHAIN", { "mcp.method.name": "resources/read" }],
  ["http", "HTTP", { "http.method": "POST", "http.url": "https://example.com/" }, { otelKind: 3 }],
  ["other", "CHAIN", { anything: "else" }],
];

test.each(cases)("%s → %s by %j", (dialect, kind, attributes, given = {}) => {
  const span = normaliseSpan(rawSpan(attributes, given));
  expect([span.dialect, span.kind]).toEqual([dialect, kind]);
});

test("a name never decides what a span is", () => {
  expect(normaliseSpan(rawSpan({}, { name: "ChatOpenAI.chat" })).kind).toBe("CHAIN");
});

test.each<[string, Record<string, AttributeValue>, { name?: string; scopeName?: string; otelKind?: number }]>([
  ["a Mastra chunk", { "mastra.span.type": "model_chunk" }, {}],
  ["a Strands event loop", { "gen_ai.operation.name": "execute_event_loop_cycle" }, { scopeName: "strands.telemetry.tracer" }],
  ["a LangChain connector", { "openinference.span.kind": "CHAIN" }, { name: "RunnableLambda" }],
  ["an AutoGen message", {}, { scopeName: "autogen-core", name: "autogen ack" }],
  ["LiteLLM's raw request", {}, { scopeName: "litellm", name: "raw_gen_ai_request" }],
  ["the HTTP request of a model call", { "http.method": "POST", "http.url": "https://api.openai.com/v1/chat/completions" }, { otelKind: 3 }],
])("%s is noise", (_what, attributes, given) => {
  expect(normaliseSpan(rawSpan(attributes, given)).noise).toBe(true);
});

test("the HTTP request of a tool is not noise", () => {
  expect(normaliseSpan(rawSpan({ "http.request.method": "GET", "url.full": "https://api.weather.example/paris" }, { otelKind: 3 })).noise).toBe(false);
});
