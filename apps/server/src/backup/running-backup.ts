import { rm, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { type Readable, finished } from "node:stream";
import { TelltaleError } from "@telltale/model";
import { BackupError, type LiveStores, dropFrozen, packed, takeSnapshot } from "@telltale/store";

export interface RunningBackupDeps {
  stores: LiveStores;
  /** Resolves when what was acknowledged is in the store, or after a short while. */
  readable: () => Promise<boolean>;
  isDiskFull: () => boolean;
  now: () => number;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}

export interface BackupStream {
  archive: Readable;
  /** Of all files in it, unpacked. */
  bytes: number;
}

const WATCH_MS = 1_000;
/** A reader that takes nothing for so long is gone: the snapshot keeps the engine from giving space back. */
const STALLED_MS = 120_000;

/** Backups of this server while it runs, one at a time. Nothing of one is left when its stream has ended, however it ended. */
export class RunningBackup {
  readonly #deps: RunningBackupDeps;
  readonly #folder: string;
  #current: { abort: AbortController; over: Promise<void> } | undefined;

  constructor(deps: RunningBackupDeps) {
    this.#deps = deps;
    this.#folder = join(deps.stores.dataDir, "backups", "running");
  }

  /** Removes what a server that was killed left behind. */
  async clear(): Promise<void> {
    const { dataDir } = this.#deps.stores;
    await dropFrozen(join(dataDir, "analytics", "engine"));
    await rm(this.#folder, { recursive: true, force: true });
    await rmdir(join(dataDir, "backups")).catch(() => {}); // not there, or someone keeps something in it
  }

  /**
   * Takes a snapshot and gives it as a stream, which must be read or destroyed. Throws `already_exists` while another backup
   * runs, `disk_full` when there is not enough room.
   */
  async start(signal: AbortSignal): Promise<BackupStream> {
    if (this.#current) throw new TelltaleError("already_exists", "A backup of this server is being made already; wait until it is done", { retryAfterS: 30 });
    if (this.#deps.isDiskFull()) throw new TelltaleError("disk_full", "The disk is full: there is no room to prepare a backup", { retryAfterS: 30 });
    const abort = new AbortController();
    let done: (() => void) | undefined;
    this.#current = { abort, over: new Promise((resolve) => (done = resolve)) };
    const end = async (): Promise<void> => {
      // What cannot be removed now is removed when the next backup, or the next server, starts.
      await this.clear().catch((error: unknown) => this.#deps.log.warn({ err: error }, "what a backup needed could not be removed"));
      this.#current = undefined;
      done?.();
    };
    const giveUp = (): void => abort.abort(new BackupError("whoever asked for the backup is gone"));
    signal.addEventListener("abort", giveUp, { once: true });
    if (signal.aborted) giveUp();
    try {
      return await this.#open(abort, end);
    } catch (error) {
      await end();
      throw understood(error);
    }
  }

  /** Breaks off what runs. */
  async stop(): Promise<void> {
    this.#current?.abort.abort(new BackupError("the server is shutting down"));
    await this.#current?.over;
  }

  async #open(abort: AbortController, end: () => Promise<void>): Promise<BackupStream> {
    const { stores, readable, now, log } = this.#deps;
    const startedMs = now();
    await this.clear();
    await readable(); // what did not get there in time is in the journal, which is part of the backup
    const snapshot = await takeSnapshot(stores, { folder: this.#folder, now, signal: abort.signal });
    const preparedMs = now() - startedMs;
    let lastReadMs = now();
    const archive = packed(snapshot, { signal: abort.signal, onProgress: () => (lastReadMs = now()) });
    const stopWatching = this.#watch(abort, () => now() - lastReadMs);
    finished(archive, (error) => {
      stopWatching();
      const outcome = { bytes: snapshot.bytes, preparedMs, tookMs: now() - startedMs };
      if (error) log.warn({ ...outcome, reason: reasonOf(abort.signal.aborted ? abort.signal.reason : error) }, "a backup broke off");
      else log.info(outcome, "a backup was made");
      void end();
    });
    return { archive, bytes: snapshot.bytes };
  }

  #watch(abort: AbortController, idleMs: () => number): () => void {
    const timer = setInterval(() => {
      if (this.#deps.isDiskFull()) abort.abort(new BackupError("the disk is full; the space that the backup held is given back"));
      else if (idleMs() > STALLED_MS) abort.abort(new BackupError("nobody reads it any more"));
    }, WATCH_MS);
    timer.unref();
    return () => clearInterval(timer);
  }
}

function understood(error: unknown): unknown {
  if (error instanceof BackupError) return new TelltaleError("disk_full", error.message, { cause: error });
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new TelltaleError("disk_full", "The disk became full while the backup was prepared", { cause: error, retryAfterS: 30 });
  return error;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
