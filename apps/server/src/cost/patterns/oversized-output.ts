import type { Step } from "./call.ts";
import { groupBy } from "./ledger.ts";
import type { PatternRule } from "./pattern-rule.ts";

/** Fewer calls of a kind do not say what is usual. */
const MIN_CALLS = 20;
const TIMES_USUAL = 4;
const MIN_TOKENS = 1_000;

/** Answers (reasoning included) many times as long as those of the same step usually are. */
export const oversizedOutput: PatternRule = {
  name: "oversized_output",
  title: "Oversized output",
  counterfactual: "Against an answer four times as long as the median of the same step and model among the calls looked at: the output tokens beyond that.",
  find(steps, ledger) {
    for (const calls of groupBy(steps, sameStep)) {
      if (calls.length < MIN_CALLS) continue;
      const usual = median(calls.map((call) => call.outputTokens));
      const allowed = Math.max(MIN_TOKENS, usual * TIMES_USUAL);
      for (const call of calls) {
        if (call.outputTokens <= allowed) continue;
        const claim = ledger.claim(call, call.rates && (call.outputTokens - allowed) * call.rates.perOutput);
        const reasoned = call.reasoningTokens > 0 ? `, ${count(call.reasoningTokens)} of them reasoning` : "";
        ledger.note("oversized_output", call, [claim], `${count(call.outputTokens)} output tokens${reasoned}, where ${count(usual)} are usual`);
      }
    }
  },
};

function sameStep(step: Step): string | undefined {
  return step.kind === "LLM" && step.outputTokens > 0 ? JSON.stringify([step.projectId, step.name, step.agentName, step.model]) : undefined;
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}

function count(tokens: number): string {
  return tokens.toLocaleString("en");
}
