import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
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

  /** Takes out the items of which `isMeant` says so, by their JSON; returns how many. */
  async erase(isMeant: (itemJson: string) => boolean): Promise<number> {
    const names = await readdir(this.#folder).catch(() => []); // nothing was ever refused
    let erased = 0;
    for (const name of names.filter((each) => each.endsWith(".json"))) {
      const path = join(this.#folder, name);
      const items = JSON.parse(await readFile(path, "utf8")) as unknown[]; // written by `keep`
      const left = items.filter((item) => !isMeant(JSON.stringify(item)));
      erased += items.length - left.length;
      if (left.length === 0) await rm(path);
      else if (left.length < items.length) {
        await writeFile(`${path}.new`, JSON.stringify(left), { mode: 0o600 });
        await rename(`${path}.new`, path);
      }
    }
    return erased;
  }
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Map || value instanceof Set) return [...(value as Iterable<unknown>)];
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  return value;
}
