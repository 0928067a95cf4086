import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { type ReadEntry, Parser } from "tar";
import { manifestPath } from "./archive.ts";
import { BackupError, type BackupManifest, type FileEntry, parseManifest } from "./manifest.ts";
import { prepareTarget, refuseWithoutRoom, writeTarget } from "./target.ts";

export interface ReceiveOptions {
  /** Where the archive is to lie, `.tar.gz` or `.tgz`; must not exist. */
  target: string;
  /** The data folder, when it is known: the archive must not lie in it. */
  dataDir?: string | undefined;
  /** Opens the archive's stream; called when the target's name will do. */
  open: () => Promise<{ archive: Readable; bytes: number }>;
  /** Bytes received so far, of how many, both unpacked. */
  onProgress?: (doneBytes: number, totalBytes: number) => void;
  signal?: AbortSignal;
}

/**
 * Writes an archive that comes from elsewhere, and checks it as it comes: it only gets its name when its manifest is there
 * and every file is what the manifest says. Throws `BackupError`, leaving nothing, when it is not or does not fit.
 */
export async function receiveBackup({
  target: path,
  dataDir,
  open,
  onProgress,
  signal,
}: ReceiveOptions): Promise<{ target: string; manifest: BackupManifest }> {
  const target = await prepareTarget(path, dataDir);
  const { archive, bytes } = await open();
  const check = new ArchiveCheck((done) => onProgress?.(Math.min(done, bytes), bytes));
  let manifest: BackupManifest | undefined;
  const checked = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of archive as AsyncIterable<Buffer>) {
      check.write(chunk);
      yield chunk;
    }
  };
  try {
    await refuseWithoutRoom(target, bytes);
    await writeTarget(target, checked(), () => (manifest = check.finish()), signal);
  } finally {
    archive.destroy(); // whoever sends it need not go on
  }
  if (manifest === undefined) throw new Error("an archive was written without having been checked");
  return { target, manifest };
}

/** Reads an archive piece by piece, and compares what is in it with its manifest. */
class ArchiveCheck {
  readonly #found = new Map<string, FileEntry>();
  readonly #parser: Parser;
  #bytes = 0;
  #manifest = "";
  #failure: Error | undefined;

  constructor(onBytes: (bytes: number) => void) {
    this.#parser = new Parser({ strict: true, onReadEntry: (entry) => this.#read(entry, onBytes) });
    this.#parser.on("error", (error: Error) => (this.#failure ??= error));
  }

  write(chunk: Buffer): void {
    this.#parser.write(chunk);
    if (this.#failure) throw damaged(this.#failure.message, this.#failure);
  }

  finish(): BackupManifest {
    this.#parser.end();
    if (this.#failure) throw damaged(this.#failure.message, this.#failure);
    if (this.#manifest === "") throw damaged("its end is missing");
    const manifest = parseManifest(this.#manifest);
    for (const { path, bytes, sha256 } of manifest.files) {
      const found = this.#found.get(path);
      if (found?.bytes !== bytes || found.sha256 !== sha256) throw damaged(`${path} is not what was sent`);
    }
    if (this.#found.size !== manifest.files.length) throw damaged("it holds files that its manifest does not name");
    return manifest;
  }

  #read(entry: ReadEntry, onBytes: (bytes: number) => void): void {
    if (entry.type !== "File") {
      entry.resume();
      return;
    }
    const { path } = entry;
    const hash = createHash("sha256");
    const manifest: Buffer[] = [];
    entry.on("data", (chunk: Buffer) => {
      hash.update(chunk);
      if (path === manifestPath) manifest.push(chunk);
      this.#bytes += chunk.length;
      onBytes(this.#bytes);
    });
    entry.on("end", () => {
      if (path === manifestPath) this.#manifest = Buffer.concat(manifest).toString("utf8");
      else this.#found.set(path, { path, bytes: entry.size, sha256: hash.digest("hex") });
    });
  }
}

function damaged(why: string, cause?: Error): BackupError {
  return new BackupError(`The backup did not arrive whole: ${why}`, cause ? { cause } : {});
}
