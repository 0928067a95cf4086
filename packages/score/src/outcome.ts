/** yes/no, a number, a category, or what a scorer's own vocabulary says. */
export type ScoreValue = boolean | number | string;

/** One score. A scorer may give several (one for each retrieval, say). */
export interface Score {
  /** Stands behind the name under which the scorer is registered, as `name/suffix`; absent = the name alone. */
  suffix?: string;
  value: ScoreValue;
  rationale: string | undefined;
  /** Absent = about the whole trace. */
  spanId?: string;
  metadata?: Readonly<Record<string, string>>;
}

/** Why a subject gets no score although it was chosen. Shown with counts; never a zero. */
export type SkipReason =
  | "nothing_to_judge"
  | "needs_expectations"
  | "needs_context"
  | "needs_tools"
  | "deleted"
  | "scorer_deleted"
  | "scorer_stopped"
  | "over_budget"
  | "superseded";

/** What to do about a failure: try again later, never, or stop the scorer until somebody has looked (key, billing). */
export type FailureKind = "transient" | "permanent" | "scorer_broken";

export type ScoreOutcome =
  | { kind: "scored"; scores: readonly Score[]; usage: JudgeUsage | undefined }
  | { kind: "skipped"; reason: SkipReason }
  | { kind: "failed"; failure: FailureKind; code: string; message: string; retryAfterMs: number | undefined; usage: JudgeUsage | undefined };

/** What judging cost. `costUsd` undefined = the price of the judge's model is unknown. */
export interface JudgeUsage {
  model: string;
  inputTokens: number | undefined;
  outputTokens: number | undefined;
  costUsd: number | undefined;
  /** Trace of the judge's own calls. */
  traceId: string | undefined;
  /** sha256 of the instructions, first 16 hex digits: a changed prompt is a changed judge. */
  promptDigest: string;
}

export function skipped(reason: SkipReason): ScoreOutcome {
  return { kind: "skipped", reason };
}

export function scored(...scores: Score[]): ScoreOutcome {
  return { kind: "scored", scores, usage: undefined };
}
