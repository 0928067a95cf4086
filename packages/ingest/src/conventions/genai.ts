import type { Attributes, RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";
import { fillDocuments, fillInput, fillOutput, fillParams, fillTools, instructionsText, messagesIn } from "./content/fill.ts";
import type { Convention } from "./convention.ts";
import { family } from "./keys.ts";
import { canonicalProvider } from "./provider.ts";
import { fillCost, hasUsage, reportedCost } from "./usage.ts";
import { contentText, count, flag, stringList, structured, text } from "./values.ts";

const kinds = new Map<string, SpanKind>([
  ["chat", "LLM"],
  ["text_completion", "LLM"],
  ["generate_content", "LLM"],
  ["llm_call", "LLM"],
  ["model_inference", "LLM"],
  ["embeddings", "EMBEDDING"],
  ["embedding", "EMBEDDING"],
  ["retrieval", "RETRIEVER"],
  ["vector_db_retrieve", "RETRIEVER"],
  ["rerank", "RERANKER"],
  ["reranking", "RERANKER"],
  ["execute_tool", "TOOL"],
  ["tool_call", "TOOL"],
  ["invoke_agent", "AGENT"],
  ["create_agent", "AGENT"],
  ["agent_call", "AGENT"],
  ["invoke_workflow", "WORKFLOW"],
  ["evaluate", "EVALUATOR"],
  ["evaluation", "EVALUATOR"],
]);

/** Kind by `gen_ai.operation.name`; operations that nobody defined are steps of a chain. */
export function kindOfOperation(operation: string): SpanKind {
  const kind = kinds.get(operation);
  if (kind !== undefined) return kind;
  if (operation.includes("memory")) return "MEMORY";
  if (operation.startsWith("chat.") || operation.endsWith("completions")) return "LLM"; // older Semantic Kernel
  return "CHAIN";
}

/** OTel GenAI semantic conventions, generations 1 to 3: protocol notes §1. */
export const genAi: Convention = {
  name: "genai",
  summary: "OpenTelemetry GenAI semantic conventions (gen_ai.*), all three generations.",
  families: family.genAi,
  recognises: (raw) => raw.attributes.has("gen_ai.operation.name"),
  kind: (raw) => kindOfOperation(text(raw.attributes.get("gen_ai.operation.name"))),
  read: readGenAi,
  content: genAiContent,
};

/** Shared with the frameworks that write semconv with small differences. */
export function readGenAi(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  span.provider ||= canonicalProvider(text(attributes.get("gen_ai.provider.name"))) || canonicalProvider(text(attributes.get("gen_ai.system")));
  span.requestModel ||= text(attributes.get("gen_ai.request.model"));
  span.responseModel ||= text(attributes.get("gen_ai.response.model"));
  span.responseId ||= text(attributes.get("gen_ai.response.id"));
  span.serviceTier ||= serviceTier(attributes);
  span.stream ??= flag(attributes.get("gen_ai.request.stream")) ?? flag(attributes.get("gen_ai.is_streaming"));
  if (span.finishReasons.length === 0) span.finishReasons = finishReasons(attributes);
  span.agentName ||= text(attributes.get("gen_ai.agent.name"));
  span.workflowName ||= text(attributes.get("gen_ai.workflow.name"));
  span.promptName ||= text(attributes.get("gen_ai.prompt.name"));
  span.promptVersion ||= text(attributes.get("gen_ai.prompt.version"));
  readUsage(attributes, span);
  fillCost(span, reportedCost(attributes.get("gen_ai.cost.total_cost"), attributes.get("gen_ai.usage.cost"), attributes.get("operation.cost")));
  readText(attributes, span);
}

function serviceTier(attributes: Attributes): string {
  return (
    text(attributes.get("openai.response.service_tier")) ||
    text(attributes.get("gen_ai.openai.response.service_tier")) ||
    text(attributes.get("anthropic.response.service_tier"))
  );
}

function finishReasons(attributes: Attributes): string[] {
  const said =
    attributes.get("gen_ai.response.finish_reasons") ??
    attributes.get("gen_ai.response.finish_reason") ??
    attributes.get("finish_reason") ??
    attributes.get("anthropic.message.stop_reason");
  return said === undefined ? [] : stringList(said);
}

function readUsage(attributes: Attributes, span: Span): void {
  const usage = span.usage;
  usage.input ??=
    count(attributes.get("gen_ai.usage.input_tokens")) ??
    count(attributes.get("gen_ai.usage.prompt_tokens")) ??
    count(attributes.get("gen_ai.response.prompt_tokens"));
  usage.output ??=
    count(attributes.get("gen_ai.usage.output_tokens")) ??
    count(attributes.get("gen_ai.usage.completion_tokens")) ??
    count(attributes.get("gen_ai.response.completion_tokens"));
  if (hasUsage(usage)) readDetails(attributes, span);
  else readAggregate(attributes, span);
}

function readDetails(attributes: Attributes, span: Span): void {
  const usage = span.usage;
  usage.cacheRead ??=
    count(attributes.get("gen_ai.usage.cache_read.input_tokens")) ??
    count(attributes.get("gen_ai.usage.cache_read_input_tokens")) ??
    count(attributes.get("gen_ai.usage.details.cache_read_tokens")) ??
    count(attributes.get("gen_ai.usage.details.cached_tokens"));
  usage.cacheWrite ??=
    count(attributes.get("gen_ai.usage.cache_write.input_tokens")) ??
    count(attributes.get("gen_ai.usage.cache_creation.input_tokens")) ??
    count(attributes.get("gen_ai.usage.cache_creation_input_tokens")) ??
    count(attributes.get("gen_ai.usage.cache_write_input_tokens")) ??
    count(attributes.get("gen_ai.usage.details.cache_write_tokens"));
  usage.cacheWrite1h ??= count(attributes.get("anthropic.usage.cache_creation.ephemeral_1h_input_tokens"));
  usage.reasoning ??=
    count(attributes.get("gen_ai.usage.reasoning.output_tokens")) ??
    count(attributes.get("gen_ai.usage.reasoning_tokens")) ??
    count(attributes.get("gen_ai.usage.details.reasoning_tokens")) ??
    count(attributes.get("gen_ai.usage.experimental.reasoning_tokens"));
  usage.inputAudio ??= count(attributes.get("gen_ai.usage.audio.input_tokens"));
  usage.outputAudio ??= count(attributes.get("gen_ai.usage.audio.output_tokens"));
  usage.inputImage ??= count(attributes.get("gen_ai.usage.image.input_tokens"));
}

/** pydantic-ai agents state the sum of their calls apart. */
function readAggregate(attributes: Attributes, span: Span): void {
  const usage = span.usage;
  usage.input ??= count(attributes.get("gen_ai.aggregated_usage.input_tokens"));
  if (usage.input === undefined) return;
  usage.output ??= count(attributes.get("gen_ai.aggregated_usage.output_tokens"));
  usage.cacheRead ??= count(attributes.get("gen_ai.aggregated_usage.cache_read.input_tokens"));
  usage.reasoning ??= count(attributes.get("gen_ai.aggregated_usage.details.reasoning_tokens"));
  span.usageIsAggregate = true;
}

function readText(attributes: Attributes, span: Span): void {
  if (span.kind === "TOOL") {
    span.toolName ||= text(attributes.get("gen_ai.tool.name"));
    span.toolCallId ||= text(attributes.get("gen_ai.tool.call.id"));
    span.inputs ||= contentText(attributes.get("gen_ai.tool.call.arguments"));
    span.outputs ||= contentText(attributes.get("gen_ai.tool.call.result"));
  } else if (span.kind === "RETRIEVER" || span.kind === "MEMORY") {
    span.inputs ||= contentText(attributes.get("gen_ai.retrieval.query.text")) || contentText(attributes.get("gen_ai.memory.query.text"));
    span.outputs ||= contentText(attributes.get("gen_ai.retrieval.documents")) || contentText(attributes.get("gen_ai.memory.records"));
  }
  span.inputs ||=
    listText(attributes, "gen_ai.input.messages") || contentText(attributes.get("gen_ai.prompt")) || contentText(attributes.get("gen_ai.task.input"));
  span.outputs ||=
    listText(attributes, "gen_ai.output.messages") || contentText(attributes.get("gen_ai.completion")) || contentText(attributes.get("gen_ai.task.output"));
}

/** An empty list of messages (Semantic Kernel) is no content. */
function listText(attributes: Attributes, key: string): string {
  const value = contentText(attributes.get(key));
  return value === "[]" ? "" : value;
}

const requestParams = [
  "temperature",
  "top_p",
  "top_k",
  "max_tokens",
  "frequency_penalty",
  "presence_penalty",
  "seed",
  "stop_sequences",
  "choice.count",
  "encoding_formats",
] as const;

/** Shared with the frameworks that write semconv with small differences. */
export function genAiContent(raw: RawSpan, content: SpanContent): void {
  const attributes = raw.attributes;
  fillInput(content, messagesIn(raw, "gen_ai.input.messages", "user"));
  fillOutput(content, messagesIn(raw, "gen_ai.output.messages", "assistant"));
  content.systemInstructions ||= instructionsText(structured(attributes.get("gen_ai.system_instructions")));
  fillTools(content, structured(attributes.get("gen_ai.tool.definitions")));
  content.toolArguments ??= structured(attributes.get("gen_ai.tool.call.arguments"));
  content.toolResult ??= structured(attributes.get("gen_ai.tool.call.result"));
  content.retrievalQuery ||= text(attributes.get("gen_ai.retrieval.query.text"));
  fillDocuments(content, structured(attributes.get("gen_ai.retrieval.documents")));
  fillParams(
    content,
    requestParams.map((name) => [name, structured(attributes.get(`gen_ai.request.${name}`))] as const),
  );
  const dimension = count(attributes.get("gen_ai.embeddings.dimension.count"));
  if (dimension !== undefined) content.embeddings ??= { count: content.inputMessages.length, dimension };
  for (const [key, value] of attributes) {
    if (key.startsWith("gen_ai.prompt.variable.")) content.promptVariables[key.slice(23)] ??= text(value);
  }
}
