import { JudgeError } from "./judges/judge.ts";
import type { ScoreOutcome } from "./outcome.ts";
import type { Subject } from "./subject.ts";

/** What a scorer throws is a failure of this scorer, with its message; a judge says itself what may be done about it. */
export async function outcomeOf(
  run: (subject: Subject, signal: AbortSignal) => Promise<ScoreOutcome>,
  subject: Subject,
  signal: AbortSignal,
): Promise<ScoreOutcome> {
  try {
    return await run(subject, signal);
  } catch (error) {
    if (error instanceof JudgeError) {
      const { retryAfterMs, usage } = error.details;
      return { kind: "failed", failure: error.failure, code: error.code, message: error.message, retryAfterMs, usage };
    }
    const message = error instanceof Error ? error.message : String(error);
    return { kind: "failed", failure: signal.aborted ? "transient" : "permanent", code: "scorer_error", message, retryAfterMs: undefined, usage: undefined };
  }
}
