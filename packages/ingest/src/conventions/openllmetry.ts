import type { Attributes, Message, MessagePart, RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";
import { fillInput, fillOutput, toolDefinition } from "./content/fill.ts";
import { hasIndexed, indexedEntries, type Entry } from "./content/indexed.ts";
import { partsOf, toolCall, toolResponse } from "./content/parts.ts";
import type { Convention } from "./convention.ts";
import { finishReason } from "./finish-reason.ts";
import { family } from "./keys.ts";
import { flag, plain, structured, text } from "./values.ts";

const kinds = new Map<string, SpanKind>([
  ["chat", "LLM"],
  ["completion", "LLM"],
  ["embedding", "EMBEDDING"],
  ["rerank", "RERANKER"],
]);

/** Traceloop's instrumentations up to 0.4x and what copied them: numbered prompts and completions. */
export const openllmetry: Convention = {
  name: "openllmetry",
  summary: "OpenLLMetry before GenAI semconv (llm.request.type, gen_ai.prompt.N.*).",
  families: family.genAi | family.llm,
  recognises: (raw) =>
    raw.attributes.has("llm.request.type") ||
    hasIndexed(raw.attributes, "gen_ai.prompt.", ["role", "content"]) ||
    (raw.attributes.has("gen_ai.request.model") && (raw.attributes.has("gen_ai.system") || raw.attributes.has("gen_ai.usage.input_tokens"))),
  kind: (raw) => kinds.get(text(raw.attributes.get("llm.request.type"))) ?? "LLM",
  read: readOpenllmetry,
  content: openllmetryContent,
};

function readOpenllmetry(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  span.stream ??= flag(attributes.get("llm.is_streaming"));
  const reason = text(attributes.get("gen_ai.completion.0.finish_reason"));
  if (reason !== "" && span.finishReasons.length === 0) span.finishReasons = [reason];
  if (span.inputs === "" && hasIndexed(attributes, "gen_ai.prompt.", ["role", "content"])) {
    span.inputs = JSON.stringify(indexedMessages(attributes, "gen_ai.prompt.", "user"));
  }
  if (span.outputs === "" && hasIndexed(attributes, "gen_ai.completion.", ["role", "content", "finish_reason"])) {
    span.outputs = JSON.stringify(indexedMessages(attributes, "gen_ai.completion.", "assistant"));
  }
}

/** Messages of `gen_ai.prompt.N.*` or `gen_ai.completion.N.*`. */
export function indexedMessages(attributes: Attributes, prefix: string, fallback: string): Message[] {
  return indexedEntries(attributes, prefix).map((entry) => {
    const role = text(entry.get("role")) || fallback;
    const reason = text(entry.get("finish_reason"));
    return { role, parts: parts(entry, role), ...(reason === "" ? {} : { finishReason: finishReason(reason) }) };
  });
}

function parts(entry: Entry, role: string): MessagePart[] {
  const content = entry.get("content");
  if (role === "tool") return [toolResponse(text(entry.get("tool_call_id")), plain(content))];
  const value = structured(content);
  const spoken = partsOf(Array.isArray(value) ? value : plain(content));
  const calls = indexedEntries(entry, "tool_calls.").map((call) => toolCall(text(call.get("id")), text(call.get("name")), plain(call.get("arguments"))));
  const legacy = text(entry.get("function_call.name"));
  if (legacy !== "") calls.push(toolCall("", legacy, plain(entry.get("function_call.arguments"))));
  return [...spoken, ...calls];
}

function openllmetryContent(raw: RawSpan, content: SpanContent): void {
  const attributes = raw.attributes;
  fillInput(content, indexedMessages(attributes, "gen_ai.prompt.", "user"));
  fillOutput(content, indexedMessages(attributes, "gen_ai.completion.", "assistant"));
  if (content.toolDefinitions.length > 0) return;
  content.toolDefinitions = indexedEntries(attributes, "llm.request.functions.").flatMap((entry) => toolDefinition(plain(entry)));
}
