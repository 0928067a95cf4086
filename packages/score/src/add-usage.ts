import type { JudgeUsage } from "./outcome.ts";

/**
 * What several questions to judges used together; `undefined` where none was asked. Trace and prompt are those of the first. A price
 * that one of them lacks makes the sum unknown: an unknown cost is never a zero.
 */
export function addUsage(all: readonly JudgeUsage[]): JudgeUsage | undefined {
  const [first] = all;
  if (first === undefined) return undefined;
  const sum = (of: (usage: JudgeUsage) => number | undefined): number | undefined => {
    const known = all.map(of).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : known.reduce((total, value) => total + value, 0);
  };
  return {
    model: [...new Set(all.map((usage) => usage.model))].join(", "),
    inputTokens: sum((usage) => usage.inputTokens),
    outputTokens: sum((usage) => usage.outputTokens),
    costUsd: all.some((usage) => usage.costUsd === undefined) ? undefined : sum((usage) => usage.costUsd),
    traceId: first.traceId,
    promptDigest: first.promptDigest,
  };
}
