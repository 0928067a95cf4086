import type { Attributes, Message, MessagePart, RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";
import { fillDocuments, fillInput, fillOutput, fillParams, messagesIn, toolDefinition } from "./content/fill.ts";
import { hasIndexed, indexedEntries, type Entry } from "./content/indexed.ts";
import { messagesOf } from "./content/messages.ts";
import { partsOf, toolCall, toolResponse } from "./content/parts.ts";
import type { Convention } from "./convention.ts";
import { jsonMember, jsonTextMember } from "./json-scan.ts";
import { family } from "./keys.ts";
import { canonicalProvider } from "./provider.ts";
import { fillCost, reportedCost } from "./usage.ts";
import { contentText, count, decimal, plain, record, structured, text } from "./values.ts";

const kinds = new Map<string, SpanKind>(
  (["LLM", "EMBEDDING", "RETRIEVER", "RERANKER", "TOOL", "AGENT", "CHAIN", "GUARDRAIL", "EVALUATOR", "PROMPT"] as const).map((kind) => [kind, kind]),
);

/** OpenInference (Arize): `openinference.span.kind`, flattened messages, the whole request and response as JSON. */
export const openInference: Convention = {
  name: "openinference",
  summary: "OpenInference instrumentations of Arize Phoenix, Python and JavaScript.",
  families: family.openInference,
  recognises: (raw) => raw.attributes.has("openinference.span.kind"),
  kind: (raw) => {
    const kind = kinds.get(text(raw.attributes.get("openinference.span.kind")).toUpperCase()) ?? "UNKNOWN";
    // LlamaIndex labels the step that only prepares a request as LLM: no call is made there.
    return kind === "LLM" && raw.name.endsWith("._prepare_chat_with_tools") ? "CHAIN" : kind;
  },
  read: readOpenInference,
  content: openInferenceContent,
};

function readOpenInference(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  const isCall = span.kind === "LLM" || span.kind === "EMBEDDING" || span.kind === "RERANKER";
  if (isCall) readCall(attributes, span);
  if (span.kind === "AGENT") span.agentName ||= text(attributes.get("agent.name")) || text(attributes.get("graph.node.id"));
  if (span.kind === "TOOL") {
    span.toolName ||= text(attributes.get("tool.name")) || (span.dialect === "openinference" ? span.name : "");
    span.toolCallId ||= text(attributes.get("tool.id")) || text(attributes.get("tool_call.id"));
  }
  const usage = span.usage;
  usage.input ??= count(attributes.get("llm.token_count.prompt"));
  usage.output ??= count(attributes.get("llm.token_count.completion"));
  usage.cacheRead ??= count(attributes.get("llm.token_count.prompt_details.cache_read"));
  usage.cacheWrite ??= count(attributes.get("llm.token_count.prompt_details.cache_write"));
  usage.reasoning ??= count(attributes.get("llm.token_count.completion_details.reasoning"));
  usage.inputAudio ??= count(attributes.get("llm.token_count.prompt_details.audio"));
  usage.outputAudio ??= count(attributes.get("llm.token_count.completion_details.audio"));
  fillCost(span, cost(attributes));
  span.promptName ||= text(attributes.get("llm.prompt_template.name")) || text(attributes.get("prompt.id"));
  span.promptVersion ||= text(attributes.get("llm.prompt_template.version"));
  readText(attributes, span);
}

function readCall(attributes: Attributes, span: Span): void {
  const model = text(attributes.get("llm.model_name")) || text(attributes.get("embedding.model_name")) || text(attributes.get("reranker.model_name"));
  const output = attributes.get("output.value");
  const parameters = attributes.get("llm.invocation_parameters");
  const requested = text(attributes.get("llm.request.model_name")) || (typeof parameters === "string" ? jsonTextMember(parameters, "model") : "");
  span.provider ||= canonicalProvider(text(attributes.get("llm.provider"))) || canonicalProvider(text(attributes.get("llm.system")));
  span.requestModel ||= requested || model;
  span.responseModel ||= text(attributes.get("llm.response.model_name")) || (output === undefined ? "" : model);
  if (typeof parameters === "string" && /"stream":\s*true/.test(parameters)) span.stream ??= true;
  const reason = text(attributes.get("llm.finish_reason"));
  if (reason !== "" && span.finishReasons.length === 0) span.finishReasons = [reason];
  if (span.kind === "LLM" && typeof output === "string") readResponse(output, span);
}

/** The response id and tier are only inside the response JSON; LangChain nests them one level deeper. */
function readResponse(output: string, span: Span): void {
  const nested = output.includes('"llm_output"') ? jsonMember(output, "llm_output") : undefined;
  const response = nested ?? output;
  span.responseId ||= jsonTextMember(response, "id");
  span.serviceTier ||= jsonTextMember(response, "service_tier");
}

function cost(attributes: Attributes): number | undefined {
  const total = reportedCost(attributes.get("llm.cost.total"));
  if (total !== undefined) return total;
  const prompt = decimal(attributes.get("llm.cost.prompt"));
  const completion = decimal(attributes.get("llm.cost.completion"));
  return prompt === undefined && completion === undefined ? undefined : reportedCost((prompt ?? 0) + (completion ?? 0));
}

function readText(attributes: Attributes, span: Span): void {
  span.inputs ||= contentText(attributes.get("input.value")) || text(attributes.get("reranker.query"));
  span.outputs ||= contentText(attributes.get("output.value"));
  if (span.dialect !== "openinference") return;
  if (span.inputs === "" && hasIndexed(attributes, "llm.input_messages.", ["message.role", "message.content"])) {
    span.inputs = JSON.stringify(indexedMessages(attributes, "llm.input_messages.", "user"));
  }
  if (span.outputs === "" && hasIndexed(attributes, "llm.output_messages.", ["message.role", "message.content"])) {
    span.outputs = JSON.stringify(indexedMessages(attributes, "llm.output_messages.", "assistant"));
  }
  if (span.outputs === "" && (span.kind === "RETRIEVER" || span.kind === "RERANKER")) {
    const documents = indexedDocuments(attributes);
    if (documents.length > 0) span.outputs = JSON.stringify(documents);
  }
}

function indexedMessages(attributes: Attributes, prefix: string, role: string): Message[] {
  return indexedEntries(attributes, prefix).map((entry) => {
    const said = text(entry.get("message.role"));
    const name = text(entry.get("message.name"));
    return { role: said || role, parts: messageParts(entry, said), ...(name === "" ? {} : { name }) };
  });
}

function messageParts(entry: Entry, role: string): MessagePart[] {
  const content = structuredContent(entry);
  const callId = text(entry.get("message.tool_call_id"));
  if (role === "tool") return [toolResponse(callId, content.length === 1 && content[0]?.type === "text" ? content[0].content : content)];
  const calls = indexedEntries(entry, "message.tool_calls.").map((call) =>
    toolCall(text(call.get("tool_call.id")), text(call.get("tool_call.function.name")), plain(call.get("tool_call.function.arguments"))),
  );
  const legacy = text(entry.get("message.function_call_name"));
  if (legacy !== "") calls.push(toolCall("", legacy, text(entry.get("message.function_call_arguments_json"))));
  return [...content, ...calls];
}

function structuredContent(entry: Entry): MessagePart[] {
  const whole = entry.get("message.content");
  if (whole !== undefined) return partsOf(plain(whole));
  return indexedEntries(entry, "message.contents.").flatMap((part): MessagePart[] => {
    const type = text(part.get("message_content.type"));
    const spoken = text(part.get("message_content.text"));
    if (type === "text") return [{ type: "text", content: spoken }];
    if (type === "reasoning") return spoken === "" ? [] : [{ type: "reasoning", content: spoken }];
    const image = text(part.get("message_content.image.image.url"));
    if (image !== "") return partsOf([{ type: "image_url", image_url: { url: image } }]);
    if (type === "tool_use" || type === "tool_call") return []; // repeated among message.tool_calls
    return spoken === "" ? [{ type: "other", original: plain(part) }] : [{ type: "text", content: spoken }];
  });
}

function indexedDocuments(attributes: Attributes): Record<string, unknown>[] {
  for (const prefix of ["retrieval.documents.", "reranker.output_documents."]) {
    const entries = indexedEntries(attributes, prefix);
    if (entries.length === 0) continue;
    return entries.map((entry) => ({
      id: plain(entry.get("document.id")) ?? undefined,
      content: plain(entry.get("document.content")) ?? undefined,
      score: decimal(entry.get("document.score")),
      metadata: entry.has("document.metadata") ? structured(entry.get("document.metadata")) : undefined,
    }));
  }
  return [];
}

function openInferenceContent(raw: RawSpan, content: SpanContent): void {
  const attributes = raw.attributes;
  fillInput(content, indexedMessages(attributes, "llm.input_messages.", "user"));
  fillOutput(content, indexedMessages(attributes, "llm.output_messages.", "assistant"));
  const kind = text(attributes.get("openinference.span.kind"));
  if (kind === "TOOL") {
    content.toolArguments ??= structured(attributes.get("input.value"));
    content.toolResult ??= structured(attributes.get("output.value"));
  } else if (kind === "LLM") {
    fillInput(content, messagesIn(raw, "input.value", "user"));
    fillOutput(content, messagesIn(raw, "output.value", "assistant"));
  } else if (kind === "RETRIEVER" || kind === "RERANKER") {
    content.retrievalQuery ||= text(attributes.get("reranker.query")) || text(attributes.get("input.value"));
    fillDocuments(content, indexedDocuments(attributes));
    fillDocuments(content, structured(attributes.get("output.value")));
  } else if (kind === "EMBEDDING") {
    readEmbeddings(attributes, content);
  } else if (kind === "EVALUATOR") {
    readScore(raw, content);
  }
  if (content.toolDefinitions.length === 0) {
    content.toolDefinitions = indexedEntries(attributes, "llm.tools.").flatMap((entry) => toolDefinition(structured(entry.get("tool.json_schema"))));
  }
  fillParams(content, Object.entries(record(structured(attributes.get("llm.invocation_parameters"))) ?? {}));
  content.promptTemplate ||= text(attributes.get("llm.prompt_template.template"));
  for (const [key, value] of Object.entries(record(structured(attributes.get("llm.prompt_template.variables"))) ?? {})) {
    content.promptVariables[key] ??= typeof value === "string" ? value : JSON.stringify(value);
  }
}

function readEmbeddings(attributes: Attributes, content: SpanContent): void {
  const entries = indexedEntries(attributes, "embedding.embeddings.");
  if (entries.length === 0) return;
  const vector = entries[0]?.get("embedding.vector");
  content.embeddings ??= { count: entries.length, dimension: Array.isArray(vector) ? vector.length : undefined };
  fillInput(
    content,
    entries.flatMap((entry) => messagesOf(text(entry.get("embedding.text")), "user")),
  );
}

function readScore(raw: RawSpan, content: SpanContent): void {
  const output = structured(raw.attributes.get("output.value"));
  const verdict = record(output);
  const value = verdict?.["score"] ?? verdict?.["value"] ?? output;
  const number = decimal(value);
  if (number === undefined && typeof value !== "string" && typeof value !== "boolean") return;
  const label = verdict?.["label"];
  const explanation = verdict?.["explanation"];
  content.scores.push({
    name: raw.name,
    value: number ?? (value as string | boolean),
    ...(typeof label === "string" ? { label } : {}),
    ...(typeof explanation === "string" ? { explanation } : {}),
    source: "openinference",
  });
}
