import type { Convention } from "./convention.ts";
import { genAi } from "./genai.ts";
import { text } from "./values.ts";

/** AutoGen and its successor: semconv for agents and tools, and a span per message that the runtime passes on. */
export const autogen: Convention = {
  name: "autogen",
  summary: "AutoGen (scope autogen*): agents, tools and runtime messages.",
  families: 0,
  recognises: (raw) => raw.scope.name.startsWith("autogen") || raw.name.startsWith("autogen "),
  kind: (raw) => (raw.attributes.has("gen_ai.operation.name") ? genAi.kind(raw) : "CHAIN"),
  read: (raw, span) => {
    span.noise ||= raw.name.startsWith("autogen ");
    if (span.kind === "AGENT") span.agentName ||= text(raw.attributes.get("gen_ai.agent.name"));
  },
};
