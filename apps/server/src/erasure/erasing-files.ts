import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { erasureSteps } from "@telltale/model/api";
import { z } from "zod";

/** What an erasure must remember until it is done. It names the person, so it is a file that can go without a trace. */
const Erasing = z.object({
  id: z.string(),
  userId: z.string(),
  projectIds: z.array(z.string()).optional(),
  /** The next thing to do. */
  step: z.enum(erasureSteps),
  /** Content of its own file to which the traces link. */
  blobs: z.array(z.string()),
});
export type Erasing = z.infer<typeof Erasing>;

/** One JSON file per running erasure. */
export class ErasingFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async save(erasing: Erasing): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#path(erasing.id);
    const file = await open(`${path}.new`, "w", 0o600);
    try {
      await file.writeFile(JSON.stringify(erasing));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }

  async all(): Promise<Erasing[]> {
    const names = await readdir(this.#folder).catch(() => []); // nothing was ever erased
    const texts = await Promise.all(names.filter((name) => name.endsWith(".json")).map((name) => readFile(join(this.#folder, name), "utf8")));
    return texts.map((text) => Erasing.parse(JSON.parse(text)));
  }

  async remove(id: string): Promise<void> {
    await rm(this.#path(id), { force: true });
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.json`);
  }
}
