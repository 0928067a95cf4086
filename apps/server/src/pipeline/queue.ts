import type { Position } from "@telltale/store";

/** One acknowledged journal record on its way to the store. */
export interface QueueItem<Decoded> {
  /** Undefined for work that the server gives itself (settling): it is not in the journal. */
  end: Position | undefined;
  bytes: number;
  /** Undefined when memory was short, or after a start: it is read back from the journal when its turn comes. */
  decoded: Decoded | undefined;
  /** Undefined where it was not looked: it may be any. */
  traceIds: ReadonlySet<string> | undefined;
  /** Must be a block of its own: it removes what was written before it. */
  alone: boolean;
  spans: number;
  atMs: number;
}

/**
 * Acknowledged records in order. Bounded in memory: above `maxDecodedBytes` only positions are kept (the journal bounds
 * those, by refusing). Knows which traces are pending, so that a read of another trace need not wait.
 */
export class DrainQueue<Decoded> {
  #items: (QueueItem<Decoded> | undefined)[] = [];
  #head = 0;
  #decodedBytes = 0;
  readonly #pendingTraces = new Map<string, number>();
  #pendingUnknown = 0;
  /** Records pushed / done since start; equal = nothing pending. */
  pushed = 0;
  done = 0;
  #spans = 0;

  constructor(
    readonly maxDecodedBytes: number,
    /** As many spans as one block: more only wait. */
    readonly blockSpans: number,
  ) {}

  get length(): number {
    return this.#items.length - this.#head;
  }

  get spans(): number {
    return this.#spans;
  }

  /** The next block is full: a sender that waits until it is not is slowed to the speed of the store. */
  get isCrowded(): boolean {
    return this.#spans >= this.blockSpans || this.#decodedBytes >= this.maxDecodedBytes / 2;
  }

  push(item: QueueItem<Decoded>): void {
    if (item.decoded !== undefined) {
      if (item.end && this.#decodedBytes + item.bytes > this.maxDecodedBytes && this.length > 0) item.decoded = undefined;
      else this.#decodedBytes += item.bytes;
    }
    if (item.traceIds === undefined) this.#pendingUnknown += 1;
    else for (const id of item.traceIds) this.#pendingTraces.set(id, (this.#pendingTraces.get(id) ?? 0) + 1);
    this.#items.push(item);
    this.#spans += item.spans;
    this.pushed += 1;
  }

  peek(): QueueItem<Decoded> | undefined {
    return this.#items[this.#head];
  }

  shift(): QueueItem<Decoded> | undefined {
    const item = this.#items[this.#head];
    if (!item) return undefined;
    this.#items[this.#head] = undefined; // what is done must not be kept by its slot
    this.#head += 1;
    this.#spans -= item.spans;
    if (item.decoded !== undefined) this.#decodedBytes -= item.bytes;
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** The store has these now. */
  finish(items: readonly QueueItem<Decoded>[]): void {
    for (const item of items) {
      this.done += 1;
      if (item.traceIds === undefined) this.#pendingUnknown -= 1;
      for (const id of item.traceIds ?? []) {
        const left = (this.#pendingTraces.get(id) ?? 1) - 1;
        if (left > 0) this.#pendingTraces.set(id, left);
        else this.#pendingTraces.delete(id);
      }
    }
  }

  /** True as well when it cannot be told. */
  isPending(traceId: string): boolean {
    return this.#pendingUnknown > 0 || this.#pendingTraces.has(traceId);
  }
}
