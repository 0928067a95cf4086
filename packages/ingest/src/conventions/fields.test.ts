import { type AttributeValue, Double } from "@telltale/model";
import { describe, expect, test } from "vitest";
import { double, rawEvent, rawLog, rawSpan } from "../golden/raw-span.ts";
import { redactSpan } from "./attribute-map.ts";
import { normaliseSpan } from "./normalise.ts";

const chat = { "gen_ai.operation.name": "chat" };

describe("tokens", () => {
  test("never become numbers when they are none", () => {
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY, -3, 1.5, "many", "", null, true, 2 ** 40, [5]] as AttributeValue[]) {
      expect(normaliseSpan(rawSpan({ ...chat, "gen_ai.usage.input_tokens": broken })).usage.input, String(broken)).toBeUndefined();
    }
  });

  test("are read from ints, doubles, bigints and text", () => {
    for (const good of [7, new Double(7), 7n, "7"] as AttributeValue[]) {
      expect(normaliseSpan(rawSpan({ ...chat, "gen_ai.usage.input_tokens": good })).usage.input).toBe(7);
    }
  });

  test("of two conventions on one span are never added", () => {
    const span = normaliseSpan(
      rawSpan({
        "ai.operationId": "ai.generateText.doGenerate",
        "ai.usage.inputTokens": 114,
        "gen_ai.usage.input_tokens": 114,
        "gen_ai.usage.prompt_tokens": 114,
      }),
    );
    expect(span.usage.input).toBe(114);
  });

  test("0 in and 0 out is not reported, 0 cached is", () => {
    const zero = { ...chat, "gen_ai.usage.input_tokens": 0, "gen_ai.usage.output_tokens": 0 };
    expect(normaliseSpan(rawSpan(zero)).usage).toMatchObject({ input: undefined, output: undefined });
    const cached = { ...chat, "gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 1, "gen_ai.usage.cache_read.input_tokens": 0 };
    expect(normaliseSpan(rawSpan(cached)).usage.cacheRead).toBe(0);
  });

  test("input that excludes cache is made to include it", () => {
    const raw = { ...chat, "gen_ai.usage.input_tokens": 50, "gen_ai.usage.cache_read.input_tokens": 200, "gen_ai.usage.cache_creation.input_tokens": 30 };
    expect(normaliseSpan(rawSpan(raw)).usage.input).toBe(280);
  });

  test("OpenLIT excludes Anthropic's cache even where the numbers do not show it", () => {
    const raw = { ...chat, "gen_ai.provider.name": "anthropic", "gen_ai.usage.input_tokens": 500, "gen_ai.usage.cache_read.input_tokens": 200 };
    expect(normaliseSpan(rawSpan(raw, { scopeName: "openlit.instrumentation.anthropic" })).usage.input).toBe(700);
    expect(normaliseSpan(rawSpan(raw)).usage.input).toBe(500);
  });

  test("of agents and wrappers are aggregates", () => {
    const agent = { "gen_ai.operation.name": "invoke_agent", "gen_ai.usage.input_tokens": 240 };
    expect(normaliseSpan(rawSpan(agent))).toMatchObject({ usageIsAggregate: true, usage: { input: 240 } });
    const pydantic = { agent_name: "a", model_name: "m", "gen_ai.aggregated_usage.input_tokens": 242, "gen_ai.aggregated_usage.output_tokens": 50 };
    expect(normaliseSpan(rawSpan(pydantic))).toMatchObject({ kind: "AGENT", usageIsAggregate: true, usage: { input: 242, output: 50 } });
    expect(normaliseSpan(rawSpan({ "ai.operationId": "ai.generateText", "ai.usage.inputTokens": 560 })).usageIsAggregate).toBe(true);
  });

  test.each<[string, Record<string, number>, object]>([
    ["OpenAI's own object", { prompt_tokens: 114, completion_tokens: 25 }, { input: 114, output: 25 }],
    [
      "buckets that add up to the total",
      { input: 82, output: 17, total: 139, input_cached_tokens: 32, output_reasoning_tokens: 8 },
      { input: 114, output: 25, cacheRead: 32, reasoning: 8 },
    ],
    ["buckets by hand", { input: 100, output: 25, cache_read_input_tokens: 40, reasoning: 8 }, { input: 100, output: 25, cacheRead: 40, reasoning: 8 }],
    ["buckets by hand, exclusive", { input: 50, output: 25, cache_read_input_tokens: 200 }, { input: 250, output: 25, cacheRead: 200 }],
  ])("Langfuse: %s", (_what, details, usage) => {
    const raw = rawSpan({ "langfuse.observation.type": "generation", "langfuse.observation.usage_details": JSON.stringify(details) });
    expect(normaliseSpan(raw).usage).toMatchObject(usage);
  });

  test("Haystack's are inside the reply", () => {
    const output = { replies: [{ content: "hi", meta: { model: "gpt-4o", finish_reason: "stop", usage: { prompt_tokens: 9, completion_tokens: 3 } } }] };
    const raw = rawSpan({ "haystack.component.type": "OpenAIChatGenerator", "haystack.component.output": JSON.stringify(output) });
    expect(normaliseSpan(raw)).toMatchObject({ responseModel: "gpt-4o", finishReasons: ["stop"], usage: { input: 9, output: 3 } });
  });

  test("Haystack's agents report them on the step that asks the model", () => {
    const output = { replies: [{ role: "assistant", meta: { usage: { prompt_tokens: 9, completion_tokens: 3 } }, content: [{ text: "hi" }] }] };
    const raw = rawSpan({ "haystack.agent.step.llm.output": JSON.stringify(output) }, { name: "haystack.agent.step.llm" });
    expect(normaliseSpan(raw)).toMatchObject({ kind: "LLM", usage: { input: 9, output: 3 }, outputs: JSON.stringify(output) });
  });

  test("Gemini's thoughts are part of the output", () => {
    const response = { usage_metadata: { prompt_token_count: 140, candidates_token_count: 25, thoughts_token_count: 8 } };
    const raw = rawSpan({ "gcp.vertex.agent.llm_response": JSON.stringify(response) }, { scopeName: "gcp.vertex.agent", name: "call_llm" });
    expect(normaliseSpan(raw).usage).toMatchObject({ input: 140, output: 33, reasoning: 8 });
  });
});

describe("time to first token", () => {
  const streamed = { ...chat, "gen_ai.request.stream": true };
  test.each<[string, Record<string, AttributeValue>, string, number | undefined]>([
    ["semconv seconds", { ...streamed, "gen_ai.response.time_to_first_chunk": 0.25 }, "s", 250],
    ["OpenLIT seconds", { ...streamed, "gen_ai.server.time_to_first_token": 0.079 }, "openlit.x", 79],
    ["OpenLIT without streaming", { ...chat, "gen_ai.request.stream": false, "gen_ai.server.time_to_first_token": 0.9 }, "openlit.x", undefined],
    ["Strands milliseconds", { ...chat, "gen_ai.server.time_to_first_token": 260 }, "strands.telemetry.tracer", 260],
    ["an unknown scope's int is milliseconds", { ...chat, "gen_ai.server.time_to_first_token": 260 }, "s", 260],
    ["an unknown scope's double is seconds", { ...chat, "gen_ai.server.time_to_first_token": double(1) }, "s", 1000],
    ["longer than the span", { ...chat, "gen_ai.response.time_to_first_chunk": 5 }, "s", undefined],
    ["Vercel milliseconds", { "ai.operationId": "ai.streamText.doStream", "ai.response.msToFirstChunk": 169.4 }, "ai", 169.4],
    ["Langfuse moment", { "langfuse.observation.type": "generation", "langfuse.observation.completion_start_time": '"2023-11-14T22:13:20.120Z"' }, "s", 120],
    ["not a number", { ...chat, "gen_ai.response.time_to_first_chunk": Number.NaN }, "s", undefined],
  ])("%s", (_what, attributes, scopeName, ttftMs) => {
    expect(normaliseSpan(rawSpan(attributes, { scopeName })).ttftMs).toBe(ttftMs);
  });

  test.each(["First Token Stream Event", "gen_ai.content.completion.chunk", "llm.content.completion.chunk", "mlflow.chunk.item.0"])("event %s", (name) => {
    const span = normaliseSpan(rawSpan(chat, { events: [rawEvent("other", {}, 1), rawEvent(name, {}, 42), rawEvent(name, {}, 50)] }));
    expect(span).toMatchObject({ ttftMs: 42, stream: true });
  });
});

describe("status", () => {
  test.each<[string, Parameters<typeof rawSpan>, object]>([
    ["unset", [{}], { status: "unset" }],
    ["ok", [{}, { statusCode: 1 }], { status: "ok" }],
    ["error code", [{}, { statusCode: 2, statusMessage: "boom" }], { status: "error", statusMessage: "boom" }],
    ["error.type", [{ "error.type": "RateLimitError" }], { status: "error", errorType: "RateLimitError" }],
    ["HTTP status", [{ "http.response.status_code": 429 }], { status: "error", httpStatus: 429 }],
    ["LiteLLM", [{ "error.code": "400", "error.message": "too long" }], { status: "error", httpStatus: 400, statusMessage: "too long" }],
    [
      "Langfuse level",
      [{ "langfuse.observation.type": "generation", "langfuse.observation.level": "ERROR", "langfuse.observation.status_message": "no" }],
      { status: "error", statusMessage: "no" },
    ],
    ["Strands tool", [{ "gen_ai.operation.name": "execute_tool", "gen_ai.tool.status": "error" }], { status: "error" }],
    [
      "exception event",
      [{}, { events: [rawEvent("exception", { "exception.type": "ValueError", "exception.message": "bad" })] }],
      { status: "error", errorType: "ValueError", statusMessage: "bad" },
    ],
    [
      "exception that was caught",
      [{}, { statusCode: 1, events: [rawEvent("exception", { "exception.type": "ValueError" })] }],
      { status: "ok", errorType: "" },
    ],
  ])("%s", (_what, args, expected) => {
    expect(normaliseSpan(rawSpan(...args))).toMatchObject(expected);
  });

  test("an end before the start is clamped and flagged", () => {
    const raw = rawSpan({}, { endNs: 1n });
    expect(normaliseSpan(raw)).toMatchObject({ clockSkew: true, endNs: raw.startNs });
  });

  test("an end that was far in the future is flagged", () => {
    const raw = rawSpan({ "telltale.end_time_unix_nano": "18446744073709551615" });
    expect(normaliseSpan(raw)).toMatchObject({ clockSkew: true });
  });
});

describe("session, user, labels, metadata", () => {
  test.each<[string, Record<string, AttributeValue>]>([
    ["session.id and user.id", { "session.id": "s", "user.id": "u" }],
    ["JSON-quoted by MLflow", { "mlflow.spanType": '"AGENT"', "session.id": '"s"', "user.id": '"u"' }],
    ["Langfuse 3", { "langfuse.observation.type": "span", "langfuse.session.id": "s", "langfuse.user.id": "u" }],
    ["Traceloop", { "traceloop.association.properties.session_id": "s", "traceloop.association.properties.user_id": "u" }],
    ["Vercel 6", { "ai.telemetry.metadata.sessionId": "s", "ai.telemetry.metadata.userId": "u" }],
    ["Vercel 7", { "ai.settings.context.sessionId": "s", "ai.settings.context.userId": "u" }],
    ["Mastra", { "mastra.metadata.sessionId": "s", "mastra.metadata.userId": "u" }],
    ["metadata JSON", { "openinference.span.kind": "CHAIN", metadata: '{"session_id":"s","user_id":"u"}' }],
    ["metadata thread", { "openinference.span.kind": "CHAIN", metadata: '{"thread_id":"s","user_id":"u"}' }],
    ["semconv", { ...chat, "gen_ai.conversation.id": "s", "gen_ai.request.user": "u" }],
    ["MLflow", { "mlflow.trace.session": "s", "mlflow.trace.user": "u" }],
  ])("%s", (_what, attributes) => {
    expect(normaliseSpan(rawSpan(attributes))).toMatchObject({ sessionId: "s", userId: "u" });
  });

  test("an MCP connection is not a session", () => {
    expect(normaliseSpan(rawSpan({ "mcp.method.name": "tools/call", "mcp.session.id": "c" })).sessionId).toBe("");
  });

  test.each<[AttributeValue]>([[["prod", "eu"]], ['["prod","eu"]']])("labels %j", (tags) => {
    expect(normaliseSpan(rawSpan({ "openinference.span.kind": "LLM", "tag.tags": tags })).labels).toEqual(["prod", "eu"]);
  });

  test("metadata is unquoted, and LangChain's bookkeeping is left out", () => {
    const raw = rawSpan({
      "openinference.span.kind": "CHAIN",
      metadata: '{"tier":"gold","n":3,"ls_provider":"openai","langgraph_step":1}',
      "langfuse.trace.metadata.plan": '"pro"',
      "traceloop.association.properties.lc_agent_name": "x",
    });
    expect(Object.fromEntries(normaliseSpan(raw).metadata)).toEqual({ tier: "gold", n: "3", plan: "pro" });
  });

  test("trace tags of MLflow", () => {
    expect(Object.fromEntries(normaliseSpan(rawSpan({ "mlflow.spanType": '"AGENT"', "mlflow.traceTag.team": '"a"' })).traceTags)).toEqual({ team: "a" });
  });

  test("environment and version come from the span, else from the resource", () => {
    const resourceAttributes = { "deployment.environment.name": "prod", "service.version": "1.4", "service.name": "shop" };
    expect(normaliseSpan(rawSpan({}, { resourceAttributes }))).toMatchObject({ environment: "prod", appVersion: "1.4", serviceName: "shop" });
    const langfuse = { "langfuse.observation.type": "span", "langfuse.environment": "stage", "langfuse.version": "2" };
    expect(normaliseSpan(rawSpan(langfuse, { resourceAttributes }))).toMatchObject({ environment: "stage", appVersion: "2" });
  });
});

describe("attributes to filter by", () => {
  test("short scalars and lists of strings, without content", () => {
    const raw = rawSpan({
      a: "x",
      n: 3,
      d: double(1),
      yes: true,
      list: ["p", "q"],
      numbers: [1, 2],
      long: "x".repeat(257),
      empty: "",
      "input.value": "secret question",
    });
    expect(Object.fromEntries(normaliseSpan(raw).attributes)).toEqual({ a: "x", n: "3", d: "1", yes: "true", list: '["p","q"]' });
  });

  test("are decoded for MLflow", () => {
    const raw = rawSpan({ "mlflow.spanType": '"TOOL"', model: '"gpt-4o"', temperature: "0.2" });
    expect(Object.fromEntries(normaliseSpan(raw).attributes)).toEqual({ "mlflow.spanType": "TOOL", model: "gpt-4o", temperature: "0.2" });
  });

  test("are at most 128", () => {
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, "v"]));
    expect(normaliseSpan(rawSpan(many)).attributes.size).toBe(128);
  });

  test("never hold a credential, and neither does what is stored as raw", () => {
    const secrets = {
      "metadata.user_api_key_hash": "88dc28d0f030c55ed4ab77ed8faf098196cb1c05",
      "http.request.header.authorization": ["Bearer sk-1"],
      "llm.api_key": "sk-2",
      "http.response.header.set-cookie": "id=3",
      "metadata.user_api_key_user_email": "ann@example.com",
    };
    const raw = rawSpan({ ...secrets, "gen_ai.usage.input_tokens": 4, plain: "kept" });
    const span = normaliseSpan(raw);
    for (const key of Object.keys(secrets)) {
      expect(span.attributes.get(key), key).toBe("[redacted]");
      expect(redactSpan(raw).attributes.get(key), key).toBe("[redacted]");
    }
    expect(redactSpan(raw).attributes.get("plain")).toBe("kept");
    expect(raw.attributes.get("llm.api_key")).toBe("sk-2");
  });

  test("a span without credentials is not copied", () => {
    const raw = rawSpan({ "gen_ai.usage.input_tokens": 4 });
    expect(redactSpan(raw)).toBe(raw);
  });
});

describe("model, provider, prompt, cost", () => {
  test.each<[string, string]>([
    ["openai.chat", "openai"],
    ["OpenAI", "openai"],
    ["anthropic.messages", "anthropic"],
    ["gcp.gemini", "google"],
    ["google.generative-ai", "google"],
    ["vertex_ai", "google-vertex"],
    ["bedrock", "aws.bedrock"],
    ["az.ai.openai", "azure"],
    ["x_ai", "x-ai"],
  ])("provider %s is %s", (said, provider) => {
    expect(normaliseSpan(rawSpan({ ...chat, "gen_ai.system": said })).provider).toBe(provider);
  });

  test.each(["strands-agents", "autogen", "langchain", "langgraph", "microsoft.agent_framework", "InMemoryVectorStore", ""])(
    "%j is no provider: the model tells",
    (said) => {
      expect(normaliseSpan(rawSpan({ ...chat, "gen_ai.system": said, "gen_ai.request.model": "claude-sonnet-4-5" })).provider).toBe("anthropic");
      expect(normaliseSpan(rawSpan({ ...chat, "gen_ai.system": said })).provider).toBe("");
    },
  );

  test.each<[AttributeValue, string[]]>([
    [["stop"], ["stop"]],
    ['["stop"]', ["stop"]],
    ["FinishReason.TOOL_CALLS", ["tool_calls"]],
    [["tool-calls"], ["tool_calls"]],
    [
      ["end_turn", "max_tokens"],
      ["stop", "length"],
    ],
    [[], []],
  ])("finish reasons %j", (said, reasons) => {
    expect(normaliseSpan(rawSpan({ ...chat, "gen_ai.response.finish_reasons": said })).finishReasons).toEqual(reasons);
  });

  test("a reported cost of 0 is unknown", () => {
    expect(normaliseSpan(rawSpan({ ...chat, "gen_ai.usage.cost": 0, "gen_ai.usage.input_tokens": 5 })).cost).toEqual({
      usd: undefined,
      source: "none",
      reportedUsd: undefined,
      priceVersion: "",
    });
    expect(normaliseSpan(rawSpan({ ...chat, "gen_ai.cost.total_cost": 0.5 })).cost).toMatchObject({ source: "reported", reportedUsd: 0.5 });
    expect(
      normaliseSpan(rawSpan({ "langfuse.observation.type": "generation", "langfuse.observation.cost_details": '{"input":0.001,"output":0.002}' })).cost
        .reportedUsd,
    ).toBeCloseTo(0.003);
  });

  test("prompts", () => {
    expect(
      normaliseSpan(rawSpan({ "langfuse.observation.type": "generation", "langfuse.observation.prompt.name": "p", "langfuse.observation.prompt.version": 3 })),
    ).toMatchObject({ promptName: "p", promptVersion: "3" });
    expect(normaliseSpan(rawSpan({ ...chat, "traceloop.prompt.key": "p", "traceloop.prompt.version": "1" }))).toMatchObject({
      promptName: "p",
      promptVersion: "1",
    });
    expect(
      normaliseSpan(rawSpan({ "mlflow.spanType": '"CHAT_MODEL"', "mlflow.linkedPrompts": '"[{\\"name\\":\\"p\\",\\"version\\":\\"2\\"}]"' })),
    ).toMatchObject({ promptName: "p", promptVersion: "2" });
  });
});

describe("content", () => {
  test("is kept verbatim where one attribute holds it", () => {
    const messages = '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]';
    expect(normaliseSpan(rawSpan({ ...chat, "gen_ai.input.messages": messages })).inputs).toBe(messages);
  });

  test("comes from log records when no attribute holds it, in whatever order they came", () => {
    const logs = [
      rawLog(
        "gen_ai.choice",
        new Map<string, AttributeValue>([
          ["finish_reason", "stop"],
          ["message", new Map([["content", "Paris"]])],
        ]),
        {},
        9,
      ),
      rawLog("", new Map([["content", "Capital?"]]), { "event.name": "gen_ai.user.message" }, 2),
      rawLog("gen_ai.system.message", new Map([["content", "Be terse."]]), {}, 1),
    ];
    const span = normaliseSpan(rawSpan(chat), logs);
    expect(JSON.parse(span.inputs)).toEqual([
      { role: "system", parts: [{ type: "text", content: "Be terse." }] },
      { role: "user", parts: [{ type: "text", content: "Capital?" }] },
    ]);
    expect(JSON.parse(span.outputs)).toEqual([{ role: "assistant", parts: [{ type: "text", content: "Paris" }], finishReason: "stop" }]);
    expect(normaliseSpan(rawSpan(chat), logs.toReversed())).toEqual(span);
  });

  test("the tool that OpenLIT names on a chat span does not make it a tool", () => {
    const raw = rawSpan({ ...chat, "gen_ai.tool.name": "get_weather" }, { scopeName: "openlit.instrumentation.openai" });
    expect(normaliseSpan(raw)).toMatchObject({ kind: "LLM", toolName: "" });
  });

  test("vectors are not content", () => {
    const raw = rawSpan({ "openinference.span.kind": "EMBEDDING", "input.value": "refund", "output.value": '{"data":[{"embedding":[0.1,0.2]}]}' });
    expect(normaliseSpan(raw)).toMatchObject({ inputs: "refund", outputs: "" });
  });
});
