import type { RawSpan, Span, SpanContent, SpanKind } from "@telltale/model";
import { fillInput, fillOutput, messagesIn } from "./content/fill.ts";
import type { Convention } from "./convention.ts";
import { kindOfOperation } from "./genai.ts";
import { jsonMember } from "./json-scan.ts";
import { family } from "./keys.ts";
import { fillUsage, hasUsage, providerUsage } from "./usage.ts";
import { contentText, parseJson, structured, text } from "./values.ts";

/** Google Agent Development Kit: spans named `call_llm`, `agent_run [x]`; request and response as JSON of the Gemini API. */
export const adk: Convention = {
  name: "adk",
  summary: "Google ADK (scope gcp.vertex.agent, gcp.vertex.agent.*).",
  families: family.adk,
  recognises: (raw, families) => raw.scope.name === "gcp.vertex.agent" || (families & family.adk) !== 0,
  kind: kindOf,
  read: readAdk,
  content: adkContent,
};

function kindOf(raw: RawSpan): SpanKind {
  const operation = text(raw.attributes.get("gen_ai.operation.name"));
  if (operation !== "") return kindOfOperation(operation);
  if (raw.name === "call_llm" || raw.name === "send_data") return "LLM";
  if (raw.name.startsWith("execute_tool")) return "TOOL";
  if (raw.name.startsWith("agent_run") || raw.name.startsWith("invoke_agent")) return "AGENT";
  return raw.name === "invocation" ? "WORKFLOW" : "CHAIN";
}

function readAdk(raw: RawSpan, span: Span): void {
  const attributes = raw.attributes;
  span.sessionId ||= text(attributes.get("gcp.vertex.agent.session_id"));
  if (span.kind === "TOOL") {
    span.toolName ||= text(attributes.get("gen_ai.tool.name"));
    span.inputs ||= contentText(attributes.get("gcp.vertex.agent.tool_call_args"));
    span.outputs ||= contentText(attributes.get("gcp.vertex.agent.tool_response"));
    return;
  }
  if (span.kind !== "LLM") return;
  span.inputs ||= contentText(attributes.get("gcp.vertex.agent.llm_request"));
  span.outputs ||= contentText(attributes.get("gcp.vertex.agent.llm_response"));
  if (hasUsage(span.usage) || attributes.has("gen_ai.usage.input_tokens")) return;
  const usage = jsonMember(span.outputs, "usage_metadata");
  if (usage !== undefined) fillUsage(span.usage, providerUsage(parseJson(usage)));
}

function adkContent(raw: RawSpan, content: SpanContent): void {
  fillInput(content, messagesIn(raw, "gcp.vertex.agent.llm_request", "user"));
  fillOutput(content, messagesIn(raw, "gcp.vertex.agent.llm_response", "assistant"));
  content.toolArguments ??= structured(raw.attributes.get("gcp.vertex.agent.tool_call_args"));
  content.toolResult ??= structured(raw.attributes.get("gcp.vertex.agent.tool_response"));
}
