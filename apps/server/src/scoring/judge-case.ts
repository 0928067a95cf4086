import { setTimeout as sleep } from "node:timers/promises";
import { TelltaleError } from "@telltale/model";
import { isPass, outcomeOf, type ScoreOutcome, type Subject, withDeadline } from "@telltale/score";
import type { CaseVerdict } from "@telltale/store";

/** What a judge said of one case outside the outbox, and what it cost. */
export interface JudgedCase {
  verdict: CaseVerdict;
  /** Why there is no verdict; `undefined` = there is one. */
  problem: string | undefined;
  /** One for each attempt that a model answered; `undefined` in it = price unknown. */
  costs: (number | undefined)[];
}

const ATTEMPTS = 4;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
const LONGEST_RUN_MS = 5 * 60_000;

/**
 * Judges one case, again after a pause when the model was away. Throws `bad_request` when the scorer cannot work at all (key, billing, no
 * model), and what the signal was aborted with.
 */
export async function judgeCase(
  run: (subject: Subject, signal: AbortSignal) => Promise<ScoreOutcome>,
  subject: Subject,
  threshold: number,
  signal: AbortSignal,
): Promise<JudgedCase> {
  const costs: (number | undefined)[] = [];
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await withDeadline(signal, LONGEST_RUN_MS, (timed) => outcomeOf(run, subject, timed));
    signal.throwIfAborted();
    if (outcome.kind === "skipped") return none(outcome.reason, costs);
    if (outcome.usage !== undefined) costs.push(outcome.usage.costUsd);
    if (outcome.kind === "scored") {
      const score = outcome.scores.find((item) => item.suffix === undefined && item.spanId === undefined);
      if (score === undefined) return none("no_verdict_on_the_whole", costs);
      const value = String(score.value);
      return { verdict: { value, pass: isPass(value, threshold), why: score.rationale }, problem: undefined, costs };
    }
    if (outcome.failure === "scorer_broken") throw new TelltaleError("bad_request", `The judge cannot be asked: ${outcome.message}`);
    if (outcome.failure === "permanent" || attempt >= ATTEMPTS) return none(outcome.code, costs);
    await sleep(Math.min(LONGEST_WAIT_MS, Math.max(outcome.retryAfterMs ?? 0, FIRST_WAIT_MS * 2 ** (attempt - 1))), undefined, { signal });
  }
}

function none(problem: string, costs: (number | undefined)[]): JudgedCase {
  return { verdict: { value: undefined, pass: undefined, why: undefined }, problem, costs };
}

/** Works on all items, a few at a time. The first error ends it, after what is under way. */
export async function inParallel<Item>(items: readonly Item[], width: number, work: (item: Item) => Promise<void>): Promise<void> {
  const queue = [...items];
  let failed: unknown;
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined && !hasFailed; item = queue.shift()) {
      try {
        await work(item);
      } catch (error) {
        failed ??= error;
        hasFailed = true;
      }
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  if (hasFailed) throw failed;
}
