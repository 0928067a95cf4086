import { access, mkdir, rename, rm } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { freeBytes } from "../disk-reserve.ts";
import { syncPath } from "./folder-files.ts";
import { BackupError } from "./manifest.ts";

/** The absolute path of an archive to be written; its folder exists afterwards. Throws `BackupError` for a name that will not do. */
export async function prepareTarget(path: string, dataDir?: string): Promise<string> {
  const target = resolve(path);
  if (!/\.(?:tar\.gz|tgz)$/.test(target)) throw new BackupError(`${target}: a backup's name ends in .tar.gz or .tgz`);
  if (await exists(target)) throw new BackupError(`${target} exists already`);
  if (dataDir !== undefined && !relative(dataDir, target).startsWith("..")) {
    throw new BackupError(`${target} lies in the data folder itself: choose another place`);
  }
  await mkdir(dirname(target), { recursive: true });
  return target;
}

/** Throws `BackupError` when `bytes` do not fit beside `target`. What is stored is compressed already: an archive is hardly smaller. */
export async function refuseWithoutRoom(target: string, bytes: number): Promise<void> {
  const folder = dirname(target);
  const free = await freeBytes(folder);
  if (free < bytes) throw new BackupError(`There is not enough room for the backup in ${folder}: up to ${size(bytes)} are needed, ${size(free)} are free`);
}

/**
 * Writes the archive beside its name, and gives it the name when it is whole and on disk; only its owner can read it. When
 * anything fails, `isWhole` included, nothing is left.
 */
export async function writeTarget(target: string, archive: AsyncIterable<Uint8Array>, isWhole: () => void, signal?: AbortSignal): Promise<void> {
  const partial = `${target}.partial`;
  try {
    await pipeline(archive, createWriteStream(partial, { mode: 0o600 }), { signal });
    isWhole();
    await syncPath(partial);
    await rename(partial, target);
    await syncPath(dirname(target));
  } finally {
    await rm(partial, { force: true });
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Bytes for a person. */
export function size(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
