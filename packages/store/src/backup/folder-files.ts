import { createHash } from "node:crypto";
import { lstat, open, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import type { FileEntry } from "./manifest.ts";

/** What is not backed up: locks, reserves, drafts, what only a running server needs, and PostgreSQL's files, whose rows are. */
const leftOut = new Set([
  "telltale.lock",
  "running.json",
  "reserve",
  "postgres",
  "analytics/engine-spool",
  "analytics/engine/shadow",
  "blobs/drafts",
  "artifacts/.uploads",
  "backups",
]);

export function isLeftOut(path: string): boolean {
  return leftOut.has(path);
}

/** `path` is below the folder, with `/`. */
export type FolderEntry =
  | { kind: "file"; path: string; bytes: number; mode: number; modified: Date }
  | { kind: "folder"; path: string; mode: number; modified: Date }
  | { kind: "link"; path: string; target: string; mode: number; modified: Date };

/**
 * Everything below a folder, sorted, folders before what is in them. Sockets and pipes mean nothing later and are passed
 * over; so is what disappears meanwhile. What `skip` names is not entered.
 */
export async function* entriesBelow(folder: string, skip: (path: string) => boolean = isLeftOut, below = ""): AsyncGenerator<FolderEntry> {
  const names = (await readdir(join(folder, below)).catch(unlessMissing)) ?? [];
  for (const name of names.toSorted()) {
    const path = below === "" ? name : `${below}/${name}`;
    if (skip(path)) continue;
    const stats = await lstat(join(folder, path)).catch(unlessMissing);
    if (stats === undefined) continue;
    const common = { path, mode: stats.mode & 0o777, modified: stats.mtime };
    if (stats.isFile()) yield { kind: "file", bytes: stats.size, ...common };
    else if (stats.isSymbolicLink()) yield { kind: "link", target: await readlink(join(folder, path)), ...common };
    else if (stats.isDirectory()) {
      yield { kind: "folder", ...common };
      yield* entriesBelow(folder, skip, path);
    }
  }
}

const CHUNK_BYTES = 256 * 1024;

/** The bytes of a file in pieces; a piece is only valid until the next one is asked for when `reuse` is set. */
export async function* chunksOf(path: string, reuse = false): AsyncGenerator<Buffer> {
  const file = await open(path, "r");
  try {
    let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield chunk.subarray(0, bytesRead);
      if (!reuse) chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    }
  } finally {
    await file.close();
  }
}

/** Size and checksum of a file as it lies on disk. */
export async function describeFile(folder: string, path: string): Promise<FileEntry> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunksOf(join(folder, path), true)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { path, bytes, sha256: hash.digest("hex") };
}

/** Makes a file, or the names in a folder, survive a power cut. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** For `.catch`: what is not there is undefined, everything else is an error. */
export function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
