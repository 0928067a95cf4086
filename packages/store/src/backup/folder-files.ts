import { createHash } from "node:crypto";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { FileEntry } from "./manifest.ts";

/** What is not backed up: locks, reserves, drafts, and PostgreSQL's files, whose rows are. */
const leftOut = new Set(["telltale.lock", "reserve", "postgres", "analytics/engine-spool", "blobs/drafts", "backups"]);

/** Paths of all files below a folder, with `/`, sorted; links are not files. */
export async function filesBelow(folder: string, below = ""): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    if (isLeftOut(path)) continue;
    if (entry.isDirectory()) found.push(...(await filesBelow(folder, path)));
    else if (entry.isFile()) found.push(path);
  }
  return found.toSorted();
}

export function isLeftOut(path: string): boolean {
  return leftOut.has(path);
}

const CHUNK_BYTES = 1024 * 1024;

/** Size and checksum of a file as it lies on disk; with `sync`, it is on disk for good afterwards. */
export async function describeFile(folder: string, path: string, options: { sync?: boolean } = {}): Promise<FileEntry> {
  const file = await open(join(folder, path), "r");
  try {
    const hash = createHash("sha256");
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    let bytes = 0;
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) break;
      hash.update(chunk.subarray(0, bytesRead));
      bytes += bytesRead;
    }
    if (options.sync === true) await file.sync();
    return { path, bytes, sha256: hash.digest("hex") };
  } finally {
    await file.close();
  }
}
