import type { Assessment } from "@telltale/model";
import type { ScoreOutcome } from "../outcome.ts";
import type { Subject } from "../subject.ts";
import { assessmentsOf, type ScoreIdentity } from "./assessments.ts";
import { Batches } from "./batches.ts";
import { GIVE_UP_AFTER_MS, waitBeforeRetry } from "./retry.ts";
import type { RunnableScorer, RunnerDeps, RunnerTask, TaskEnd, TaskWait } from "./task.ts";

type Ending = { kind: "end"; end: TaskEnd; assessments: readonly Assessment[] } | { kind: "wait"; wait: TaskWait };

/**
 * Brings tasks to their end, many with one journalled write and one statement. Assessments are durable before their task ends: a worker that
 * dies in between writes the same ones again.
 */
export class Endings {
  readonly #deps: RunnerDeps;
  readonly #batches = new Batches<Ending>((items) => this.#write(items));

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  skip(task: RunnerTask, reason: string): Promise<void> {
    return this.#end(task, { state: "skipped", reason, costUsd: undefined }, []);
  }

  /** Not now: again in `waitMs`. */
  postpone({ id, attempts }: RunnerTask, waitMs: number, reason: string, costUsd?: number): Promise<void> {
    return this.#batches.add({ kind: "wait", wait: { id, attempts, dueMs: this.#deps.now() + waitMs, reason, costUsd } });
  }

  /** It could not be asked, or its answer not be kept: again later, until that makes no sense any more. */
  notFinished(task: RunnerTask): Promise<void> {
    if (this.#isOld(task)) return this.#end(task, { state: "failed", reason: "not_finished", costUsd: undefined }, []);
    return this.postpone(task, waitBeforeRetry(task.attempts, undefined, this.#deps.random), "not_finished");
  }

  /** What a scorer said, or how it failed: a failure that may pass is tried again, one that needs people pauses the scorer. */
  async take(task: RunnerTask, scorer: RunnableScorer, subject: Subject, outcome: ScoreOutcome): Promise<void> {
    const { now } = this.#deps;
    if (outcome.kind === "skipped") return this.skip(task, outcome.reason);
    const costUsd = outcome.usage?.costUsd;
    if (outcome.kind === "failed" && outcome.failure === "scorer_broken") {
      await this.#deps.pause(task.scorerId, `${outcome.code}: ${outcome.message}`);
      return this.postpone(task, 0, outcome.code, costUsd);
    }
    if (outcome.kind === "failed" && outcome.failure === "transient" && !this.#isOld(task)) {
      return this.postpone(task, waitBeforeRetry(task.attempts, outcome.retryAfterMs, this.#deps.random), outcome.code, costUsd);
    }
    const assessments = assessmentsOf(identityOf(task, scorer, subject), outcome, now());
    await this.#end(task, { state: outcome.kind, reason: outcome.kind === "failed" ? outcome.code : undefined, costUsd }, assessments);
  }

  #isOld({ settledMs }: RunnerTask): boolean {
    return this.#deps.now() - settledMs >= GIVE_UP_AFTER_MS;
  }

  #end({ id, attempts }: RunnerTask, end: Pick<TaskEnd, "state" | "reason" | "costUsd">, assessments: readonly Assessment[]): Promise<void> {
    return this.#batches.add({ kind: "end", end: { id, attempts, ...end }, assessments });
  }

  async #write(items: readonly Ending[]): Promise<void> {
    const ends = items.filter((item) => item.kind === "end");
    const waits = items.filter((item) => item.kind === "wait");
    const assessments = ends.flatMap((item) => item.assessments);
    if (assessments.length > 0) {
      await this.#deps.write(
        assessments,
        assessments.flatMap((assessment) => assessment.overrides ?? []),
      );
    }
    if (ends.length > 0) await this.#deps.outbox.finish(ends.map(({ end }) => end));
    if (waits.length > 0) await this.#deps.outbox.postpone(waits.map(({ wait }) => wait));
  }
}

function identityOf(task: RunnerTask, scorer: RunnableScorer, subject: Subject): ScoreIdentity {
  return {
    ...task,
    scorerName: scorer.name,
    serialized: scorer.serialized,
    sourceType: scorer.sourceType,
    sourceId: scorer.sourceId,
    // A session has no place of its own: its scores lie with its last turn, and name it.
    traceId: subject.level === "trace" ? subject.trace.traceId : (subject.session.turns.at(-1)?.traceId ?? ""),
  };
}
