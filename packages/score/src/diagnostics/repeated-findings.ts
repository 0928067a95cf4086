import type { AgentSteps } from "./agent-run.ts";
import { type Finding, type Severity, maxEvidence, maxFindings } from "./finding.ts";
import type { ToolCall } from "./tool-call.ts";
import { wasteBetween } from "./waste.ts";

export interface Repetition {
  steps: AgentSteps;
  /** All calls of it, in order. */
  calls: readonly ToolCall[];
  /** How many of the first ones were needed. */
  needed: number;
  sentence: string;
  severity: Severity;
  tool: string;
}

/** Writes down repetitions; those that wasted most first when there are too many. */
export function repetitionFindings(name: string, repetitions: readonly Repetition[]): Finding[] {
  const findings = repetitions.flatMap(({ steps, calls, needed, sentence, severity, tool }): Finding[] => {
    const lastNeeded = calls[needed - 1];
    const last = calls.at(-1);
    if (lastNeeded === undefined || last === undefined) return [];
    return [
      {
        name,
        severity,
        sentence,
        agent: steps.agent,
        tool,
        spanIds: [...new Set(calls.slice(0, maxEvidence).map(({ spanId }) => spanId))],
        occurrences: calls.length,
        ...wasteBetween(steps, lastNeeded, last),
      },
    ];
  });
  if (findings.length <= maxFindings) return findings;
  return findings.toSorted((a, b) => b.wastedMs - a.wastedMs).slice(0, maxFindings);
}

/** Names in sentences come from outside and may be anything: short, on one line. */
export function named(tool: string): string {
  const line = tool.replaceAll(/\s+/g, " ").trim();
  return `“${line.length > 80 ? `${line.slice(0, 79)}…` : line}”`;
}
