import type { Model } from "./models.ts";
import { type DemoSpan, SimulatedError, type TraceBuilder } from "./trace-builder.ts";

export interface ToolCall {
  id: string;
  name: string;
  arguments: Record<string, unknown>;
}

export type ChatMessage =
  | { role: "user" | "system"; text: string }
  | { role: "assistant"; text?: string; calls?: readonly ToolCall[] }
  | { role: "tool"; id: string; response: unknown };

export interface ToolSpec {
  name: string;
  description: string;
  parameters: Record<string, string>;
}

export interface ModelCall {
  model: Model;
  system: string;
  messages: readonly ChatMessage[];
  answer: Extract<ChatMessage, { role: "assistant" }>;
  tools?: readonly ToolSpec[];
  temperature?: number;
  maxTokens?: number;
  stream?: boolean;
  /** Share of the input that the provider had in its cache. */
  cached?: number;
  reasoningTokens?: number;
  /** 1 = as usual; the bad release and overloaded hours are slower. */
  slowness?: number;
  prompt?: { name: string; version: string };
}

export type ModelFailure = "rate_limited" | "timeout" | "overloaded" | "too_long";

/** A chat completion as the OpenTelemetry GenAI conventions describe it; moves the clock by what it takes. */
export function callModel(trace: TraceBuilder, call: ModelCall, failure?: ModelFailure): void {
  const { model } = call;
  trace.span(`chat ${model.name}`, { otelKind: 3, scope: `opentelemetry.instrumentation.${model.provider}`, attributes: requestAttributes(call) }, (span) => {
    if (failure !== undefined) failCall(trace, model, failure);
    answer(trace, span, call);
  });
}

function answer(trace: TraceBuilder, span: DemoSpan, call: ModelCall): void {
  const { random } = trace;
  const { model } = call;
  const inputTokens = tokensOf(call.system) + call.messages.reduce((sum, message) => sum + tokensOf(textOf(message)) + 4, 0) + (call.tools?.length ?? 0) * 62;
  const outputTokens = tokensOf(textOf(call.answer)) + (call.reasoningTokens ?? 0);
  // Providers cache whole blocks of 128 tokens, from 1,024 on.
  const cachedTokens = inputTokens >= 1024 ? Math.floor((inputTokens * (call.cached ?? 0)) / 128) * 128 : 0;
  const ttftMs = random.logNormal(model.ttftMs, 0.32) * (call.slowness ?? 1) + inputTokens * 0.02;
  trace.wait(ttftMs + (outputTokens / random.logNormal(model.tokensPerSecond, 0.18)) * 1000 * (call.slowness ?? 1));
  Object.assign(span.attributes, {
    "gen_ai.response.id": `${model.provider === "anthropic" ? "msg_" : "chatcmpl-"}${random.hex(24)}`,
    "gen_ai.response.model": model.responseName,
    "gen_ai.response.finish_reasons": [call.answer.calls === undefined ? "stop" : "tool_calls"],
    "gen_ai.usage.input_tokens": inputTokens,
    "gen_ai.usage.output_tokens": outputTokens,
    "gen_ai.usage.cache_read.input_tokens": cachedTokens > 0 ? cachedTokens : undefined,
    "gen_ai.usage.reasoning.output_tokens": call.reasoningTokens,
    "gen_ai.response.time_to_first_chunk": call.stream === true ? Math.round(ttftMs) / 1000 + 0.0001 : undefined,
    "gen_ai.output.messages": JSON.stringify([wire(call.answer)]),
  });
}

function failCall(trace: TraceBuilder, model: Model, failure: ModelFailure): never {
  switch (failure) {
    case "rate_limited":
      trace.wait(trace.random.logNormal(95, 0.4));
      throw new SimulatedError("RateLimitError", `Error code: 429 - Rate limit reached for ${model.name} on tokens per min. Please try again in 1.8s.`, 429);
    case "overloaded":
      trace.wait(trace.random.logNormal(640, 0.5));
      throw new SimulatedError("InternalServerError", "Error code: 529 - {'type': 'overloaded_error', 'message': 'Overloaded'}", 529);
    case "too_long":
      trace.wait(trace.random.logNormal(180, 0.3));
      throw new SimulatedError("BadRequestError", `Error code: 400 - The prompt is longer than the context of ${model.name} that this deployment allows.`, 400);
    case "timeout":
      trace.wait(30_000 + trace.random.unit() * 40);
      throw new SimulatedError("APITimeoutError", "Request timed out after 30.0 s.");
  }
}

/** Calls the model; after each failure waits a little longer and tries again, as client libraries do. */
export function callModelWithRetry(trace: TraceBuilder, call: ModelCall, failures: readonly ModelFailure[]): void {
  for (const [attempt, failure] of failures.entries()) {
    try {
      callModel(trace, call, failure);
    } catch (error) {
      // A refusal would be refused again: client libraries do not repeat a 400.
      if (!(error instanceof SimulatedError) || attempt === 2 || failure === "too_long") throw error;
      trace.wait(500 * 2 ** attempt * (0.75 + trace.random.unit() / 2));
    }
  }
  callModel(trace, call);
}

function requestAttributes(call: ModelCall): DemoSpan["attributes"] {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": call.model.provider,
    "gen_ai.request.model": call.model.name,
    "gen_ai.request.temperature": call.temperature ?? 0.2,
    "gen_ai.request.max_tokens": call.maxTokens ?? 1024,
    "gen_ai.request.stream": call.stream,
    "gen_ai.prompt.name": call.prompt?.name,
    "gen_ai.prompt.version": call.prompt?.version,
    "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: call.system }]),
    "gen_ai.input.messages": JSON.stringify(call.messages.map(wire)),
    "gen_ai.tool.definitions": call.tools === undefined ? undefined : JSON.stringify(call.tools.map(toolDefinition)),
  };
}

function toolDefinition(tool: ToolSpec): unknown {
  const properties = Object.fromEntries(Object.entries(tool.parameters).map(([name, type]) => [name, { type }]));
  return {
    type: "function",
    name: tool.name,
    description: tool.description,
    parameters: { type: "object", properties, required: Object.keys(tool.parameters) },
  };
}

function wire(message: ChatMessage): unknown {
  switch (message.role) {
    case "tool":
      return { role: "tool", parts: [{ type: "tool_call_response", id: message.id, response: message.response }] };
    case "assistant": {
      const text = message.text === undefined ? [] : [{ type: "text", content: message.text }];
      const calls = (message.calls ?? []).map(({ id, name, arguments: given }) => ({ type: "tool_call", id, name, arguments: given }));
      return { role: "assistant", parts: [...text, ...calls], finish_reason: calls.length > 0 ? "tool_calls" : "stop" };
    }
    default:
      return { role: message.role, parts: [{ type: "text", content: message.text }] };
  }
}

function textOf(message: ChatMessage): string {
  if (message.role === "tool") return JSON.stringify(message.response);
  if (message.role === "assistant") return (message.text ?? "") + (message.calls === undefined ? "" : JSON.stringify(message.calls));
  return message.text;
}

/** About four Latin characters to a token, about one of any other script. */
export function tokensOf(text: string): number {
  const other = text.match(/[\u0250-\u1fff\u2070-\uffff]/g)?.length ?? 0;
  return Math.ceil((text.length - other) / 4.1 + other / 1.4);
}
