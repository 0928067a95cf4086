import type { Convention } from "./convention.ts";
import { genAi } from "./genai.ts";
import { text } from "./values.ts";

/** Semantic Kernel and Microsoft Agent Framework: semconv with OpenAI-shaped messages and printed enums. */
export const semanticKernel: Convention = {
  name: "semantic_kernel",
  summary: "Semantic Kernel and Microsoft Agent Framework (scopes semantic_kernel*, Microsoft.SemanticKernel*, agent_framework).",
  families: 0,
  recognises: (raw) =>
    raw.scope.name.startsWith("semantic_kernel") || raw.scope.name.startsWith("Microsoft.SemanticKernel") || raw.scope.name.startsWith("agent_framework"),
  kind: (raw) => {
    if (raw.attributes.has("gen_ai.operation.name")) return genAi.kind(raw);
    return raw.attributes.has("gen_ai.tool.name") ? "TOOL" : "CHAIN";
  },
  read: (raw, span) => {
    // The function loop repeats the call's name without its content.
    span.noise ||= raw.name.startsWith("AutoFunctionInvocationLoop");
    if (span.kind === "AGENT") span.agentName ||= text(raw.attributes.get("gen_ai.agent.name"));
  },
};
