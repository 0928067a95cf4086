import { Worker, type WorkerOptions } from "node:worker_threads";
import type { CodeLimits, CodeResult } from "./run-javascript.ts";
import type { SandboxJob } from "./sandbox-worker.ts";

export interface SandboxWorker {
  file: string | URL;
  options?: WorkerOptions;
}

const LIMITS: CodeLimits = { timeMs: 1_000, memoryBytes: 64 * 1024 * 1024 };
/** The interpreter ends code by itself; a worker that is silent beyond this is replaced. */
const PATIENCE_MS = 5_000;
const IDLE_MS = 60_000;
const MAX_WAITING = 1_000;

interface Waiting {
  job: SandboxJob;
  resolve: (result: CodeResult) => void;
}

/** Runs code scorers one after another in a thread of their own, which is started when it is needed and ends when it is not. */
export class CodeSandbox {
  readonly #worker: SandboxWorker;
  #thread: Worker | undefined;
  #running: (Waiting & { timer: NodeJS.Timeout }) | undefined;
  readonly #queue: Waiting[] = [];
  #nextId = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(worker: SandboxWorker) {
    this.#worker = worker;
  }

  run(source: string, subject: unknown, limits: CodeLimits = LIMITS): Promise<CodeResult> {
    if (this.#queue.length >= MAX_WAITING) return Promise.resolve({ kind: "failed", message: "too much code waits to be run" });
    return new Promise((resolve) => {
      this.#queue.push({ job: { id: this.#nextId++, source, subjectJson: JSON.stringify(subject), limits }, resolve });
      this.#next();
    });
  }

  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    for (const { resolve } of this.#queue.splice(0)) resolve({ kind: "failed", message: "the server stops" });
    await this.#end("the server stops");
  }

  #next(): void {
    if (this.#running !== undefined) return;
    clearTimeout(this.#idle);
    const waiting = this.#queue.shift();
    if (waiting === undefined) {
      this.#idle = setTimeout(() => void this.#end("idle"), IDLE_MS).unref();
      return;
    }
    const timer = setTimeout(() => void this.#end("the code did not end"), waiting.job.limits.timeMs + PATIENCE_MS);
    this.#running = { ...waiting, timer };
    (this.#thread ??= this.#start()).postMessage(waiting.job);
  }

  #start(): Worker {
    const thread = new Worker(this.#worker.file, { env: {}, ...this.#worker.options });
    thread.unref();
    thread.on("message", ({ id, result }: { id: number; result: CodeResult }) => {
      if (this.#running?.job.id === id) this.#finish(result);
    });
    thread.on("error", (error) => {
      if (this.#thread !== thread) return;
      this.#thread = undefined;
      this.#finish({ kind: "failed", message: `the sandbox ended: ${error.message}` });
    });
    return thread;
  }

  #finish(result: CodeResult): void {
    const running = this.#running;
    this.#running = undefined;
    clearTimeout(running?.timer);
    running?.resolve(result);
    this.#next();
  }

  async #end(reason: string): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
    if (this.#running !== undefined) this.#finish({ kind: "failed", message: reason });
  }
}
