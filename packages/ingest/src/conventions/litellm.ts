import type { Message, RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";
import { messagesIn } from "./content/fill.ts";
import type { Convention } from "./convention.ts";
import { genAi, kindOfOperation } from "./genai.ts";
import { indexedMessages } from "./openllmetry.ts";
import { count, text } from "./values.ts";

const RAW_REQUEST = "raw_gen_ai_request";

/** LiteLLM's OpenTelemetry callback: semconv, with usage details as a Python repr and tool calls beside the messages. */
export const litellm: Convention = {
  name: "litellm",
  summary: "LiteLLM SDK and proxy (litellm.*, scope litellm).",
  families: 0, // only when recognised; the semconv keys are read by `genai`
  recognises: (raw) => raw.scope.name === "litellm" || raw.attributes.has("litellm.call_id") || raw.attributes.has("metadata.generation_name"),
  kind: kindOf,
  read: readLitellm,
  content: litellmContent,
};

function kindOf(raw: RawSpan): SpanKind {
  // The child repeats the call in the provider's own words, under the same or the caller's name.
  if (raw.name === RAW_REQUEST || isRawRequest(raw)) return "HTTP";
  if (raw.name.startsWith("litellm_guardrail") || raw.name === "guardrail") return "GUARDRAIL";
  const operation = text(raw.attributes.get("gen_ai.operation.name"));
  if (operation !== "") return kindOfOperation(operation);
  return raw.attributes.has("gen_ai.request.model") || raw.name === "litellm_request" ? "LLM" : "CHAIN";
}

/** `llm.<provider>.<field>` occurs only there. */
function isRawRequest(raw: RawSpan): boolean {
  if (raw.attributes.has("gen_ai.operation.name") || raw.attributes.has("litellm.call_id")) return false;
  for (const key of raw.attributes.keys()) if (/^llm\.[^.]+\.(messages|input|id|model)$/.test(key)) return true;
  return false;
}

function readLitellm(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  if (span.kind === "HTTP") {
    span.noise = true;
    return;
  }
  const model = text(attributes.get("litellm.provider.model"));
  span.responseModel ||= text(attributes.get("gen_ai.response.model")) || model.slice(model.indexOf("/") + 1);
  const usage = attributes.get("metadata.usage_object");
  if (typeof usage === "string" && usage !== "") readUsageObject(usage, span);
  const calls = hiddenCalls(raw);
  if (calls.length > 0) span.outputs = JSON.stringify(mergeCalls(messagesIn(raw, "gen_ai.output.messages", "assistant"), calls));
}

/** The only place with cache and reasoning counts is printed by Python: `{'cached_tokens': 32, …}`. */
function readUsageObject(usage: string, span: Span): void {
  span.usage.cacheRead ??= member(usage, "cached_tokens") ?? member(usage, "cache_read_input_tokens");
  span.usage.cacheWrite ??= member(usage, "cache_creation_input_tokens") ?? member(usage, "cache_creation_tokens");
  span.usage.reasoning ??= member(usage, "reasoning_tokens");
}

function member(repr: string, name: string): number | undefined {
  const at = repr.indexOf(`'${name}': `);
  if (at < 0) return undefined;
  const digits = /^\d+/.exec(repr.slice(at + name.length + 4, at + name.length + 24));
  return digits === null ? undefined : count(digits[0]);
}

/** Tool calls are not in the output messages but in `gen_ai.completion.N.function_call.*`. */
function hiddenCalls(raw: RawSpan): Message[] {
  const attributes = raw.attributes;
  const present = attributes.has("gen_ai.completion.0.function_call.name") || attributes.has("gen_ai.completion.0.tool_calls.0.name");
  return present ? indexedMessages(attributes, "gen_ai.completion.", "assistant") : [];
}

function mergeCalls(messages: readonly Message[], calls: readonly Message[]): Message[] {
  const found = calls.flatMap((message) => message.parts.filter((part) => part.type === "tool_call"));
  const [head, ...rest] = messages;
  if (head === undefined) return [{ role: "assistant", parts: found, finishReason: "tool_calls" }];
  return head.parts.some((part) => part.type === "tool_call") ? [...messages] : [{ ...head, parts: [...head.parts, ...found] }, ...rest];
}

function litellmContent(raw: RawSpan, content: SpanContent): void {
  const calls = hiddenCalls(raw);
  if (calls.length > 0) content.outputMessages = mergeCalls(messagesIn(raw, "gen_ai.output.messages", "assistant"), calls);
  genAi.content?.(raw, content, []);
}
