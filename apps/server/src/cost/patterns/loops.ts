import type { Step } from "./call.ts";
import { groupBy } from "./ledger.ts";
import type { PatternRule } from "./pattern-rule.ts";

const MIN_REPEATS = 3;

/**
 * The same question, or the same tool with the same arguments, at least three times in one trace. A tool costs nothing
 * itself: what its repetition costs is the model call that asked for it.
 */
export const loops: PatternRule = {
  name: "loops",
  title: "Loops",
  counterfactual:
    "Against using the first answer again: the cost of asking a model the same once more, and of the model calls that asked for the same tool with the same arguments once more.",
  find(steps, ledger) {
    const callsOfTrace = new Map(
      groupBy(steps, (step) => (step.kind === "LLM" ? traceOf(step) : undefined)).map((calls) => [calls[0] ? traceOf(calls[0]) : "", calls]),
    );
    for (const group of groupBy(steps, sameQuestion)) {
      const first = group[0];
      if (group.length < MIN_REPEATS || !first) continue;
      const repeats = group.slice(1);
      if (first.kind === "LLM") {
        const claims = repeats.map((step) => ledger.claimWhole(step));
        ledger.note("loops", first, claims, `the same input given to ${first.model || "a model"} ${group.length} times`);
        continue;
      }
      const asking = new Set(repeats.flatMap((step) => lastBefore(callsOfTrace.get(traceOf(step)) ?? [], step) ?? []));
      const claims = Array.from(asking, (step) => ledger.claimWhole(step));
      ledger.note("loops", first, claims, `tool ${first.toolName} called ${group.length} times with the same arguments`);
    }
  },
};

function traceOf(step: Step): string {
  return `${step.projectId}/${step.traceId}`;
}

/** What failed is for the retries. */
function sameQuestion(step: Step): string | undefined {
  if (step.inputHash === "" || step.hasFailed || step.kind === "EMBEDDING") return undefined;
  return JSON.stringify([step.projectId, step.traceId, step.kind, step.kind === "TOOL" ? step.toolName : step.model, step.inputHash]);
}

/** The last model call that had answered when the tool began. Calls are in order of their start. */
function lastBefore(calls: readonly Step[], tool: Step): Step | undefined {
  return calls.findLast((call) => call.endNs <= tool.startNs);
}
