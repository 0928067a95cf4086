import type { SpanKind } from "@telltale/model";
import { fillInput, fillOutput, messagesIn } from "./content/fill.ts";
import type { Convention } from "./convention.ts";
import { family } from "./keys.ts";
import { contentText, structured, text } from "./values.ts";

const kinds = new Map<string, SpanKind>([
  ["LLM", "LLM"],
  ["TOOL", "TOOL"],
  ["EVALUATOR", "EVALUATOR"],
  ["HUMAN_EVALUATOR", "EVALUATOR"],
]);

/** Laminar: `lmnr.span.*` around semconv keys. */
export const laminar: Convention = {
  name: "laminar",
  summary: "Laminar SDKs (lmnr.span.type).",
  families: family.laminar,
  recognises: (raw) => raw.attributes.has("lmnr.span.type"),
  kind: (raw) => kinds.get(text(raw.attributes.get("lmnr.span.type"))) ?? "CHAIN",
  read: (raw, span) => {
    if (span.kind === "TOOL") span.toolName ||= span.name;
    span.inputs ||= contentText(raw.attributes.get("lmnr.span.input"));
    span.outputs ||= contentText(raw.attributes.get("lmnr.span.output"));
  },
  content: (raw, content) => {
    if (laminar.kind(raw) === "TOOL") {
      content.toolArguments ??= structured(raw.attributes.get("lmnr.span.input"));
      content.toolResult ??= structured(raw.attributes.get("lmnr.span.output"));
      return;
    }
    fillInput(content, messagesIn(raw, "lmnr.span.input", "user"));
    fillOutput(content, messagesIn(raw, "lmnr.span.output", "assistant"));
  },
};
