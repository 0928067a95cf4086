import type { AgentRun } from "./agent-run.ts";
import { jsonText } from "./canonical.ts";
import { endingOf } from "./ending.ts";
import type { Diagnostic } from "./finding.ts";
import { named } from "./repeated-findings.ts";

/** Only the beginning of an answer says whether it is one. */
const MAX_READ_CHARS = 600;

const stopped =
  /\b(?:agent stopped due to|(?:maximum|max)(?: number of)? (?:iterations?|steps?|turns?|tool calls?)(?: (?:reached|exceeded))|(?:iteration|step|turn|recursion|time) limit (?:reached|exceeded|of \d+ reached)|need more steps to process)/i;
const gaveUp =
  /\b(?:I (?:was|am|'m) (?:not able|unable) to (?:complete|finish|fulfil|fulfill|accomplish|solve)|I (?:could not|couldn't|cannot|can't|failed to) (?:complete|finish|fulfil|fulfill|accomplish|solve)|I give up|giving up|task (?:could not|cannot) be completed)\b/i;

/** Completion signals: the run says itself that it did not get there. */
export const gaveUpRun: Diagnostic = {
  name: "gave_up",
  summary: "The run says itself that it did not complete its task: a step limit was reached, or the agent gave up.",
  family: "single",
  find(run: AgentRun) {
    const ending = endingOf(run);
    if (ending.kind !== "answered" && ending.kind !== "finished") return [];
    const reason = ending.kind === "answered" ? saidIn(ending.text) : declaredBy(ending.tool, ending.arguments);
    if (reason === "" || !run.isAgentic) return [];
    return [
      {
        name: "gave_up",
        severity: "warning",
        sentence: reason,
        agent: ending.last.agent,
        tool: ending.kind === "finished" ? ending.tool : "",
        spanIds: [ending.last.span.spanId],
        occurrences: 1,
        wastedMs: 0,
        wastedUsd: undefined,
      },
    ];
  },
};

function saidIn(answer: string): string {
  const text = answer.slice(0, MAX_READ_CHARS);
  if (stopped.test(text)) return "The run was stopped at its limit of steps before it had an answer.";
  return gaveUp.test(text) ? "The agent says that it could not complete its task." : "";
}

function declaredBy(tool: string, args: unknown): string {
  const text = `${tool} ${jsonText(args)}`.slice(0, MAX_READ_CHARS);
  return /give[_ -]?up/i.test(text) ? `The agent ended the run by ${named(tool)}, giving up.` : "";
}
