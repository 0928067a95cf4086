import { setTimeout as sleep } from "node:timers/promises";
import { isStoreAway } from "./store-away.ts";

/** So long a batch gathers before it is written: shorter than anybody waits for a score. */
const GATHER_MS = 25;
const MAX_ITEMS = 256;

/**
 * Makes few large writes of many small ones: what comes while a batch is being written is the next batch. An item that the store refuses
 * fails alone, the others of its batch are written without it; a store that is away fails all.
 */
export class Batches<Item> {
  readonly #write: (items: readonly Item[]) => Promise<void>;
  #waiting: Waiting<Item>[] = [];
  #isWriting = false;

  constructor(write: (items: readonly Item[]) => Promise<void>) {
    this.#write = write;
  }

  /** Resolves when the item is written. */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      await sleep(GATHER_MS);
      await this.#writeBatch(this.#waiting.splice(0, MAX_ITEMS));
    }
    this.#isWriting = false;
  }

  async #writeBatch(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.#write(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1 || isStoreAway(error)) for (const { reject } of batch) reject(error);
      else for (const one of batch) await this.#writeBatch([one]);
    }
  }
}

interface Waiting<Item> {
  item: Item;
  resolve: () => void;
  reject: (error: unknown) => void;
}
