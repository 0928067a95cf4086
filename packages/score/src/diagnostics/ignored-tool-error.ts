import type { AgentRun, AgentSteps } from "./agent-run.ts";
import { acknowledgesFailure } from "./failure-words.ts";
import { type Diagnostic, type Finding, maxFindings } from "./finding.ts";
import { named } from "./repeated-findings.ts";
import type { ToolCall } from "./tool-call.ts";

/** The last thing that was tried failed, and the answer does not say so. */
export const ignoredToolError: Diagnostic = {
  name: "ignored_tool_error",
  summary: "A tool failed, nothing succeeded after it, and the answer does not mention a problem.",
  family: "single",
  find(run: AgentRun) {
    return run.agents.flatMap(ignoredBy).slice(0, maxFindings);
  },
};

function ignoredBy({ agent, calls, modelCalls }: AgentSteps): Finding[] {
  const failed = lastFailures(calls);
  const last = failed.at(-1);
  if (last === undefined) return [];
  const answers = modelCalls.filter(
    ({ answer, requested, span }) => answer !== undefined && answer !== "" && requested.length === 0 && span.startNs >= last.startNs,
  );
  const [first] = answers;
  // In a conversation the first answer may say it and the next ones go on: one that says it is enough, or one that cannot be read.
  if (first === undefined || answers.some(({ answer = "" }) => acknowledgesFailure(answer, last.error) !== false)) return [];
  return [
    {
      name: "ignored_tool_error",
      severity: "error",
      sentence: `${named(last.tool)} failed, nothing succeeded after it, and the answer does not say that something went wrong.`,
      agent,
      tool: last.tool,
      spanIds: [...new Set([...failed.slice(-10).map(({ spanId }) => spanId), first.span.spanId])],
      occurrences: failed.length,
      wastedMs: 0,
      wastedUsd: undefined,
    },
  ];
}

/** The failed calls after which none went well. */
function lastFailures(calls: readonly ToolCall[]): ToolCall[] {
  const lastGood = calls.findLastIndex(({ error }) => error === "");
  return calls.slice(lastGood + 1);
}
