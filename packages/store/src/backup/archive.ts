import { createHash } from "node:crypto";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { Header, Pax } from "tar";
import { chunksOf, entriesBelow, type FolderEntry } from "./folder-files.ts";
import { BackupError, type BackupManifest, type MetadataManifest } from "./manifest.ts";

/** Where the manifest and PostgreSQL's rows lie: in the archive, and for a moment in the folder that is packed. */
export const backupFolder = "backup";
export const manifestPath = `${backupFolder}/manifest.json`;
export const rowsFolder = `${backupFolder}/postgres`;

/** A folder that does not change any more, and what its manifest will say beside its files. */
export interface Packable {
  folder: string;
  entries: readonly FolderEntry[];
  /** Of all files, before compression. */
  bytes: number;
  /** RFC 3339. */
  created: string;
  metadata: MetadataManifest;
}

export interface PackOptions {
  /** Bytes read so far, of how many. */
  onProgress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
  onManifest?: (manifest: BackupManifest) => void;
  signal?: AbortSignal | undefined;
}

/** Lists what is to be packed. */
export async function packable(folder: string, created: string, metadata: MetadataManifest): Promise<Packable> {
  const entries: FolderEntry[] = [];
  let bytes = 0;
  for await (const entry of entriesBelow(folder)) {
    entries.push(entry);
    if (entry.kind === "file") bytes += entry.bytes;
  }
  return { folder, entries, bytes, created, metadata };
}

/**
 * The archive as a stream of gzipped tar. Every file is read once, its checksum is taken on the way, and so the manifest
 * comes last. Memory does not grow with the archive, and no step keeps the event loop for longer than a millisecond or two.
 */
export function packed(what: Packable, options: PackOptions = {}): Readable {
  // Level 1: nearly all of it is compressed already.
  const gzip = createGzip({ level: 1, chunkSize: 256 * 1024 });
  // Errors reach whoever reads: the stream is destroyed with them.
  pipeline(Readable.from(tarOf(what, options), { objectMode: false }), gzip, { signal: options.signal }).catch(() => {});
  return gzip;
}

async function* tarOf({ folder, entries, bytes: total, created, metadata }: Packable, options: PackOptions): AsyncGenerator<Buffer> {
  const files: BackupManifest["files"] = [];
  let done = 0;
  for (const entry of entries) {
    yield* headOf(entry);
    if (entry.kind !== "file") continue;
    const hash = createHash("sha256");
    let bytes = 0;
    for await (const chunk of chunksOf(join(folder, entry.path))) {
      bytes += chunk.length;
      if (bytes > entry.bytes) break;
      hash.update(chunk);
      yield chunk;
      done += chunk.length;
      options.onProgress?.(done, total);
    }
    if (bytes !== entry.bytes) throw new BackupError(`${entry.path} changed while it was backed up`);
    yield padding(bytes);
    files.push({ path: entry.path, bytes, sha256: hash.digest("hex") });
  }
  const manifest: BackupManifest = { format: 1, created, files, metadata };
  const text = Buffer.from(JSON.stringify(manifest));
  yield* headOf({ kind: "file", path: manifestPath, bytes: text.length, mode: 0o600, modified: new Date(created) });
  yield text;
  yield padding(text.length);
  yield Buffer.alloc(2 * BLOCK);
  options.onManifest?.(manifest);
}

/** The head of a file in a tar; its bytes follow, then `tarPadding`. At the end of all comes `tarEnd`. */
export function tarHead(path: string, bytes: number, modified: Date): Buffer {
  return Buffer.concat([...headOf({ kind: "file", path, bytes, mode: 0o600, modified })]);
}

const BLOCK = 512;
const types = { file: "File", folder: "Directory", link: "SymbolicLink" } as const;

/** The tar header of an entry, preceded by an extended one when its name or size does not fit. */
function* headOf(entry: FolderEntry): Generator<Buffer> {
  const size = entry.kind === "file" ? entry.bytes : 0;
  const linkpath = entry.kind === "link" ? { linkpath: entry.target } : {};
  const path = entry.kind === "folder" ? `${entry.path}/` : entry.path;
  const header = new Header({ path, ...linkpath, size, mode: entry.mode, mtime: entry.modified, type: types[entry.kind] });
  if (header.encode()) yield new Pax({ path, ...linkpath, size }).encode();
  yield header.block ?? Buffer.alloc(0);
}

function padding(bytes: number): Buffer {
  return Buffer.alloc((BLOCK - (bytes % BLOCK)) % BLOCK);
}

export const tarPadding = padding;
export const tarEnd: Buffer = Buffer.alloc(2 * BLOCK);
