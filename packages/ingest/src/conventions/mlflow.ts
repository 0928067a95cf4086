import type { RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";
import { fillDocuments, fillInput, fillOutput, fillParams, fillTools, messagesIn } from "./content/fill.ts";
import type { Convention } from "./convention.ts";
import { jsonMember, jsonTextMember } from "./json-scan.ts";
import { family } from "./keys.ts";
import { canonicalProvider } from "./provider.ts";
import { fillCost, providerUsage, reportedCost } from "./usage.ts";
import { contentText, count, flag, parseJson, record, structured, unquoted, unquotedText } from "./values.ts";

const kinds = new Map<string, SpanKind>([
  ["CHAT_MODEL", "LLM"],
  ["LLM", "LLM"],
  ["TASK", "CHAIN"],
  ...(["RETRIEVER", "TOOL", "AGENT", "CHAIN", "EMBEDDING", "RERANKER", "PARSER", "MEMORY", "WORKFLOW", "GUARDRAIL", "EVALUATOR", "UNKNOWN"] as const).map(
    (kind): [string, SpanKind] => [kind, kind],
  ),
]);

/** MLflow tracing SDKs. Every attribute is JSON: `"\"RETRIEVER\""`. */
export const mlflow: Convention = {
  name: "mlflow",
  summary: "MLflow tracing SDKs and autologging (mlflow.*, JSON-encoded attributes).",
  families: family.mlflow,
  recognises: (raw) => raw.attributes.has("mlflow.spanType") || raw.attributes.has("mlflow.spanInputs"),
  kind: (raw) => kinds.get(unquotedText(raw.attributes.get("mlflow.spanType"))) ?? "UNKNOWN",
  read: readMlflow,
  content: mlflowContent,
};

function readMlflow(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  span.inputs ||= contentText(attributes.get("mlflow.spanInputs"));
  span.outputs ||= contentText(attributes.get("mlflow.spanOutputs"));
  span.responseModel ||= unquotedText(attributes.get("mlflow.llm.model"));
  span.requestModel ||= unquotedText(attributes.get("model")) || span.responseModel;
  span.provider ||= canonicalProvider(unquotedText(attributes.get("mlflow.llm.provider")));
  span.stream ??= flag(attributes.get("stream"));
  if (span.kind === "TOOL") span.toolName ||= span.name;
  readUsage(raw, span);
  const cost = record(structured(attributes.get("mlflow.llm.cost")));
  if (cost !== undefined) fillCost(span, reportedCost(cost["total_cost"]));
  readPrompt(raw, span);
  if ((span.kind === "LLM" || span.kind === "EMBEDDING") && span.dialect === "mlflow") readResponse(span);
}

function readUsage(raw: RawSpan, span: Span): void {
  const said = raw.attributes.get("mlflow.chat.tokenUsage");
  if (said === undefined) return;
  const tokens = record(structured(said));
  if (tokens === undefined) return;
  const usage = span.usage;
  usage.input ??= count(tokens["input_tokens"]);
  usage.output ??= count(tokens["output_tokens"]);
  usage.cacheRead ??= count(tokens["cache_read_input_tokens"]);
  usage.cacheWrite ??= count(tokens["cache_creation_input_tokens"]);
  usage.cacheWrite1h ??= count(tokens["cache_creation_input_tokens_above_1hr"]);
}

/** Autologging stores the whole response; its id, tier and reasoning tokens are nowhere else. */
function readResponse(span: Span): void {
  const output = span.outputs;
  if (output.charCodeAt(0) !== 0x7b) return;
  span.responseId ||= jsonTextMember(output, "id");
  span.serviceTier ||= jsonTextMember(output, "service_tier");
  const said = span.usage.reasoning === undefined ? jsonMember(output, "usage") : undefined;
  if (said === undefined || said.charCodeAt(0) !== 0x7b) return;
  const usage = providerUsage(parseJson(said));
  span.usage.reasoning = usage.reasoning;
  span.usage.input ??= usage.input;
  span.usage.output ??= usage.output;
}

function readPrompt(raw: RawSpan, span: Span): void {
  const linked = raw.attributes.get("mlflow.linkedPrompts");
  if (linked === undefined) return;
  const list = structured(typeof linked === "string" ? unquoted(linked) : linked);
  const prompt = Array.isArray(list) ? record(list[0]) : undefined;
  if (prompt === undefined) return;
  span.promptName ||= typeof prompt["name"] === "string" ? prompt["name"] : "";
  span.promptVersion ||= typeof prompt["version"] === "string" || typeof prompt["version"] === "number" ? String(prompt["version"]) : "";
}

/** Settings of a request that autologging repeats as attributes. */
const parameterNames = ["temperature", "top_p", "max_tokens", "max_completion_tokens", "seed", "stop", "n", "stream", "tool_choice", "response_format"];

function mlflowContent(raw: RawSpan, content: SpanContent): void {
  const attributes = raw.attributes;
  const input = structured(attributes.get("mlflow.spanInputs"));
  const output = structured(attributes.get("mlflow.spanOutputs"));
  const kind = mlflow.kind(raw);
  if (kind === "LLM") {
    fillInput(content, messagesIn(raw, "mlflow.spanInputs", "user"));
    fillOutput(content, messagesIn(raw, "mlflow.spanOutputs", "assistant"));
  } else if (kind === "TOOL") {
    content.toolArguments ??= input;
    content.toolResult ??= typeof output === "string" ? structured(output) : output;
  } else if (kind === "RETRIEVER" || kind === "RERANKER") {
    const query = Object.values(record(input) ?? {}).find((value) => typeof value === "string");
    content.retrievalQuery ||= typeof query === "string" ? query : "";
    fillDocuments(content, output);
  } else if (kind === "EMBEDDING") {
    readEmbeddings(output, content);
  }
  fillTools(content, structured(attributes.get("mlflow.chat.tools")));
  fillParams(
    content,
    parameterNames.map((name) => [name, parameter(attributes.get(name))] as const),
  );
}

function parameter(value: ReturnType<RawSpan["attributes"]["get"]>): unknown {
  if (typeof value !== "string") return structured(value);
  return parseJson(value) ?? value;
}

function readEmbeddings(output: unknown, content: SpanContent): void {
  const data = record(output)?.["data"];
  if (!Array.isArray(data)) return;
  const vector = record(data[0])?.["embedding"];
  content.embeddings ??= { count: data.length, dimension: Array.isArray(vector) ? vector.length : undefined };
}
