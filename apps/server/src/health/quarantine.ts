import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Keeps what the engine refused for good as JSON files that a person can read: acknowledged data is never dropped. */
export class Quarantine {
  readonly #folder: string;
  readonly #now: () => number;
  #count = 0;

  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  /** `items` may hold maps, bigints and bytes. */
  async keep(items: readonly { item: unknown; error: Error }[]): Promise<void> {
    if (items.length === 0) return;
    await mkdir(this.#folder, { recursive: true });
    this.#count += 1;
    const name = `${new Date(this.#now()).toISOString().replaceAll(":", "-")}-${this.#count}.json`;
    const text = JSON.stringify(
      items.map(({ item, error }) => ({ error: error.message, item })),
      plain,
    );
    await writeFile(join(this.#folder, name), text, { mode: 0o600 });
  }
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map || value instanceof Set) return [...(value as Iterable<unknown>)];
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return value;
}
