import type { CostIdentity } from "@telltale/model/api";
import type { BrokenIdentity, Identity } from "@telltale/store";

const meanings: Record<Identity, string> = {
  total_not_sum: "The reported total is not input plus output; Telltale counts input plus output.",
  cached_over_input: "More tokens were read from the cache than were sent: the input was reported without its cached part, which Telltale added.",
  cache_write_over_input: "More tokens were written to the cache than were sent: the input was reported without them, and Telltale added them.",
  reasoning_over_output: "More tokens were reasoned than answered: the output was reported without its reasoning, which Telltale added.",
  no_output_with_content: "The call answered with content and reported 0 output tokens: its cost is too low.",
  usage_on_wrappers_only: "Only an agent or a wrapper reported tokens, no model call: they are shown there and count in no sum.",
  cost_not_as_reported: "The cost that the application reported differs from tokens × price by more than 1 %; Telltale counts tokens × price.",
};

export function identityOut(found: BrokenIdentity): CostIdentity {
  return {
    identity: found.identity,
    meaning: meanings[found.identity],
    sdk: { name: found.scopeName === "" ? "unknown" : found.scopeName, version: found.scopeVersion },
    convention: found.dialect === "" ? "unknown" : found.dialect,
    model: found.model === "" ? "unknown" : found.model,
    broken: found.broken,
    checked: found.checked,
    share: found.checked === 0 ? 0 : found.broken / found.checked,
    example: { project_id: found.projectId, trace_id: found.traceId, span_id: found.spanId },
  };
}
