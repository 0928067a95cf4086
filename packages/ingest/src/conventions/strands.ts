import type { Convention } from "./convention.ts";
import { genAi } from "./genai.ts";
import { text } from "./values.ts";

/** Strands Agents: semconv with span events for messages (Bedrock blocks), times in whole milliseconds, event-loop spans. */
export const strands: Convention = {
  name: "strands",
  summary: "Strands Agents SDK (scope strands.telemetry.tracer).",
  families: 0,
  recognises: (raw) =>
    raw.scope.name === "strands.telemetry.tracer" ||
    raw.attributes.get("gen_ai.system") === "strands-agents" ||
    raw.attributes.get("gen_ai.provider.name") === "strands-agents",
  kind: (raw) => (raw.attributes.has("gen_ai.operation.name") ? genAi.kind(raw) : raw.name.startsWith("execute_event_loop_cycle") ? "CHAIN" : "UNKNOWN"),
  read: (raw, span) => {
    const operation = text(raw.attributes.get("gen_ai.operation.name")) || raw.name;
    span.noise ||= operation.startsWith("execute_event_loop_cycle");
  },
};
