import { type Engine, settleHours, sweepSettled } from "@telltale/store";

export interface HourSettlerOptions {
  engine: Engine;
  now: () => number;
  /** Receiving needs the machine: no hour is settled meanwhile. */
  isBusy: () => boolean;
  log: (message: string, fields: Record<string, unknown>) => void;
  /** Replaced in tests. */
  timing?: Partial<typeof defaults>;
}

const defaults = {
  /** Between two looks for something to do. */
  idleMs: 10_000,
  /** After a failure. */
  failedMs: 60_000,
  sweepEveryMs: 60 * 60_000,
  /** An hour is settled when nothing was written to it for this long. */
  quietMs: 60_000,
  maxTraces: 20_000,
};

/**
 * Settles hours in the background: what makes figures fast is never needed for them to be right. Works at most half of the time,
 * a second or so at once, on one core, and not while receiving is behind.
 */
export class HourSettler {
  readonly #options: HourSettlerOptions;
  readonly #timing: typeof defaults;
  readonly #stop = new AbortController();
  #sweptAtMs: number;
  #loop: Promise<void> | undefined;

  constructor(options: HourSettlerOptions) {
    this.#options = options;
    this.#timing = { ...defaults, ...options.timing };
    this.#sweptAtMs = options.now();
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      let restMs = this.#timing.idleMs;
      try {
        restMs = await this.#turn(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#options.log("hours not settled; figures read the rows themselves meanwhile", { error: String(error) });
        restMs = this.#timing.failedMs;
      }
      await pause(restMs, signal);
    }
  }

  /** Returns how long to rest. */
  async #turn(signal: AbortSignal): Promise<number> {
    const { engine, now, isBusy } = this.#options;
    const { idleMs, quietMs, maxTraces, sweepEveryMs } = this.#timing;
    if (isBusy()) return idleMs;
    const started = now();
    if (started - this.#sweptAtMs >= sweepEveryMs) {
      this.#sweptAtMs = started;
      await sweepSettled(engine, started, signal);
    }
    const settled = await settleHours(engine, { now, quietMs, maxTraces, signal });
    return settled === 0 ? idleMs : now() - started;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    timer.unref();
    signal.addEventListener("abort", done);
  });
}
