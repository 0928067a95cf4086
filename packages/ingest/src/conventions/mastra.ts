import type { RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";
import { fillInput, fillOutput, messagesIn } from "./content/fill.ts";
import type { Convention } from "./convention.ts";
import { genAi } from "./genai.ts";
import { family } from "./keys.ts";
import { contentText, structured, text } from "./values.ts";

const kinds = new Map<string, SpanKind>([
  ["agent_run", "AGENT"],
  ["model_inference", "LLM"],
  ["tool_call", "TOOL"],
  ["mcp_tool_call", "TOOL"],
  ["workflow_run", "WORKFLOW"],
  ["processor_run", "GUARDRAIL"],
  ["scorer_run", "EVALUATOR"],
  ["memory_operation", "MEMORY"],
]);

/** Mastra's exporter. `model_generation` and `model_step` wrap the real call, `model_inference`, and repeat its usage. */
export const mastra: Convention = {
  name: "mastra",
  summary: "Mastra agents (mastra.span.type).",
  families: family.mastra,
  recognises: (raw) => raw.attributes.has("mastra.span.type"),
  kind: kindOf,
  read: readMastra,
  content: mastraContent,
};

function kindOf(raw: RawSpan): SpanKind {
  const type = text(raw.attributes.get("mastra.span.type"));
  // Before `model_inference` existed the generation was the call itself, and said so.
  const isOldCall = type === "model_generation" && raw.attributes.get("gen_ai.operation.name") === "chat";
  return isOldCall ? "LLM" : (kinds.get(type) ?? "CHAIN");
}

function readMastra(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  const type = text(attributes.get("mastra.span.type"));
  span.noise ||= type === "model_chunk";
  if (span.kind === "TOOL") span.toolName ||= text(attributes.get("gen_ai.tool.name")) || text(attributes.get("mastra.tool.name"));
  span.inputs ||= contentText(attributes.get(`mastra.${type}.input`)) || contentText(attributes.get("mastra.input"));
  span.outputs ||= contentText(attributes.get(`mastra.${type}.output`)) || contentText(attributes.get("mastra.output"));
}

function mastraContent(raw: RawSpan, content: SpanContent): void {
  const type = text(raw.attributes.get("mastra.span.type"));
  const kind = mastra.kind(raw);
  if (kind === "TOOL") {
    content.toolArguments ??= structured(raw.attributes.get(`mastra.${type}.input`));
    content.toolResult ??= structured(raw.attributes.get(`mastra.${type}.output`));
  } else if (kind === "LLM") {
    genAi.content?.(raw, content, []); // standard keys hold the messages in a better shape
    fillInput(content, messagesIn(raw, `mastra.${type}.input`, "user"));
    fillOutput(content, messagesIn(raw, `mastra.${type}.output`, "assistant"));
  }
}
