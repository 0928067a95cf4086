import type { ScorerHealth, ScorerOut, ScorerTryResult } from "@telltale/model/api";
import { formatShare } from "../../format/metric.ts";
import { plural } from "../../format/number.ts";

export const stateNames: Readonly<Record<ScorerOut["state"], string>> = {
  running: "Running",
  stopped: "Stopped",
  paused: "Paused",
  cannot_run: "Cannot run here",
};

/** What a scorer is, in a word or two. */
export function kindText({ kind, class: className, level }: Pick<ScorerOut, "kind" | "class" | "level">): string {
  const what = {
    builtin: className ?? "Built-in",
    instructions: "Own judge",
    python: "Python code",
    javascript: "JavaScript",
    ensemble: "Jury of judges",
    foreign: "Of another client",
  }[kind];
  return level === "session" ? `${what}, conversations` : what;
}

/** Share of the eligible traces that have their score; undefined where nobody can say. */
export function coverageOf({ eligible, scored }: Pick<ScorerHealth, "eligible" | "scored">): number | undefined {
  // The same traces on both sides. More scored than eligible: traces were deleted, or the filter was narrowed.
  return eligible === null || eligible === 0 ? undefined : Math.min(1, scored / eligible);
}

export function coverageText(health: Pick<ScorerHealth, "eligible" | "eligible_is_partial" | "scored">): string {
  const coverage = coverageOf(health);
  return coverage === undefined ? "–" : `${health.eligible_is_partial ? "≤ " : ""}${formatShare(coverage)}`;
}

/** The codes of outcomes that do not explain themselves. */
const reasons: Readonly<Record<string, string>> = {
  nothing_to_judge: "nothing to judge in it",
  needs_expectations: "no expectation on it",
  needs_context: "no retrieved documents in it",
  needs_tools: "no tool was offered or called",
  deleted: "the trace was deleted",
  scorer_deleted: "the scorer was deleted",
  scorer_stopped: "the scorer was stopped",
  over_budget: "the day's budget was spent",
  budget_in_use: "waits for what is being judged to be paid, before more of the budget is spent",
  superseded: "the conversation went on",
  no_model: "no model answers there",
  too_large: "too large for the model",
  unauthorized: "the key is refused",
  billing: "the account is not paid",
  timeout: "no answer in time",
  rate_limited: "the provider asked to wait",
  unavailable: "the provider was not available",
  refused: "the provider refused the question",
  invalid_answer: "the answer was no verdict",
  code_failed: "the code failed",
  scorer_error: "the scorer itself failed",
};

/** A reason code in words; one that is not known stays as it is. */
export function reasonText(reason: string): string {
  return reasons[reason] ?? reason.replaceAll("_", " ");
}

/** Why the server paused a scorer or cannot run it. It says `code: message`; the code is told in words, the message is the provider's own. */
export function stateReason(reason: string): string {
  const [, code = "", message = reason] = /^([a-z_]+): (.*)$/s.exec(reason) ?? [];
  const words = reasons[code];
  return withStop(words === undefined ? reason : `${words.slice(0, 1).toUpperCase()}${words.slice(1)}: ${message}`);
}

function withStop(sentence: string): string {
  return /[.!?…]$/.test(sentence.trim()) ? sentence.trim() : `${sentence.trim()}.`;
}

/** What a running scorer waits for, when its provider does not answer as it should; undefined when all goes well. */
export function troubleText({ reasons: found }: Pick<ScorerHealth, "reasons">): string | undefined {
  const [most] = found.filter(({ state }) => state === "waiting").toSorted((a, b) => b.count - a.count);
  if (most === undefined) return undefined;
  return `${plural(most.count, "trace")} wait${most.count === 1 ? "s" : ""}: ${reasonText(most.reason)}. They are asked about again for up to twelve hours, and none counts as a score.`;
}

export interface TrySummary {
  scored: number;
  failed: number;
  skipped: number;
  /** Of those that were asked, in milliseconds. */
  medianMs: number | undefined;
  /** `undefined` = nobody knows: a judgement without a price. */
  usdPer1000: number | undefined;
}

/** What a try says of the traffic: how long, and for how much. */
export function summariseTry(data: ScorerTryResult["data"], usesModel: boolean): TrySummary {
  const of = (outcome: string) => data.filter((entry) => entry.outcome === outcome).length;
  const asked = data.filter(({ outcome }) => outcome !== "skipped");
  const times = asked.map(({ duration_ms: ms }) => ms).toSorted((a, b) => a - b);
  const isPriced = !usesModel || asked.every(({ outcome, cost_usd: usd }) => usd !== null || outcome === "failed");
  const sum = asked.reduce((total, { cost_usd: usd }) => total + (usd ?? 0), 0);
  return {
    scored: of("scored"),
    failed: of("failed"),
    skipped: of("skipped"),
    medianMs: times[Math.floor((times.length - 1) / 2)],
    usdPer1000: asked.length > 0 && of("scored") > 0 && isPriced ? (sum / data.length) * 1000 : usesModel ? undefined : 0,
  };
}

/** `0.88 (0.87–0.90)`: a measured share with its 95 % interval. */
export function measuredText({ value, low, high }: { value: number; low: number; high: number }): string {
  return `${value.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}
