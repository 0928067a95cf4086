import type { Step } from "./call.ts";
import { groupBy } from "./ledger.ts";
import type { PatternRule } from "./pattern-rule.ts";

/** How long providers keep a prefix at least. */
const KEPT_NS = 300_000_000_000n;
/** The shortest prefix that is cached; the hash is over about as much. */
const MIN_TOKENS = 1_024;
const MIN_MISSES = 2;

/** The same long beginning sent again within minutes, paid in full although the provider would have it in its cache. */
export const cacheMisses: PatternRule = {
  name: "cache_misses",
  title: "Missed cache",
  counterfactual:
    "Against reading the repeated beginning from the provider's cache: the difference between the price of input and of cached input, for the whole input where it is the same, else for its first 1,024 tokens.",
  find(steps, ledger) {
    for (const group of groupBy(steps, samePrefix)) {
      const misses = group.filter((call, index) => {
        const before = group[index - 1];
        return before !== undefined && call.startNs - before.startNs <= KEPT_NS && call.cacheReadTokens === 0;
      });
      const first = misses[0];
      if (misses.length < MIN_MISSES || !first) continue;
      const claims = misses.map((call) => {
        const isSame = group.some((other) => other !== call && other.startNs < call.startNs && other.inputHash !== "" && other.inputHash === call.inputHash);
        return ledger.claim(call, call.rates && (isSame ? call.inputTokens : MIN_TOKENS) * (call.rates.perInput - call.rates.perCached));
      });
      ledger.note("cache_misses", first, claims, `${misses.length} calls of ${first.model} began like the one before them and read nothing from the cache`);
    }
  },
};

/** Only where cached input is cheaper: elsewhere nothing is missed. */
function samePrefix(step: Step): string | undefined {
  if (step.kind !== "LLM" || step.prefixHash === "" || step.inputTokens < MIN_TOKENS || step.hasFailed || step.rates?.hasCachePrice !== true) return undefined;
  return JSON.stringify([step.conversation, step.provider, step.model, step.prefixHash]);
}
