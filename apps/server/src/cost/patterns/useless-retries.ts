import { groupBy } from "./ledger.ts";
import type { PatternRule } from "./pattern-rule.ts";
import type { Step } from "./call.ts";

const MIN_ATTEMPTS = 3;

/** The same call, failing again and again: what did not work twice with the same input does not work the third time. */
export const uselessRetries: PatternRule = {
  name: "useless_retries",
  title: "Useless retries",
  counterfactual: "Against giving up after the second failure: the cost of every later attempt of the same call with the same input that failed too.",
  find(steps, ledger) {
    for (const group of groupBy(steps, sameCall)) {
      const failed = group.filter((step) => step.hasFailed);
      const first = failed[0];
      if (failed.length < MIN_ATTEMPTS || !first) continue;
      const repeats = failed.slice(2);
      const what = first.kind === "TOOL" ? `tool ${first.toolName}` : `a call of ${first.model || "a model"}`;
      const claims = repeats.map((step) => ledger.claimWhole(step));
      ledger.note("useless_retries", first, claims, `${what} failed ${failed.length} times with the same input`);
    }
  },
};

function sameCall(step: Step): string | undefined {
  if (step.inputHash === "") return undefined;
  return JSON.stringify([step.projectId, step.traceId, step.kind, step.kind === "TOOL" ? step.toolName : step.model, step.inputHash]);
}
