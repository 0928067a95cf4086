import type { Step } from "./call.ts";
import { groupBy } from "./ledger.ts";
import type { PatternRule } from "./pattern-rule.ts";

const MIN_CALLS = 4;
const MIN_GROWTH = 2;
/** Of four steps three go up: a conversation may be cut now and then. */
const MIN_SHARE_UP = 0.75;

/** A conversation that is sent along whole every time: what goes in grows turn by turn. */
export const contextGrowth: PatternRule = {
  name: "context_growth",
  title: "Growing context",
  counterfactual:
    "Against a context that stays as long as in the first call of the conversation: the input beyond that length, at what the call paid per input token.",
  find(steps, ledger) {
    for (const calls of groupBy(steps, lane)) {
      const first = calls[0];
      const last = calls.at(-1);
      if (!first || !last || calls.length < MIN_CALLS || last.inputTokens < first.inputTokens * MIN_GROWTH) continue;
      if (shareUp(calls) < MIN_SHARE_UP) continue;
      const claims = calls
        .filter((call) => call.inputTokens > first.inputTokens)
        .map((call) => ledger.claim(call, call.rates && ((call.inputTokens - first.inputTokens) * call.rates.inputNano) / call.inputTokens));
      const of = last.sessionId === "" ? "one trace" : "one session";
      ledger.note(
        "context_growth",
        last,
        claims,
        `input grew from ${count(first.inputTokens)} to ${count(last.inputTokens)} tokens over ${calls.length} calls of ${of}`,
      );
    }
  },
};

/** Calls that continue each other: of one agent (or step) with one model in one conversation. */
function lane(step: Step): string | undefined {
  if (step.kind !== "LLM" || step.inputTokens === 0) return undefined;
  return JSON.stringify([step.conversation, step.agentName, step.name, step.model]);
}

function shareUp(calls: readonly Step[]): number {
  let up = 0;
  for (let index = 1; index < calls.length; index += 1) if ((calls[index]?.inputTokens ?? 0) >= (calls[index - 1]?.inputTokens ?? 0)) up += 1;
  return up / (calls.length - 1);
}

function count(tokens: number): string {
  return tokens.toLocaleString("en");
}
