import type { SpanKind } from "@telltale/model";
import type { Convention } from "./convention.ts";
import { family } from "./keys.ts";
import { contentText, count, text } from "./values.ts";

const kinds = new Map<string, SpanKind>([
  ["llm_request", "LLM"],
  ["tool", "TOOL"],
  ["interaction", "AGENT"],
]);

/** Claude Code: `span.type` and bare names; its input excludes cache, as Anthropic's API does. */
export const claudeCode: Convention = {
  name: "claude_code",
  summary: "Claude Code (span.type, bare token counts).",
  families: 0,
  recognises: (raw, families) =>
    (families & family.claudeCode) !== 0 && (raw.scope.name.includes("claude_code") || kinds.has(text(raw.attributes.get("span.type")))),
  kind: (raw) => kinds.get(text(raw.attributes.get("span.type"))) ?? "CHAIN",
  read: (raw, span) => {
    const attributes = raw.attributes;
    if (span.kind === "LLM") {
      span.provider ||= "anthropic";
      span.requestModel ||= text(attributes.get("model"));
      span.responseId ||= text(attributes.get("response_id"));
    }
    if (span.kind === "TOOL") {
      span.toolName ||= text(attributes.get("tool_name"));
      span.inputs ||= contentText(attributes.get("tool_input"));
    }
    span.inputs ||= contentText(attributes.get("user_prompt"));
    span.usage.input ??= count(attributes.get("input_tokens"));
    span.usage.output ??= count(attributes.get("output_tokens"));
    span.usage.cacheRead ??= count(attributes.get("cache_read_tokens"));
    span.usage.cacheWrite ??= count(attributes.get("cache_creation_tokens"));
  },
};
