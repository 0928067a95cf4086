import type { SpanKind } from "@telltale/model";
import { fillInput, fillOutput, messagesIn } from "./content/fill.ts";
import type { Convention } from "./convention.ts";
import { family } from "./keys.ts";
import { contentText, decimal, structured, text } from "./values.ts";

const kinds = new Map<string, SpanKind>([
  ["llm_request", "LLM"],
  ["function_tool", "TOOL"],
  ["agent_session", "AGENT"],
  ["agent_turn", "AGENT"],
]);

/** LiveKit Agents (voice): `lk.*` on spans named after the step. `llm_node` wraps `llm_request`. */
export const livekit: Convention = {
  name: "livekit",
  summary: "LiveKit Agents (lk.*, scope livekit-agents).",
  families: family.livekit,
  recognises: (raw) => raw.scope.name === "livekit-agents",
  kind: (raw) => kinds.get(raw.name) ?? "CHAIN",
  read: (raw, span) => {
    const attributes = raw.attributes;
    if (span.kind === "TOOL") {
      span.toolName ||= text(attributes.get("lk.function_tool.name"));
      span.toolCallId ||= text(attributes.get("lk.function_tool.id"));
      span.inputs ||= contentText(attributes.get("lk.function_tool.arguments"));
      span.outputs ||= contentText(attributes.get("lk.function_tool.output"));
    }
    const ttft = decimal(attributes.get("lk.response.ttft"));
    if (ttft !== undefined && ttft >= 0) span.ttftMs ??= ttft * 1000;
    span.inputs ||= contentText(attributes.get("lk.chat_ctx")) || contentText(attributes.get("lk.user_transcript"));
    span.outputs ||= contentText(attributes.get("lk.response.text"));
  },
  content: (raw, content) => {
    fillInput(content, messagesIn(raw, "lk.chat_ctx", "user"));
    fillOutput(content, messagesIn(raw, "lk.response.text", "assistant"));
    content.toolArguments ??= structured(raw.attributes.get("lk.function_tool.arguments"));
    content.toolResult ??= structured(raw.attributes.get("lk.function_tool.output"));
  },
};
