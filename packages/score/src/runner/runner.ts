import type { Assessment } from "@telltale/model";
import type { ScoreOutcome } from "../outcome.ts";
import { outcomeOf } from "../outcome-of.ts";
import { withDeadline } from "../with-deadline.ts";
import type { ScoredSession, ScoredTrace, Subject } from "../subject.ts";
import { type DayBudget, mayJudge } from "./budget.ts";
import { assessmentsOf, type ScoreIdentity } from "./assessments.ts";
import { GIVE_UP_AFTER_MS, waitBeforeRetry } from "./retry.ts";

/** A task of the outbox that this worker holds. */
export interface RunnerTask {
  id: number;
  scorerId: string;
  version: number;
  projectId: string;
  level: "trace" | "session";
  entityId: string;
  generation: number;
  probability: number;
  attempts: number;
  settledMs: number;
  /** Its scores are kept and compared, and count nowhere. */
  shadow: boolean;
}

/** A scorer in the version of the task, ready to run. */
export interface RunnableScorer {
  name: string;
  serialized: string;
  sourceType: ScoreIdentity["sourceType"];
  sourceId: string;
  /** Judges cost money: they stop at the day's budget. `undefined` = no limit. */
  budget: DayBudget | undefined;
  run: (subject: Subject, signal: AbortSignal) => Promise<ScoreOutcome>;
}

export interface RunnerDeps {
  outbox: {
    claim(limit: number, leaseMs: number): Promise<RunnerTask[]>;
    finish(id: number, end: { state: "scored" | "skipped" | "failed"; reason: string | undefined; costUsd: number | undefined }): Promise<void>;
    postpone(id: number, dueMs: number, reason: string, costUsd?: number): Promise<void>;
  };
  /** `undefined` = it was deleted meanwhile. */
  scorerOf: (scorerId: string, version: number) => Promise<RunnableScorer | undefined>;
  tracesOf: (projectId: string, traceIds: readonly string[]) => Promise<ReadonlyMap<string, ScoredTrace>>;
  sessionOf: (projectId: string, sessionId: string) => Promise<ScoredSession | undefined>;
  /** Durable when it resolves. Assessments of an earlier state of growth become invalid with it. */
  write: (assessments: readonly Assessment[], superseded: readonly string[]) => Promise<void>;
  /** The scorer cannot work until somebody has looked; everybody who looks at it sees why. */
  pause: (scorerId: string, reason: string) => Promise<void>;
  now: () => number;
  random: () => number;
  log: (message: string, fields: Record<string, unknown>) => void;
}

/** Tasks in work at once. Judges wait for the network most of the time. */
const IN_FLIGHT = 32;
const LEASE_MS = 10 * 60_000;
const IDLE_MS = 500;
const AFTER_ERROR_MS = 5_000;
const LONGEST_RUN_MS = 5 * 60_000;
/** What is being judged must be paid for before the next one. */
const AFTER_BUDGET_MS = 1_000;

/**
 * Takes tasks from the outbox and brings each to its end. A task runs at least once; what it writes is keyed by the task, so
 * that it counts once. An error of a store is nobody's failure: the lease runs out and the task comes again.
 */
export class ScoreRunner {
  readonly #deps: RunnerDeps;
  readonly #abort = new AbortController();
  #loop: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  readonly #inFlight = new Set<Promise<void>>();
  /** Tasks in work by scorer. */
  readonly #working = new Map<string, number>();

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** Something was added to the outbox. */
  wake(): void {
    this.#wake?.();
  }

  /** Stops taking tasks and cancels those in work; they come again when their lease ends. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.wake();
    await this.#loop;
    await Promise.allSettled(this.#inFlight);
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      try {
        const tasks = await this.#deps.outbox.claim(IN_FLIGHT - this.#inFlight.size, LEASE_MS);
        if (tasks.length > 0) await this.#startAll(tasks).catch((error: unknown) => this.#giveBack(tasks, error));
        if (this.#inFlight.size >= IN_FLIGHT) await Promise.race(this.#inFlight);
        else if (tasks.length === 0) await this.#sleep(IDLE_MS);
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        this.#deps.log("scoring waits for the stores", { error: String(error) });
        await this.#sleep(AFTER_ERROR_MS);
      }
    }
  }

  /** Content is read once for all tasks of the batch. */
  async #startAll(tasks: readonly RunnerTask[]): Promise<void> {
    const wanted = new Map<string, Set<string>>();
    for (const task of tasks) if (task.level === "trace") wanted.set(task.projectId, (wanted.get(task.projectId) ?? new Set()).add(task.entityId));
    const traces = new Map<string, ReadonlyMap<string, ScoredTrace>>();
    for (const [projectId, ids] of wanted) traces.set(projectId, await this.#deps.tracesOf(projectId, [...ids]));
    for (const task of tasks) {
      const trace = traces.get(task.projectId)?.get(task.entityId);
      const work = this.#one(task, trace).finally(() => this.#inFlight.delete(work));
      this.#inFlight.add(work);
    }
  }

  /** Content could not be read: the tasks wait for the store instead of for the end of their lease. */
  async #giveBack(tasks: readonly RunnerTask[], cause: unknown): Promise<never> {
    for (const task of tasks) await this.#deps.outbox.postpone(task.id, this.#deps.now() + AFTER_ERROR_MS, "store_unavailable");
    throw cause;
  }

  async #one(task: RunnerTask, trace: ScoredTrace | undefined): Promise<void> {
    // Counted before its scorer is read: whoever has ended since then is counted there or here, never in neither.
    const inFlight = (this.#working.get(task.scorerId) ?? 0) + 1;
    this.#working.set(task.scorerId, inFlight);
    try {
      const scorer = await this.#deps.scorerOf(task.scorerId, task.version);
      if (scorer === undefined) return await this.#skip(task, "scorer_deleted");
      const may = scorer.budget === undefined ? "yes" : mayJudge(scorer.budget, inFlight);
      if (may === "spent") return await this.#skip(task, "over_budget");
      if (may === "wait") return await this.#deps.outbox.postpone(task.id, this.#deps.now() + AFTER_BUDGET_MS, "budget_in_use");
      const subject = await this.#subjectOf(task, trace);
      if (subject === undefined) return await this.#skip(task, "deleted");
      await this.#end(task, scorer, subject, await withDeadline(this.#abort.signal, LONGEST_RUN_MS, (timed) => outcomeOf(scorer.run, subject, timed)));
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#deps.log("task not finished; it runs again when its lease ends", { task: task.id, error: String(error) });
    } finally {
      this.#working.set(task.scorerId, (this.#working.get(task.scorerId) ?? 1) - 1);
    }
  }

  async #subjectOf(task: RunnerTask, trace: ScoredTrace | undefined): Promise<Subject | undefined> {
    if (task.level === "trace") return trace === undefined ? undefined : { level: "trace", trace };
    const session = await this.#deps.sessionOf(task.projectId, task.entityId);
    return session === undefined ? undefined : { level: "session", session };
  }

  async #skip(task: RunnerTask, reason: string): Promise<void> {
    await this.#deps.outbox.finish(task.id, { state: "skipped", reason, costUsd: undefined });
  }

  async #end(task: RunnerTask, scorer: RunnableScorer, subject: Subject, outcome: ScoreOutcome): Promise<void> {
    if (this.#abort.signal.aborted) return; // a cancelled judge says nothing about the trace
    const { now, outbox } = this.#deps;
    if (outcome.kind === "skipped") return this.#skip(task, outcome.reason);
    const costUsd = outcome.usage?.costUsd;
    if (outcome.kind === "failed" && outcome.failure === "scorer_broken") {
      await this.#deps.pause(task.scorerId, `${outcome.code}: ${outcome.message}`);
      return outbox.postpone(task.id, now(), outcome.code, costUsd);
    }
    if (outcome.kind === "failed" && outcome.failure === "transient" && now() - task.settledMs < GIVE_UP_AFTER_MS) {
      return outbox.postpone(task.id, now() + waitBeforeRetry(task.attempts, outcome.retryAfterMs, this.#deps.random), outcome.code, costUsd);
    }
    const assessments = assessmentsOf(identityOf(task, scorer, subject), outcome, now());
    await this.#deps.write(
      assessments,
      assessments.flatMap((assessment) => assessment.overrides ?? []),
    );
    await outbox.finish(task.id, { state: outcome.kind, reason: outcome.kind === "failed" ? outcome.code : undefined, costUsd });
  }

  #sleep(ms: number): Promise<void> {
    if (this.#abort.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
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
