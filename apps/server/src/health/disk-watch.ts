export interface DiskReserveLike {
  readonly held: boolean;
  take(): Promise<boolean>;
  release(): Promise<boolean>;
}

export interface DiskWatchDeps {
  freeBytes: () => Promise<number>;
  reserve: DiskReserveLike;
  /** The last error of the journal; a new `disk_full` there counts at once. */
  journalError: () => Error | undefined;
  log: { warn(fields: object, message: string): void; info(fields: object, message: string): void };
}

/** Below this nothing is received any more: what is acknowledged must still fit into the store. */
const MIN_FREE_BYTES = 48 * 1024 * 1024;
/** With this much free receiving goes on even where the reserve cannot be taken back. */
const PLENTY_BYTES = 256 * 1024 * 1024;
const EVERY_MS = 1_000;

/**
 * Knows whether the disk is full. When it becomes full the reserve is given up, so that the store can finish; receiving
 * goes on once the reserve fits again, which is well above where it stopped (no flapping).
 */
export class DiskWatch {
  full = false;
  freeBytes: number | null = null;
  readonly #deps: DiskWatchDeps;
  #seenError: Error | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: DiskWatchDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    await this.tick();
    this.#timer = setInterval(() => void this.tick(), EVERY_MS);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async tick(): Promise<void> {
    const { freeBytes, reserve, journalError, log } = this.#deps;
    // A file system that cannot say counts as having room: the journal notices by itself.
    const free = await freeBytes().catch(() => null);
    this.freeBytes = free;
    const error = journalError();
    const isNewError = error !== undefined && error !== this.#seenError && "code" in error && error.code === "disk_full";
    this.#seenError = error;
    if (!this.full) {
      if (isNewError || (free !== null && free < MIN_FREE_BYTES)) {
        this.full = true;
        await reserve.release();
        log.warn({ freeBytes: free }, "disk is full: receiving is refused until space is free");
      } else if (!reserve.held) await reserve.take();
    } else if ((await reserve.take()) || (free !== null && free > PLENTY_BYTES)) {
      this.full = false;
      log.info({ freeBytes: free }, "space is free again: receiving goes on");
    }
  }
}
