import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, readFile, readdir, rename, rm, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { TelltaleError } from "@telltale/model";

export interface StoredBlob {
  /** As the sender declared it: never trust it to decide what a browser runs. `""` = not declared. */
  contentType: string;
  sizeBytes: number;
  stream(): Readable;
}

export interface BlobStoreOptions {
  /** Above this, `put` throws `body_too_large`. */
  maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024; // the largest request that is accepted
const MAX_CONTENT_TYPE = 200;

/**
 * Large and binary content of spans, by the sha-256 of its bytes: `ab/cdef…`, with the declared type beside it in
 * `ab/cdef….type`. The same content is kept once. A blob that `put` confirmed is on disk.
 */
export class BlobStore {
  readonly #dir: string;
  readonly #drafts: string;
  /** Content that is about to go; see `setAside`. */
  readonly #aside: string;
  readonly #maxBytes: number;
  /** A second sender of the same content waits for the first: its answer, too, says "on disk". */
  readonly #writing = new Map<string, Promise<void>>();

  private constructor(dir: string, maxBytes: number) {
    this.#dir = dir;
    this.#drafts = join(dir, "drafts");
    this.#aside = join(dir, "aside");
    this.#maxBytes = maxBytes;
  }

  /** Opens the folder, creating it when missing, and clears what a crash left half written. One process per folder. */
  static async open(dir: string, options: BlobStoreOptions = {}): Promise<BlobStore> {
    const store = new BlobStore(dir, options.maxBytes ?? DEFAULT_MAX_BYTES);
    await rm(store.#drafts, { recursive: true, force: true });
    await mkdir(store.#drafts, { recursive: true });
    await mkdir(store.#aside, { recursive: true });
    for (const hash of await readdir(store.#aside)) await store.putBack(hash);
    return store;
  }

  /** Keeps the content and returns its hash; content that is there already costs nothing. Throws `disk_full` when it does not fit. */
  async put(bytes: Uint8Array, contentType: string): Promise<string> {
    if (bytes.length > this.#maxBytes) throw new TelltaleError("body_too_large", `A blob of ${bytes.length} bytes is over the limit of ${this.#maxBytes}`);
    const hash = createHash("sha256").update(bytes).digest("hex");
    const writing = this.#writing.get(hash) ?? this.#keep(hash, bytes, contentType).finally(() => this.#writing.delete(hash));
    this.#writing.set(hash, writing);
    await writing;
    return hash;
  }

  /** The content of a hash, or undefined when there is none or the hash is not one. */
  async open(hash: string): Promise<StoredBlob | undefined> {
    if (!isHash(hash)) return undefined;
    const path = this.#pathOf(hash);
    const sizeBytes = await sizeOf(path);
    if (sizeBytes === undefined) return undefined;
    const contentType = await readFile(`${path}.type`, "utf8").catch(() => ""); // lost with a folder copied by hand: the content still counts
    return { contentType, sizeBytes, stream: () => createReadStream(path) };
  }

  /** True when there was such content. */
  async delete(hash: string): Promise<boolean> {
    if (!isHash(hash)) return false;
    const path = this.#pathOf(hash);
    const existed = await unlinkIfThere(path);
    await unlinkIfThere(`${path}.type`);
    return existed;
  }

  /**
   * Takes content away so that it can be put back: who stores the same content from now on writes it anew, so whether anybody
   * links to it can be looked at in peace. After a crash it is back.
   */
  async setAside(hash: string): Promise<boolean> {
    if (!isHash(hash)) return false;
    await this.#writing.get(hash);
    return rename(this.#pathOf(hash), join(this.#aside, hash)).then(
      () => true,
      (error: unknown) => {
        if (isMissing(error)) return false;
        throw error;
      },
    );
  }

  async putBack(hash: string): Promise<void> {
    if (!isHash(hash)) return;
    await mkdir(join(this.#dir, hash.slice(0, 2)), { recursive: true });
    await rename(join(this.#aside, hash), this.#pathOf(hash));
  }

  /** For good. Returns the bytes that this freed. */
  async dropAside(hash: string): Promise<number> {
    if (!isHash(hash)) return 0;
    const path = join(this.#aside, hash);
    const bytes = (await sizeOf(path)) ?? 0;
    await unlinkIfThere(path);
    if ((await sizeOf(this.#pathOf(hash))) === undefined) await unlinkIfThere(`${this.#pathOf(hash)}.type`);
    return bytes;
  }

  /** Every hash that is stored, in no order. */
  async *hashes(): AsyncGenerator<string> {
    for (const folder of await readdir(this.#dir)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      for (const name of await readdir(join(this.#dir, folder))) if (isHash(folder + name)) yield folder + name;
    }
  }

  async #keep(hash: string, bytes: Uint8Array, contentType: string): Promise<void> {
    const path = this.#pathOf(hash);
    if ((await sizeOf(path)) === bytes.length) return;
    try {
      const folder = join(this.#dir, hash.slice(0, 2));
      if ((await mkdir(folder, { recursive: true })) !== undefined) await syncFolder(this.#dir);
      // The type first: whoever finds the content finds its type.
      await this.#write(`${path}.type`, Buffer.from(contentType.slice(0, MAX_CONTENT_TYPE)));
      await this.#write(path, bytes);
      await syncFolder(folder);
    } catch (cause) {
      if (isDiskFull(cause)) throw new TelltaleError("disk_full", "The disk is full: the content could not be stored", { cause, retryAfterS: 30 });
      throw cause;
    }
  }

  async #write(path: string, bytes: Uint8Array): Promise<void> {
    const draft = join(this.#drafts, randomUUID());
    try {
      const file = await open(draft, "wx", 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(draft, path);
    } catch (error) {
      await unlinkIfThere(draft);
      throw error;
    }
  }

  #pathOf(hash: string): string {
    return join(this.#dir, hash.slice(0, 2), hash.slice(2));
  }
}

/** Anything else never becomes a path. */
function isHash(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  return found?.isFile() ? found.size : undefined;
}

/** Makes a rename in the folder survive a power cut. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function unlinkIfThere(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function isDiskFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT");
}
