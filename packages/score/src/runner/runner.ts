import { setMaxListeners } from "node:events";
import { setImmediate as breathe } from "node:timers/promises";
import { outcomeOf } from "../outcome-of.ts";
import type { Subject } from "../subject.ts";
import { withDeadline } from "../with-deadline.ts";
import { mayJudge } from "./budget.ts";
import { Endings } from "./endings.ts";
import { HeldTasks } from "./held-tasks.ts";
import { type ReadBatch, readBatch } from "./read-batch.ts";
import type { RunnerDeps, RunnerTask } from "./task.ts";

/** Tasks in work at once. Judges wait for the network most of the time. */
const IN_FLIGHT = 512;
/** While there is more to do, the next tasks are claimed when so many can be, or after a while: each claim is a read of both stores. */
const WORTH_A_CLAIM = IN_FLIGHT / 2;
const CLAIMED_AT_ONCE = IN_FLIGHT / 2;
/** A scorer with so many in work gets no more: a judge that hangs shall not take every place. Together with one claim it leaves a quarter free. */
const BUSY = IN_FLIGHT / 4;
const CROWDED_MS = 250;
const IDLE_MS = 500;
const AFTER_ERROR_MS = 5_000;
const LONGEST_RUN_MS = 5 * 60_000;
/** After so many tasks were begun, whoever waits for this process gets their turn. */
const BEGUN_AT_ONCE = 16;
/** What is being judged must be paid for before the next one. */
const AFTER_BUDGET_MS = 1_000;

/**
 * Takes tasks from the outbox and brings each to its end. A task runs at least once; what it writes is keyed by the task, so
 * that it counts once. An error of a store is nobody's failure: the lease runs out and the task comes again.
 */
export class ScoreRunner {
  readonly #deps: RunnerDeps;
  readonly #held: HeldTasks;
  readonly #endings: Endings;
  readonly #abort = new AbortController();
  #loop: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  #isCrowded = false;
  readonly #inFlight = new Set<Promise<void>>();
  /** Tasks in work by scorer. */
  readonly #working = new Map<string, number>();

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
    this.#held = new HeldTasks(deps);
    this.#endings = new Endings(deps);
    setMaxListeners(IN_FLIGHT, this.#abort.signal); // each task in work listens
  }

  start(): void {
    if (this.#abort.signal.aborted) return;
    this.#held.start();
    this.#loop ??= this.#run();
  }

  /** Something was added to the outbox. */
  wake(): void {
    this.#wake?.();
  }

  /** Stops taking tasks and cancels those in work; they come again when their lease ends. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#held.stop();
    this.wake();
    await this.#loop;
    await Promise.allSettled(this.#inFlight);
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      try {
        const limit = Math.min(CLAIMED_AT_ONCE, IN_FLIGHT - this.#held.size);
        const busy = this.#busyScorers();
        const { found, tasks } = limit > 0 ? await this.#held.claim(limit, busy) : { found: 0, tasks: [] };
        if (tasks.length > 0) await this.#startAll(tasks);
        await this.#untilNext(found === limit || busy.length > 0);
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        this.#deps.log("scoring waits for the stores", { error: String(error) });
        await this.#sleep(AFTER_ERROR_MS);
      }
    }
  }

  /** `isMore`: the outbox may hold more than was claimed. */
  async #untilNext(isMore: boolean): Promise<void> {
    if (!isMore) return this.#sleep(IDLE_MS);
    if (this.#hasRoom()) return;
    this.#isCrowded = true;
    await this.#sleep(CROWDED_MS);
    this.#isCrowded = false;
  }

  #hasRoom(): boolean {
    return IN_FLIGHT - this.#held.size >= WORTH_A_CLAIM && this.#busyScorers().length === 0;
  }

  #busyScorers(): string[] {
    return [...this.#working].flatMap(([scorerId, count]) => (count >= BUSY ? [scorerId] : []));
  }

  /** Scorers and content are read once for all tasks that were claimed together. */
  async #startAll(tasks: readonly RunnerTask[]): Promise<void> {
    // Counted before their scorers are read: whoever has ended since then is counted there or here, never in neither.
    const counts = tasks.map((task) => this.#count(task.scorerId, 1));
    const batch = await readBatch(this.#deps, tasks).catch((error: unknown) => this.#giveBack(tasks, error));
    for (const [index, task] of tasks.entries()) {
      const work = this.#one(task, batch, counts[index] ?? 1).finally(() => this.#release(task, work));
      this.#inFlight.add(work);
      if (index % BEGUN_AT_ONCE === BEGUN_AT_ONCE - 1) await breathe();
    }
  }

  /** Content could not be read: the tasks wait for the store instead of for the end of their lease. */
  async #giveBack(tasks: readonly RunnerTask[], cause: unknown): Promise<never> {
    try {
      await Promise.all(tasks.map((task) => this.#endings.postpone(task, AFTER_ERROR_MS, "store_unavailable")));
    } finally {
      for (const task of tasks) this.#release(task);
    }
    throw cause;
  }

  #release(task: RunnerTask, work?: Promise<void>): void {
    this.#count(task.scorerId, -1);
    this.#held.release(task);
    if (work !== undefined) this.#inFlight.delete(work);
    if (this.#isCrowded && this.#hasRoom()) this.wake();
  }

  #count(scorerId: string, change: 1 | -1): number {
    const count = (this.#working.get(scorerId) ?? 0) + change;
    if (count === 0) this.#working.delete(scorerId);
    else this.#working.set(scorerId, count);
    return count;
  }

  /** `inFlight`: how many judgements of this scorer run, this one included. */
  async #one(task: RunnerTask, batch: ReadBatch, inFlight: number): Promise<void> {
    try {
      const scorer = batch.scorerOf(task);
      if (scorer === undefined) return await this.#endings.skip(task, "scorer_deleted");
      const may = scorer.budget === undefined ? "yes" : mayJudge(scorer.budget, inFlight);
      if (may === "spent") return await this.#endings.skip(task, "over_budget");
      if (may === "wait") return await this.#endings.postpone(task, AFTER_BUDGET_MS, "budget_in_use");
      const subject = await this.#subjectOf(task, batch);
      if (subject === undefined) return await this.#endings.skip(task, "deleted");
      const outcome = await withDeadline(this.#abort.signal, LONGEST_RUN_MS, (timed) => outcomeOf(scorer.run, subject, timed));
      if (!this.#abort.signal.aborted) await this.#endings.take(task, scorer, subject, outcome); // a cancelled judge says nothing about the trace
    } catch (error) {
      if (!this.#abort.signal.aborted) await this.#notFinished(task, error);
    }
  }

  /** Neither the trace nor its scorer is to blame before it could be asked and its answer kept: again later, by itself. */
  async #notFinished(task: RunnerTask, cause: unknown): Promise<void> {
    this.#deps.log("task not finished; it runs again", { task: task.id, error: String(cause) });
    await this.#endings
      .notFinished(task)
      .catch((error: unknown) => this.#deps.log("task not given back; it runs again when its lease ends", { task: task.id, error: String(error) }));
  }

  async #subjectOf(task: RunnerTask, batch: ReadBatch): Promise<Subject | undefined> {
    if (task.level === "trace") {
      const trace = batch.traceOf(task);
      return trace === undefined ? undefined : { level: "trace", trace };
    }
    const session = await this.#deps.sessionOf(task.projectId, task.entityId);
    return session === undefined ? undefined : { level: "session", session };
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
