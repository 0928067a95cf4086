import type { AgentSteps } from "./agent-run.ts";

export interface Waste {
  wastedMs: number;
  wastedUsd: number | undefined;
}

/**
 * What went by between the end of what was needed and the end of what was not: the calls themselves and the model calls that
 * asked for them. A price that is unknown makes the sum unknown.
 */
export function wasteBetween(steps: AgentSteps, needed: { endNs: bigint }, last: { endNs: bigint }): Waste {
  const from = needed.endNs;
  const to = last.endNs;
  let usd = 0;
  let priced = 0;
  let unpriced = 0;
  for (const { span } of between(steps, from, to)) {
    if (span.cost.usd === undefined) unpriced += 1;
    else {
      priced += 1;
      usd += span.cost.usd;
    }
  }
  return { wastedMs: to > from ? Number(to - from) / 1e6 : 0, wastedUsd: priced > 0 && unpriced === 0 ? usd : undefined };
}

/** Model calls that start in the time, found by bisection: a trace with many findings stays linear. */
function between({ modelCalls }: AgentSteps, from: bigint, to: bigint): AgentSteps["modelCalls"] {
  return modelCalls.slice(firstFrom(modelCalls, from), firstFrom(modelCalls, to));
}

function firstFrom(modelCalls: AgentSteps["modelCalls"], time: bigint): number {
  let lo = 0;
  let hi = modelCalls.length;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if ((modelCalls[middle]?.span.startNs ?? 0n) < time) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}
