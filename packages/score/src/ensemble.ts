import { addUsage } from "./add-usage.ts";
import type { JudgeUsage, ScoreOutcome, ScoreValue } from "./outcome.ts";

/** How the members of a jury become one value; MLflow's names of its built-in ensemble functions. */
export const ensembleFunctions = ["majority_vote", "mean", "minimum", "maximum", "agg_all", "agg_any"] as const;
export type EnsembleFunction = (typeof ensembleFunctions)[number];

export interface MemberOutcome {
  name: string;
  outcome: ScoreOutcome;
}

/**
 * One score from those of all members. Every member must have one: a jury with a missing voice would be another jury. A failure of
 * one is the jury's failure, retried like its own; costs are added up all the same.
 */
export function combineMembers(members: readonly MemberOutcome[], combine: EnsembleFunction): ScoreOutcome {
  const usage = addUsage(members.flatMap(({ outcome }) => (outcome.kind === "skipped" ? [] : (outcome.usage ?? []))));
  const failed = members.find(({ outcome }) => outcome.kind === "failed");
  if (failed?.outcome.kind === "failed") return { ...failed.outcome, message: `${failed.name}: ${failed.outcome.message}`, usage };
  const skipped = members.find(({ outcome }) => outcome.kind === "skipped");
  if (skipped?.outcome.kind === "skipped") return skipped.outcome;
  const votes = members.flatMap(({ name, outcome }) => {
    const own = outcome.kind === "scored" ? outcome.scores.find((score) => score.suffix === undefined) : undefined;
    return own === undefined ? [] : [{ name, value: own.value }];
  });
  if (votes.length < members.length || votes.length === 0) return unusable("a member gave no value of its own", usage);
  const value = combined(
    votes.map((vote) => vote.value),
    combine,
  );
  if (value === undefined)
    return unusable(`${combine} cannot combine ${votes.map(({ name, value: said }) => `${name}: ${JSON.stringify(said)}`).join(", ")}`, usage);
  return {
    kind: "scored",
    scores: [{ value, rationale: `${combine} of ${votes.map(({ name, value: said }) => `${name}: ${String(said)}`).join(", ")}` }],
    usage,
  };
}

function combined(values: readonly ScoreValue[], combine: EnsembleFunction): ScoreValue | undefined {
  if (combine === "majority_vote") return mostFrequent(values);
  if (combine === "agg_all" || combine === "agg_any") {
    const words = values.map(asBoolean);
    if (words.includes(undefined)) return undefined;
    return combine === "agg_all" ? words.every(Boolean) : words.some(Boolean);
  }
  const numbers = values.map((value) => (typeof value === "boolean" ? Number(value) : value));
  if (!numbers.every((value) => typeof value === "number")) return undefined;
  if (combine === "mean") return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  return combine === "minimum" ? Math.min(...numbers) : Math.max(...numbers);
}

/** Ties go to what comes first in the order of texts, so that the same votes always give the same value. */
function mostFrequent(values: readonly ScoreValue[]): ScoreValue | undefined {
  const counts = new Map<ScoreValue, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || (String(a[0]) < String(b[0]) ? -1 : 1))[0]?.[0];
}

function asBoolean(value: ScoreValue): boolean | undefined {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.trim().toLowerCase() : "";
  if (word === "yes" || word === "true") return true;
  return word === "no" || word === "false" ? false : undefined;
}

function unusable(message: string, usage: JudgeUsage | undefined): ScoreOutcome {
  return { kind: "failed", failure: "permanent", code: "invalid_answer", message, retryAfterMs: undefined, usage };
}
