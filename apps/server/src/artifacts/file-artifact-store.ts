import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { TelltaleError } from "@telltale/model";
import { artifactPath } from "./artifact-path.ts";
import type { ArtifactEntry, ArtifactStore } from "./artifact-store.ts";

/** More names than this in one folder are not listed: an answer has a bound. */
const MAX_ENTRIES = 10_000;
/** Uploads in progress; same file system as the rest, so that a rename is whole. No artifact path can name it. */
const UPLOADS = ".uploads";

/** Artifacts as files below `root`. */
export class FileArtifactStore implements ArtifactStore {
  constructor(
    readonly root: string,
    readonly maxBytes: number,
  ) {}

  async put(path: string, content: AsyncIterable<Buffer>): Promise<{ sizeBytes: number }> {
    const target = this.#file(path);
    const upload = join(this.root, UPLOADS, randomUUID());
    try {
      await mkdir(dirname(upload), { recursive: true });
      const sizeBytes = await this.#write(upload, content);
      await mkdir(dirname(target), { recursive: true });
      await rename(upload, target);
      await syncFolder(dirname(target));
      return { sizeBytes };
    } catch (error) {
      await rm(upload, { force: true });
      throw understood(error);
    }
  }

  async get(path: string): Promise<{ content: Readable; sizeBytes: number } | undefined> {
    const file = this.#file(path);
    const stats = await lstat(file).catch(absent);
    return stats?.isFile() === true ? { content: createReadStream(file), sizeBytes: stats.size } : undefined;
  }

  async list(folder: string): Promise<ArtifactEntry[]> {
    const path = this.#file(folder);
    const names = (await readdir(path).catch(absent)) ?? [];
    const entries: ArtifactEntry[] = [];
    for (const name of names.toSorted().slice(0, MAX_ENTRIES)) {
      const stats = await lstat(join(path, name)).catch(absent);
      if (stats?.isDirectory() === true) entries.push({ name, isFolder: true, sizeBytes: undefined });
      else if (stats?.isFile() === true) entries.push({ name, isFolder: false, sizeBytes: stats.size });
    }
    return entries;
  }

  async remove(path: string): Promise<void> {
    await rm(this.#file(path), { recursive: true, force: true });
  }

  #file(path: string): string {
    return join(this.root, ...artifactPath(path));
  }

  async #write(upload: string, content: AsyncIterable<Buffer>): Promise<number> {
    const file = await open(upload, "wx", 0o600);
    try {
      let sizeBytes = 0;
      for await (const chunk of content) {
        sizeBytes += chunk.length;
        if (sizeBytes > this.maxBytes) throw new TelltaleError("body_too_large", `An artifact may have at most ${this.maxBytes} bytes`);
        await file.writeFile(chunk);
      }
      await file.sync();
      return sizeBytes;
    } finally {
      await file.close();
    }
  }
}

/** The new name itself must be on disk before we say so. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

function absent(error: unknown): undefined {
  if (codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR") return undefined;
  throw error;
}

function understood(error: unknown): unknown {
  switch (codeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
      return new TelltaleError("disk_full", "The disk is full; the artifact was not stored", { cause: error, retryAfterS: 30 });
    case "ECONNRESET":
    case "ERR_STREAM_PREMATURE_CLOSE":
      return new TelltaleError("bad_request", "The connection broke before the artifact was complete", { cause: error });
    case "ENOTDIR":
    case "EISDIR":
    case "EEXIST":
    case "ENOTEMPTY":
      return new TelltaleError("bad_request", "Invalid artifact path: a file and a folder would have the same name", { cause: error });
    default:
      return error;
  }
}
