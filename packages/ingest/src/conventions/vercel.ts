import type { Attributes, Message, MessagePart, RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";
import { fillInput, fillOutput, fillParams, fillTools, messagesIn } from "./content/fill.ts";
import { messagesOf } from "./content/messages.ts";
import { toolCall } from "./content/parts.ts";
import type { Convention } from "./convention.ts";
import { finishReason } from "./finish-reason.ts";
import { family } from "./keys.ts";
import { canonicalProvider } from "./provider.ts";
import { contentText, count, record, structured, text } from "./values.ts";

/** Vercel AI SDK 3 to 6, and the legacy keys that 7 writes beside GenAI semconv. */
export const vercel: Convention = {
  name: "vercel",
  summary: "Vercel AI SDK 3 to 7 (ai.operationId, ai.*).",
  families: family.vercel,
  recognises: (raw) => raw.attributes.has("ai.operationId"),
  kind: kindOf,
  read: readVercel,
  content: vercelContent,
};

/** `ai.generateText` and the like wrap the calls (`.doGenerate`, `.doStream`): their usage is a sum over all steps. */
function kindOf(raw: RawSpan): SpanKind {
  const operation = text(raw.attributes.get("ai.operationId"));
  if (operation.endsWith(".doGenerate") || operation.endsWith(".doStream")) return "LLM";
  if (operation.endsWith(".doEmbed")) return "EMBEDDING";
  if (operation.endsWith(".doRerank")) return "RERANKER";
  if (operation === "ai.toolCall") return "TOOL";
  return (count(raw.attributes.get("ai.settings.maxSteps")) ?? 1) > 1 ? "AGENT" : "CHAIN";
}

function readVercel(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  const operation = text(attributes.get("ai.operationId"));
  span.provider ||= canonicalProvider(text(attributes.get("ai.model.provider")));
  span.requestModel ||= text(attributes.get("ai.model.id"));
  span.responseModel ||= text(attributes.get("ai.response.model"));
  span.responseId ||= text(attributes.get("ai.response.id"));
  if (operation !== "" && span.kind === "LLM") span.stream ??= operation.endsWith(".doStream");
  const reason = text(attributes.get("ai.response.finishReason"));
  if (reason !== "" && span.finishReasons.length === 0) span.finishReasons = [reason];
  if (span.kind === "AGENT") span.agentName ||= text(attributes.get("ai.telemetry.functionId"));
  if (span.kind === "TOOL") {
    span.toolName ||= text(attributes.get("ai.toolCall.name"));
    span.toolCallId ||= text(attributes.get("ai.toolCall.id"));
    span.inputs ||= contentText(attributes.get("ai.toolCall.args"));
    span.outputs ||= contentText(attributes.get("ai.toolCall.result"));
  }
  readUsage(attributes, span);
  span.inputs ||=
    contentText(attributes.get("ai.prompt.messages")) ||
    contentText(attributes.get("ai.prompt")) ||
    contentText(attributes.get("ai.value")) ||
    contentText(attributes.get("ai.values"));
  span.outputs ||= outputText(attributes);
}

function readUsage(attributes: Attributes, span: Span): void {
  const usage = span.usage;
  usage.input ??= count(attributes.get("ai.usage.inputTokens")) ?? count(attributes.get("ai.usage.promptTokens")) ?? count(attributes.get("ai.usage.tokens"));
  usage.output ??= count(attributes.get("ai.usage.outputTokens")) ?? count(attributes.get("ai.usage.completionTokens"));
  usage.cacheRead ??= count(attributes.get("ai.usage.inputTokenDetails.cacheReadTokens")) ?? count(attributes.get("ai.usage.cachedInputTokens"));
  usage.cacheWrite ??= count(attributes.get("ai.usage.inputTokenDetails.cacheWriteTokens"));
  usage.reasoning ??= count(attributes.get("ai.usage.outputTokenDetails.reasoningTokens")) ?? count(attributes.get("ai.usage.reasoningTokens"));
  const metadata = attributes.get("ai.response.providerMetadata");
  if (typeof metadata === "string" && span.kind === "LLM") readProviderMetadata(metadata, span);
}

/** Version 4 reports cache and reasoning only here, and every version the service tier. */
function readProviderMetadata(metadata: string, span: Span): void {
  if (!/Tokens"|serviceTier|service_tier/.test(metadata)) return;
  const openai = record(record(metadata)?.["openai"]);
  if (openai === undefined) return;
  span.usage.cacheRead ??= count(openai["cachedPromptTokens"]);
  span.usage.reasoning ??= count(openai["reasoningTokens"]);
  const tier = openai["serviceTier"];
  span.serviceTier ||= typeof tier === "string" ? tier : "";
}

/** Text or object alone is kept verbatim; with tool calls or reasoning beside it, messages are built. */
function outputText(attributes: Attributes): string {
  const calls = text(attributes.get("ai.response.toolCalls"));
  const reasoning = text(attributes.get("ai.response.reasoning"));
  if (calls === "" && reasoning === "") return contentText(attributes.get("ai.response.text")) || contentText(attributes.get("ai.response.object"));
  return JSON.stringify(outputMessages(attributes));
}

function outputMessages(attributes: Attributes): Message[] {
  const reasoning = text(attributes.get("ai.response.reasoning"));
  const spoken = text(attributes.get("ai.response.text")) || text(attributes.get("ai.response.object"));
  const calls = structured(attributes.get("ai.response.toolCalls"));
  const parts: MessagePart[] = [];
  if (reasoning !== "") parts.push({ type: "reasoning", content: reasoning });
  if (spoken !== "") parts.push({ type: "text", content: spoken });
  for (const item of Array.isArray(calls) ? calls : []) {
    const call = record(item);
    if (call !== undefined) parts.push(toolCall(call["toolCallId"], call["toolName"], call["input"] ?? call["args"]));
  }
  if (parts.length === 0) return [];
  const reason = text(attributes.get("ai.response.finishReason"));
  return [{ role: "assistant", parts, ...(reason === "" ? {} : { finishReason: finishReason(reason) }) }];
}

function vercelContent(raw: RawSpan, content: SpanContent): void {
  const attributes = raw.attributes;
  fillInput(content, messagesIn(raw, "ai.prompt.messages", "user"));
  fillInput(content, messagesIn(raw, "ai.prompt", "user"));
  fillOutput(content, outputMessages(attributes));
  fillTools(content, structured(attributes.get("ai.prompt.tools")));
  content.toolArguments ??= structured(attributes.get("ai.toolCall.args"));
  content.toolResult ??= structured(attributes.get("ai.toolCall.result"));
  fillParams(content, settings(attributes));
  readEmbeddings(attributes, content);
}

function settings(attributes: Attributes): (readonly [string, unknown])[] {
  const found: (readonly [string, unknown])[] = [];
  for (const [key, value] of attributes) {
    if (key.startsWith("ai.settings.") && !key.startsWith("ai.settings.context.")) found.push([key.slice(12), structured(value)]);
  }
  return found;
}

function readEmbeddings(attributes: Attributes, content: SpanContent): void {
  const many = structured(attributes.get("ai.embeddings"));
  const one = structured(attributes.get("ai.embedding"));
  const vectors = Array.isArray(many) ? many : Array.isArray(one) ? [one] : [];
  if (vectors.length === 0) return;
  const first: unknown = typeof vectors[0] === "string" ? structured(vectors[0]) : vectors[0];
  content.embeddings ??= { count: vectors.length, dimension: Array.isArray(first) ? first.length : undefined };
  const values = structured(attributes.get("ai.values")) ?? [structured(attributes.get("ai.value"))];
  fillInput(
    content,
    (Array.isArray(values) ? values : []).flatMap((value) => messagesOf(value, "user")),
  );
}
