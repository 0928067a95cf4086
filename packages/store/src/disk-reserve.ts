import { randomBytes } from "node:crypto";
import { open, stat, statfs, unlink } from "node:fs/promises";
import { dirname } from "node:path";

/** Bytes that this process may still write to the file system of `dir`. */
export async function freeBytes(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}

const CHUNK_BYTES = 1024 * 1024;

/**
 * Space set aside in a file. When the disk is full, even deleting needs space (the engine writes before it frees), so the
 * reserve is given up to let the store finish and recover; it is taken again when there is room.
 */
export class DiskReserve {
  readonly #path: string;
  readonly #bytes: number;
  #held = false;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(path: string, bytes = 64 * 1024 * 1024) {
    this.#path = path;
    this.#bytes = bytes;
  }

  get held(): boolean {
    return this.#held;
  }

  /** Takes the reserve unless it is held. False when taking it would leave less than as much again free, or it could not be written. */
  take(): Promise<boolean> {
    return this.#inTurn(async () => {
      if (this.#held) return true;
      const present = await stat(this.#path).catch(() => undefined);
      if (present?.size === this.#bytes) return (this.#held = true);
      if ((await freeBytes(dirname(this.#path))) < this.#bytes * 2) return false;
      this.#held = await this.#write();
      return this.#held;
    });
  }

  /** Gives the space back. True when there was any. */
  release(): Promise<boolean> {
    return this.#inTurn(async () => {
      this.#held = false;
      return unlink(this.#path).then(
        () => true,
        () => false,
      );
    });
  }

  async #write(): Promise<boolean> {
    // Not zeros: a compressing file system would set nothing aside.
    const chunk = randomBytes(CHUNK_BYTES);
    try {
      const file = await open(this.#path, "w", 0o600);
      try {
        for (let written = 0; written < this.#bytes; written += CHUNK_BYTES) await file.write(chunk, 0, Math.min(CHUNK_BYTES, this.#bytes - written));
        await file.sync();
      } finally {
        await file.close();
      }
      return true;
    } catch {
      await unlink(this.#path).catch(() => {}); // half a reserve only takes space from others
      return false;
    }
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#busy.then(work);
    this.#busy = done.catch(() => {});
    return done;
  }
}
