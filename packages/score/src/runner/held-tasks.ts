import type { RunnerDeps, RunnerTask } from "./task.ts";

/** A worker that dies is missed after this long. */
const LEASE_MS = 30_000;
/** A renewal may fail twice before the lease is lost. */
const RENEW_EVERY_MS = 10_000;

/** The tasks that this worker has claimed and not ended, and their leases: short, and renewed as long as the worker lives. */
export class HeldTasks {
  readonly #deps: Pick<RunnerDeps, "outbox" | "log">;
  readonly #tasks = new Map<number, RunnerTask>();
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: Pick<RunnerDeps, "outbox" | "log">) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer ??= setInterval(() => void this.#renew(), RENEW_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  get size(): number {
    return this.#tasks.size;
  }

  /** Claims tasks of other scorers than `busy` that are new to this worker. One that it still works on, its lease lost while the store was away, is its own again. */
  async claim(limit: number, busy: readonly string[]): Promise<{ found: number; tasks: RunnerTask[] }> {
    const claimed = await this.#deps.outbox.claim(limit, LEASE_MS, busy);
    const tasks = claimed.filter((task) => {
      const own = this.#tasks.get(task.id);
      if (own === undefined) this.#tasks.set(task.id, task);
      else own.attempts = task.attempts;
      return own === undefined;
    });
    return { found: claimed.length, tasks };
  }

  release(task: RunnerTask): void {
    this.#tasks.delete(task.id);
  }

  async #renew(): Promise<void> {
    if (this.#tasks.size === 0) return;
    try {
      await this.#deps.outbox.renew([...this.#tasks.values()], LEASE_MS);
    } catch (error) {
      this.#deps.log("leases not renewed; tried again", { tasks: this.#tasks.size, error: String(error) });
    }
  }
}
