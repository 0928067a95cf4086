import type { AgentRun, AgentSteps } from "./agent-run.ts";
import type { Diagnostic } from "./finding.ts";
import { type Repetition, named, repetitionFindings } from "./repeated-findings.ts";
import type { ToolCall } from "./tool-call.ts";

const LEAST_ATTEMPTS = 3;
/** Waits that grow by this much, or are this long, are a back-off. */
const GROWTH = 1.5;
const LONG_WAIT_NS = 10_000_000_000n;

/** Hammering a service that asks for patience. */
export const retryStorm: Diagnostic = {
  name: "retry_storm",
  summary: "The same call 3 times or more against a transient error (rate limit, timeout, 5xx) without waiting longer each time.",
  family: "repetition",
  find(run: AgentRun) {
    return repetitionFindings("retry_storm", run.agents.flatMap(stormsOf));
  },
};

function stormsOf(steps: AgentSteps): Repetition[] {
  const failing = new Map<string, ToolCall[]>();
  const found: ToolCall[][] = [];
  for (const call of steps.calls) {
    if (call.callKey === "") continue;
    if (call.isTransient) {
      const before = failing.get(call.callKey);
      if (before === undefined) failing.set(call.callKey, [call]);
      else before.push(call);
      continue;
    }
    const before = failing.get(call.callKey);
    if (before !== undefined) found.push(before);
    failing.delete(call.callKey);
  }
  found.push(...failing.values());
  return found
    .filter((calls) => calls.length >= LEAST_ATTEMPTS && !hasBackOff(calls))
    .map((calls) => ({
      steps,
      calls,
      needed: 1,
      tool: calls[0]?.tool ?? "",
      severity: "warning",
      sentence: `${named(calls[0]?.tool ?? "")} was called ${calls.length} times against a passing error without waiting longer in between.`,
    }));
}

function hasBackOff(calls: readonly ToolCall[]): boolean {
  let previous = 0n;
  return calls.slice(1).every((call, i) => {
    const wait = call.startNs - (calls[i]?.endNs ?? call.startNs);
    const isPatient = wait >= LONG_WAIT_NS || (wait > 0n && Number(wait) >= Number(previous) * GROWTH);
    previous = wait;
    return isPatient;
  });
}
