import type { AgentRun, AgentSteps } from "./agent-run.ts";
import { type Diagnostic, type Finding, maxEvidence, maxFindings } from "./finding.ts";
import { wasteBetween } from "./waste.ts";

/** Far more steps than this agent usually takes. */
export const excessSteps: Diagnostic = {
  name: "excess_steps",
  summary: "More tool and model calls than in 99 of 100 runs of the same agent.",
  family: "single",
  find(run: AgentRun) {
    return run.agents.flatMap((steps) => excessOf(steps, run.stepLimits.get(steps.agent))).slice(0, maxFindings);
  },
};

/** What `stepLimits` counts: tool calls and model calls of one agent in one trace. */
export function stepCount({ calls, modelCalls }: AgentSteps): number {
  return calls.length + modelCalls.length;
}

function excessOf(steps: AgentSteps, limit: number | undefined): Finding[] {
  const taken = stepCount(steps);
  if (limit === undefined || !(taken > limit)) return [];
  const inOrder = [...steps.calls, ...steps.modelCalls.map(({ span }) => span)].toSorted((a, b) =>
    a.startNs < b.startNs ? -1 : a.startNs > b.startNs ? 1 : 0,
  );
  const usual = Math.max(0, Math.floor(limit));
  const needed = inOrder[usual - 1] ?? inOrder[0];
  const last = inOrder.at(-1);
  return [
    {
      name: "excess_steps",
      severity: "warning",
      sentence: `The agent took ${taken} steps; 99 of 100 of its runs take at most ${limit}.`,
      agent: steps.agent,
      tool: "",
      spanIds: [...new Set(inOrder.slice(usual, usual + maxEvidence).map(({ spanId }) => spanId))],
      occurrences: taken - usual,
      ...(needed === undefined || last === undefined ? { wastedMs: 0, wastedUsd: undefined } : wasteBetween(steps, needed, last)),
    },
  ];
}
