import type { AgentRun } from "./agent-run.ts";
import { type Ending, endingOf } from "./ending.ts";
import type { Diagnostic } from "./finding.ts";
import { named } from "./repeated-findings.ts";

/** The run stops where it should not. */
export const deadEnd: Diagnostic = {
  name: "dead_end",
  summary: "The last message is a tool call that nobody answered, is empty, or was cut off by the token limit.",
  family: "single",
  find(run: AgentRun) {
    const ending = endingOf(run);
    const sentence = described(ending);
    if (sentence === "" || ending.kind === "unknown") return [];
    return [
      {
        name: "dead_end",
        severity: "error",
        sentence,
        agent: ending.last.agent,
        tool: ending.kind === "pending_call" ? ending.tool : "",
        spanIds: [ending.last.span.spanId],
        occurrences: 1,
        wastedMs: 0,
        wastedUsd: undefined,
      },
    ];
  },
};

function described(ending: Ending): string {
  switch (ending.kind) {
    case "pending_call":
      return `The run ends with a call of ${named(ending.tool)} that nobody answered.`;
    case "cut":
      return "The last answer was cut off by the token limit.";
    case "empty":
      return "The last answer is empty.";
    default:
      return "";
  }
}
