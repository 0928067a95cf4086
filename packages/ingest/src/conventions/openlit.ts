import type { Convention } from "./convention.ts";
import { kindOfOperation } from "./genai.ts";
import { contentText, text } from "./values.ts";

/** OpenLIT: semconv; its own rules are elsewhere by dialect (exclusive Anthropic input, seconds, cost 0 = unknown). */
export const openlit: Convention = {
  name: "openlit",
  summary: "OpenLIT instrumentations (scope openlit*).",
  families: 0,
  recognises: (raw) => raw.scope.name.startsWith("openlit"),
  kind: (raw) => {
    const operation = text(raw.attributes.get("gen_ai.operation.name"));
    return operation === "" ? "CHAIN" : operation === "vectordb" ? "RETRIEVER" : kindOfOperation(operation);
  },
  read: (raw, span) => {
    if (span.kind === "TOOL") span.inputs ||= contentText(raw.attributes.get("gen_ai.tool.args"));
    if (span.kind === "CHAIN") span.inputs ||= contentText(raw.attributes.get("function.kwargs"));
  },
};
