import type { Readable } from "node:stream";

/** One name in a folder. */
export interface ArtifactEntry {
  name: string;
  isFolder: boolean;
  /** Undefined for a folder. */
  sizeBytes: number | undefined;
}

/**
 * Files that clients hang on traces and runs, by path (`1/traces/tr-…/artifacts/attachments/<uuid>`). A path that could
 * leave the store, or that no file system should hold, throws `bad_request` from every method.
 */
export interface ArtifactStore {
  /** Whole or not at all, on disk when it resolves; replaces. Throws `body_too_large`, `disk_full`. */
  put(path: string, content: AsyncIterable<Buffer>): Promise<{ sizeBytes: number }>;
  get(path: string): Promise<{ content: Readable; sizeBytes: number } | undefined>;
  /** Names in a folder, sorted; empty when there is no such folder. */
  list(folder: string): Promise<ArtifactEntry[]>;
  /** A file, or a folder with everything in it. Nothing there is no error. */
  remove(path: string): Promise<void>;
}
