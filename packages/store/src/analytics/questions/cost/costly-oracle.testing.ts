import type { WorldTrace } from "../world.testing.ts";
import type { CostlyLimits, CostlySteps } from "./costly-traces.ts";

/** What `costlySteps` says of one project, in a form that two answers can be compared by. */
export interface PlainCostly {
  traceCount: number;
  totalUsd: number | undefined;
  dearest: string[];
  /** Of each trace that is looked at, its steps by start and id. */
  steps: Record<string, string[]>;
}

export function plainOf({ traceCount, totalUsd, dearest, traces, steps }: CostlySteps): PlainCostly {
  return {
    traceCount,
    totalUsd: nano(totalUsd),
    dearest: dearest.map(({ traceId, costUsd, userId, startNs }) => JSON.stringify([traceId, nano(costUsd), userId, String(startNs)])),
    steps: Object.fromEntries(
      traces.map(({ traceId }) => [
        traceId,
        steps
          .filter((step) => step.traceId === traceId)
          .map((step) => textOf(step.spanId, step.startNs, step.endNs, step.kind, step.name, step.status, step.cost.usd, step.usage.output)),
      ]),
    ),
  };
}

/** The same from the traces themselves, in the plainest way. */
export function plainCostly(world: readonly WorldTrace[], limits: CostlyLimits): PlainCostly {
  const priced = world.filter(({ trace }) => trace.costUsd !== undefined);
  const total = priced.reduce((sum, { trace }) => sum + (trace.costUsd ?? 0), 0);
  const dearest = priced
    .filter(({ trace }) => (trace.costUsd ?? 0) > 0)
    .toSorted((a, b) => (b.trace.costUsd ?? 0) - (a.trace.costUsd ?? 0) || newestFirst(a, b))
    .slice(0, limits.dearest);
  let spans = 0;
  const examined = [...new Set([...dearest, ...growing(world, limits)])].filter(
    ({ trace }, index) => (spans += trace.spanCount) <= limits.spans || index === 0,
  );
  return {
    traceCount: world.length,
    totalUsd: priced.length === 0 ? undefined : nano(total),
    dearest: dearest.map(({ trace }) => JSON.stringify([trace.traceId, nano(trace.costUsd), trace.userId, String(trace.startNs)])),
    steps: Object.fromEntries(examined.map((item) => [item.trace.traceId, stepsOf(item)])),
  };
}

function stepsOf({ spans }: WorldTrace): string[] {
  return spans
    .map(({ span }) => span)
    .filter((span) => span.kind === "TOOL" || (span.counted && !span.usageIsAggregate && (span.kind === "LLM" || span.kind === "EMBEDDING")))
    .toSorted((a, b) => Number(a.startNs - b.startNs) || (a.spanId < b.spanId ? -1 : 1))
    .map((span) => textOf(span.spanId, span.startNs, span.endNs, span.kind, span.name, span.status, span.cost.usd, span.usage.output));
}

function growing(world: readonly WorldTrace[], limits: CostlyLimits): WorldTrace[] {
  const sessions = new Map<string, WorldTrace[]>();
  for (const item of world) {
    const { sessionId, llmCalls, tokens } = item.trace;
    if (sessionId !== "" && llmCalls > 0 && (tokens.input ?? 0) > 0) sessions.set(sessionId, [...(sessions.get(sessionId) ?? []), item]);
  }
  const given = ({ trace }: WorldTrace): number => (trace.tokens.input ?? 0) / trace.llmCalls;
  const grown = [...sessions].flatMap(([id, items]) => {
    const turns = items.toSorted((a, b) => -newestFirst(a, b));
    const [first, last] = [turns[0], turns.at(-1)].map((turn) => (turn ? given(turn) : 0));
    if (first === undefined || last === undefined || turns.length < 3 || last < 2 * first) return [];
    const money = turns.reduce((sum, { trace }) => sum + (trace.costUsd ?? 0), 0);
    const tokens = turns.reduce((sum, turn) => sum + given(turn), 0);
    return [{ id, turns, added: money * (1 - (turns.length * first) / tokens) }];
  });
  return grown
    .toSorted((a, b) => b.added - a.added || (a.id < b.id ? -1 : 1))
    .slice(0, limits.sessions)
    .flatMap(({ turns }) => turns.slice(0, limits.tracesOfSession))
    .toSorted((a, b) => -newestFirst(a, b));
}

function newestFirst(a: WorldTrace, b: WorldTrace): number {
  return Number(b.trace.startNs - a.trace.startNs);
}

function textOf(...values: (string | bigint | number | undefined)[]): string {
  return values.map(String).join(" ");
}

function nano(usd: number | undefined): number | undefined {
  return usd === undefined ? undefined : Math.round(usd * 1e9);
}
