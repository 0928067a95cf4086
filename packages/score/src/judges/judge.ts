import type { FailureKind, JudgeUsage, ScoreValue } from "../outcome.ts";
import type { Vocabulary } from "../scorer.ts";

/** A piece of the trace shown to a judge: data, never instructions. */
export interface Exhibit {
  /** `inputs`, `outputs`, `retrieved_context`, … */
  name: string;
  text: string;
}

/** Something a judge may look up while it judges. What it returns is data of a trace, like an exhibit. */
export interface JudgeTool {
  name: string;
  description: string;
  /** JSON schema of the arguments. */
  parameters: Readonly<Record<string, unknown>>;
  run: (given: unknown) => string;
}

export interface Question {
  /** `openai:/gpt-4o-mini`, `gateway:/NAME`, …; `undefined` = the default judge of the installation. */
  model: string | undefined;
  /** What to decide and how. Comes from the operator or from us, never from a trace. */
  instructions: string;
  exhibits: readonly Exhibit[];
  answer: Vocabulary;
  /** With tools the judge looks for itself, in at most twelve steps. */
  tools?: readonly JudgeTool[] | undefined;
  /** Sampling parameters as MLflow's `inference_params`. */
  parameters?: Readonly<Record<string, unknown>> | undefined;
  /** What people's corrections taught: one sentence each, said after the instructions. */
  guidelines?: readonly string[] | undefined;
  /** Earlier cases with a person's verdict: data, like exhibits, but not what is judged. */
  examples?: readonly Exhibit[] | undefined;
}

/** What is sent for one answer. */
export interface JudgePrompt {
  system: string;
  prompt: string;
  /** JSON schema of the answer. */
  schema: Readonly<Record<string, unknown>>;
  /** The mark between which data stands. */
  fence: string;
}

/** Anything that a judge's model shall write. `promptOf` is given a mark that nobody could know beforehand. */
export interface ModelOrder<Answer> {
  model: string | undefined;
  promptOf: (fence: string) => JudgePrompt;
  read: (text: string) => { kind: "answer"; answer: Answer } | { kind: "unusable"; problem: string };
  /** First 16 hex digits of the sha256 of what it is told. */
  digest: string;
  tools?: readonly JudgeTool[] | undefined;
  parameters?: Question["parameters"];
}

/** The one way to a model: a call, and one more when the answer could not be used. Throws `JudgeError`. */
export interface ModelClient {
  complete<Answer>(order: ModelOrder<Answer>, signal: AbortSignal): Promise<{ answer: Answer; usage: JudgeUsage }>;
}

export interface Verdict {
  value: ScoreValue;
  rationale: string;
  usage: JudgeUsage;
}

/** Asks a model for a verdict in a fixed vocabulary. Throws `JudgeError`. */
export interface Judge {
  ask(question: Question, signal: AbortSignal): Promise<Verdict>;
}

/** The judge gave no usable verdict. Never becomes a score. */
export class JudgeError extends Error {
  override name = "JudgeError";
  constructor(
    readonly code: "rate_limited" | "timeout" | "unavailable" | "unauthorized" | "billing" | "no_model" | "invalid_answer" | "refused" | "too_large",
    message: string,
    readonly failure: FailureKind,
    readonly details: { retryAfterMs?: number | undefined; usage?: JudgeUsage | undefined; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
  }
}
