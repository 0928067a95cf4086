import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { TelltaleError } from "@telltale/model";
import { type JournalRecord, decodeRecord, encodeRecord } from "./record.ts";
import { readSegment } from "./read-segment.ts";

/** Where a record ends: everything up to it is contained in the store once the checkpoint says so. */
export interface Position {
  segment: number;
  offset: number;
}

export interface Appended {
  end: Position;
  /** Length of the record on disk. */
  bytes: number;
}

export interface JournalLimits {
  /** A new file is begun when the current one reaches this. */
  segmentBytes: number;
  /** Records not yet in the store; above it appends are refused with `overloaded`. */
  maxPendingBytes: number;
  /** Bytes waiting for the next group commit; above it appends are refused with `overloaded`. */
  maxQueuedBytes: number;
}

export const defaultLimits: JournalLimits = { segmentBytes: 16 << 20, maxPendingBytes: 1 << 30, maxQueuedBytes: 128 << 20 };

export interface Replayed extends Appended {
  record: JournalRecord;
}

const CHECKPOINT_EVERY_MS = 1_000;
const TURN_OVER_POLL_MS = 100;

interface Queued {
  parts: Buffer[];
  bytes: number;
  resolve: (appended: Appended) => void;
  reject: (error: Error) => void;
}

/**
 * The write-ahead log in front of the store. `append` resolves after fdatasync: that is the moment a client may be told
 * 200. Writers that arrive during a sync share the next one (group commit). Records are read back only after a crash.
 */
export class Journal {
  readonly #dir: string;
  readonly #limits: JournalLimits;
  #file: FileHandle | undefined;
  #segment = 1;
  #offset = 0;
  #queue: Queued[] = [];
  #queuedBytes = 0;
  #writing: Promise<void> | undefined;
  #appendedBytes = 0;
  #drainedBytes = 0;
  #closed = false;
  #drainedTo: Position | undefined;
  #checkpointed: Position | undefined;
  #checkpointMs = 0;
  #firstSegment = 0;
  #holds = 0;
  /** Last write error, shown in ingest health; cleared by the next success. */
  lastError: Error | undefined;

  private constructor(dir: string, limits: JournalLimits) {
    this.#dir = dir;
    this.#limits = limits;
  }

  /** Opens the folder and gives the records that a crash left undrained, oldest first. A torn tail is cut: it was never acknowledged. */
  static async open(dir: string, limits: JournalLimits = defaultLimits): Promise<{ journal: Journal; replay: () => AsyncGenerator<Replayed> }> {
    await mkdir(dir, { recursive: true });
    const journal = new Journal(dir, limits);
    const checkpoint = await readCheckpoint(dir);
    const segments = await listSegments(dir);
    journal.#firstSegment = Math.max(segments[0] ?? 0, checkpoint.segment);
    journal.#segment = (segments.at(-1) ?? checkpoint.segment) + 1;
    await journal.#openSegment();
    const left = segments.filter((segment) => segment >= checkpoint.segment);
    for (const segment of segments) if (segment < checkpoint.segment) await unlink(segmentPath(dir, segment));
    return { journal, replay: () => replaySegments(dir, left, checkpoint) };
  }

  /** Bytes acknowledged and not yet in the store. */
  get pendingBytes(): number {
    return this.#appendedBytes - this.#drainedBytes;
  }

  /** Durable when it resolves. Throws `overloaded` (bounded memory and disk) or `disk_full`. */
  append(record: JournalRecord): Promise<Appended> {
    if (this.#closed) return Promise.reject(new TelltaleError("store_unavailable", "Telltale is shutting down.", { retryAfterS: 5 }));
    const parts = encodeRecord(record);
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    if (this.pendingBytes + bytes > this.#limits.maxPendingBytes || (this.#queuedBytes > 0 && this.#queuedBytes + bytes > this.#limits.maxQueuedBytes)) {
      return Promise.reject(new TelltaleError("overloaded", "More data arrives than can be stored; send it again later.", { retryAfterS: 2 }));
    }
    return new Promise((resolve, reject) => {
      this.#queue.push({ parts, bytes, resolve, reject });
      this.#queuedBytes += bytes;
      this.#writing ??= this.#writeAll();
    });
  }

  /**
   * The store holds everything up to `position`. Written down at most once a second: what a crash replays twice replaces
   * itself. Older segments go when it is written.
   */
  async checkpoint(position: Position, drainedBytes: number): Promise<void> {
    this.#drainedBytes += drainedBytes;
    this.#drainedTo = position;
    if (this.#holds === 0 && Date.now() - this.#checkpointMs >= CHECKPOINT_EVERY_MS) await this.#writeCheckpoint();
  }

  /** Everything is stored and nothing comes: the last segment goes as well, so that a quiet journal takes no room. */
  async trim(): Promise<void> {
    const { segment, offset } = this.#drainedTo ?? { segment: 0, offset: 0 };
    const isDrained = segment === this.#segment && offset === this.#offset && offset > 0;
    if (!isDrained || this.#writing || this.#closed || this.#holds > 0) return;
    // Appends that come meanwhile queue behind it.
    this.#writing = this.#nextSegment()
      .then(() => {
        this.#drainedTo = { segment: this.#segment, offset: 0 };
        return this.#writeCheckpoint();
      })
      .catch((error: unknown) => {
        this.lastError = error instanceof Error ? error : new Error(String(error));
      })
      .then(() => this.#writeAll());
    await this.#writing;
  }

  /**
   * A new segment begins now; resolves when all before it are gone, which is when the store holds what they held. Waits while a
   * backup holds the checkpoint.
   */
  async turnOver(signal: AbortSignal): Promise<void> {
    while (this.#writing) await this.#writing;
    if (this.#closed) return;
    let begun = 0;
    // Appends that come meanwhile queue behind it.
    this.#writing = this.#nextSegment()
      .then(() => {
        begun = this.#segment;
      })
      .catch((error: unknown) => {
        this.lastError = error instanceof Error ? error : new Error(String(error));
      })
      .then(() => this.#writeAll());
    await this.#writing;
    if (begun === 0) throw new TelltaleError("store_unavailable", "The journal cannot be written.", { cause: this.lastError, retryAfterS: 5 });
    while (this.#firstSegment < begun) {
      signal.throwIfAborted();
      if (this.pendingBytes === 0 && (this.#drainedTo?.segment ?? 0) < begun) this.#drainedTo = { segment: begun, offset: 0 };
      if (this.#holds === 0 && (this.#drainedTo?.segment ?? 0) >= begun) await this.#writeCheckpoint();
      else await sleep(TURN_OVER_POLL_MS, undefined, { signal });
    }
  }

  /** The checkpoint stands still and no segment goes while `work` runs: what it copies of this folder can be replayed. */
  async holdCheckpoint<T>(work: () => Promise<T>): Promise<T> {
    this.#holds += 1;
    try {
      return await work();
    } finally {
      this.#holds -= 1;
    }
  }

  async #writeCheckpoint(): Promise<void> {
    const position = this.#drainedTo;
    if (!position || position === this.#checkpointed) return;
    this.#checkpointMs = Date.now();
    this.#checkpointed = position;
    await writeCheckpoint(this.#dir, position);
    for (let segment = this.#firstSegment; segment < position.segment; segment += 1) await unlink(segmentPath(this.#dir, segment)).catch(() => {}); // may be gone already
    this.#firstSegment = position.segment;
  }

  /** Reads one acknowledged record back (its decoded form was not kept in memory). `bytes` = its length on disk. */
  async read(end: Position, bytes: number): Promise<JournalRecord> {
    const file = await open(segmentPath(this.#dir, end.segment), "r");
    try {
      const buffer = Buffer.allocUnsafe(bytes);
      await file.read(buffer, 0, bytes, end.offset - bytes);
      const decoded = decodeRecord(buffer, 0);
      if (decoded.kind !== "record") throw new Error(`journal record before ${end.segment}:${end.offset} is ${decoded.kind}`);
      return decoded.record;
    } finally {
      await file.close();
    }
  }

  /** Replayed records count as pending until they are drained. */
  countReplayed(bytes: number): void {
    this.#appendedBytes += bytes;
  }

  async bytesOnDisk(): Promise<number> {
    const sizes = await Promise.all(
      (await listSegments(this.#dir)).map((segment) =>
        stat(segmentPath(this.#dir, segment)).then(
          (info) => info.size,
          () => 0,
        ),
      ),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#writing;
    await this.#writeCheckpoint();
    await this.#file?.close();
    this.#file = undefined;
  }

  async #writeAll(): Promise<void> {
    // Let every request of this turn of the event loop join the first commit.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#queue.length > 0) {
      const batch = this.#queue;
      this.#queue = [];
      this.#queuedBytes = 0;
      await this.#commit(batch);
    }
    this.#writing = undefined;
  }

  async #commit(batch: Queued[]): Promise<void> {
    let start = this.#offset;
    try {
      if (!this.#file || this.#offset >= this.#limits.segmentBytes) {
        await this.#nextSegment();
        start = 0;
      }
      const file = this.#file;
      if (!file) throw new Error("journal file is not open");
      await writeFully(
        file,
        batch.flatMap((item) => item.parts),
        this.#offset,
      );
      await file.datasync();
    } catch (error) {
      await this.#recoverFrom(error, start, batch);
      return;
    }
    this.lastError = undefined;
    for (const item of batch) {
      this.#offset += item.bytes;
      this.#appendedBytes += item.bytes;
      item.resolve({ end: { segment: this.#segment, offset: this.#offset }, bytes: item.bytes });
    }
  }

  /** Nothing of the batch was acknowledged: cut what was written, so that a later record never follows a torn one. */
  async #recoverFrom(error: unknown, start: number, batch: Queued[]): Promise<void> {
    const full = ["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "");
    const reason = full
      ? new TelltaleError("disk_full", "The disk is full: nothing can be stored until space is freed.", { cause: error, retryAfterS: 10 })
      : new TelltaleError("store_unavailable", "The journal cannot be written.", { cause: error, retryAfterS: 5 });
    this.lastError = reason;
    for (const item of batch) item.reject(reason);
    await this.#file?.truncate(start).catch(() => {}); // if even that fails the checksum cuts it at the next start
    this.#offset = start;
  }

  async #nextSegment(): Promise<void> {
    const finished = this.#file;
    this.#file = undefined; // if the next one cannot be made, the next commit tries again
    await finished?.close();
    this.#segment += 1;
    await this.#openSegment();
  }

  async #openSegment(): Promise<void> {
    this.#file = await open(segmentPath(this.#dir, this.#segment), "w");
    this.#offset = 0;
    await syncFolder(this.#dir);
  }
}

async function writeFully(file: FileHandle, parts: Buffer[], position: number): Promise<void> {
  let at = position;
  // writev takes at most 1024 buffers (IOV_MAX).
  for (let from = 0; from < parts.length; from += 1000) {
    const group = parts.slice(from, from + 1000);
    const total = group.reduce((sum, part) => sum + part.length, 0);
    const { bytesWritten } = await file.writev(group, at);
    if (bytesWritten < total) {
      const rest = Buffer.concat(group).subarray(bytesWritten);
      await file.write(rest, 0, rest.length, at + bytesWritten).then(({ bytesWritten: more }) => {
        if (more < rest.length) throw Object.assign(new Error("short write"), { code: "ENOSPC" });
      });
    }
    at += total;
  }
}

async function* replaySegments(dir: string, segments: readonly number[], from: Position): AsyncGenerator<Replayed> {
  for (const segment of segments) {
    const start = segment === from.segment ? from.offset : 0;
    for await (const { record, end, bytes } of readSegment(segmentPath(dir, segment), start)) yield { record, bytes, end: { segment, offset: end } };
  }
}

function segmentPath(dir: string, segment: number): string {
  return join(dir, `${String(segment).padStart(10, "0")}.log`);
}

async function listSegments(dir: string): Promise<number[]> {
  return (await readdir(dir))
    .filter((name) => /^\d{10}\.log$/.test(name))
    .map((name) => Number(name.slice(0, 10)))
    .sort((a, b) => a - b);
}

async function readCheckpoint(dir: string): Promise<Position> {
  const file = await open(join(dir, "checkpoint.json"), "r").catch(() => undefined);
  if (!file) return { segment: 0, offset: 0 };
  try {
    return JSON.parse(await file.readFile("utf8")) as Position;
  } finally {
    await file.close();
  }
}

/** Not synced: an older checkpoint after a power cut only replays more, and replaying changes nothing (rows replace themselves). */
async function writeCheckpoint(dir: string, position: Position): Promise<void> {
  const temporary = join(dir, "checkpoint.tmp");
  const file = await open(temporary, "w");
  await file.writeFile(JSON.stringify(position));
  await file.close();
  await rename(temporary, join(dir, "checkpoint.json"));
}

async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, "r");
  await handle.sync().finally(() => handle.close());
}
