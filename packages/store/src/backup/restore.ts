import { mkdir, readFile, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { extract } from "tar";
import { lockFolder } from "../folder-lock.ts";
import { connectMetadata } from "../metadata/open-metadata.ts";
import { backupFolder, manifestPath, rowsFolder } from "./archive.ts";
import { describeFile, entriesBelow, syncPath } from "./folder-files.ts";
import { BackupError, type BackupManifest, parseManifest } from "./manifest.ts";
import { loadMetadata } from "./metadata-rows.ts";

export interface RestoreOptions {
  /** The archive that `backup` wrote. */
  source: string;
  /** Must not exist, or be empty. */
  dataDir: string;
  /** When PostgreSQL is used by URL; its database must be empty. */
  postgresUrl?: string | undefined;
  /** Bytes checked so far, of how many. */
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Makes a data folder from a backup. Everything is unpacked beside it, checked against the manifest, and given its name at
 * the very end: what has the name is whole. The server is started on it as usual.
 */
export async function restore(options: RestoreOptions): Promise<BackupManifest> {
  const source = resolve(options.source);
  const dataDir = resolve(options.dataDir);
  if (!(await stat(source).catch(() => undefined))?.isFile()) throw new BackupError(`There is no backup ${source}`);
  await refuseOccupied(dataDir);
  const draft = `${dataDir}.restoring`;
  await rm(draft, { recursive: true, force: true }); // of a restore that was killed
  await mkdir(draft, { recursive: true });
  try {
    await unpack(source, draft);
    const manifest = parseManifest(
      await readFile(join(draft, manifestPath), "utf8").catch((cause: unknown) => {
        throw new BackupError(`${source} is not a backup of Telltale: it has no manifest`, { cause });
      }),
    );
    await checkFiles(draft, manifest, options);
    await fillPostgres(draft, manifest, options);
    await rm(join(draft, backupFolder), { recursive: true });
    await putInPlace(draft, dataDir);
    return manifest;
  } catch (error) {
    // Retries: an unpacking that failed may still be writing its last files.
    await rm(draft, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    throw error;
  }
}

async function refuseOccupied(dataDir: string): Promise<void> {
  const present = await readdir(dataDir).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  if (present.length > 0) {
    lockFolder(dataDir).release(); // says so when a server is running there
    throw new BackupError(`${dataDir} is not empty: a backup is only restored into a new folder`);
  }
}

async function unpack(source: string, draft: string): Promise<void> {
  try {
    // strict: a cut or damaged archive, or one whose entries lead out of the folder, is an error and not a warning.
    await extract({ file: source, cwd: draft, strict: true, noMtime: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BackupError(`${source} cannot be unpacked: ${why}`, { cause });
  }
}

async function checkFiles(draft: string, manifest: BackupManifest, { onProgress }: RestoreOptions): Promise<void> {
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  const unpacked = new Set<string>();
  // Also what a backup leaves out: it has no place in an archive either.
  for await (const { kind, path } of entriesBelow(draft, () => false)) if (kind === "file" && path !== manifestPath) unpacked.add(path);
  let done = 0;
  for (const expected of manifest.files) {
    if (!unpacked.delete(expected.path)) throw new BackupError(`The backup is damaged: ${expected.path} is missing`);
    const found = await describeFile(draft, expected.path);
    await syncPath(join(draft, expected.path));
    if (found.sha256 !== expected.sha256 || found.bytes !== expected.bytes)
      throw new BackupError(`The backup is damaged: ${expected.path} is not what was backed up`);
    done += found.bytes;
    onProgress?.(done, total);
  }
  const [extra] = unpacked;
  if (extra !== undefined) throw new BackupError(`The backup is damaged: ${extra} is not in its manifest`);
}

async function fillPostgres(draft: string, manifest: BackupManifest, { postgresUrl }: RestoreOptions): Promise<void> {
  const database = await connectMetadata(postgresUrl === undefined ? { dataDir: draft } : { url: postgresUrl });
  try {
    await loadMetadata(database.db, join(draft, rowsFolder), manifest.metadata);
  } finally {
    await database.close();
  }
}

async function putInPlace(draft: string, dataDir: string): Promise<void> {
  await rmdir(dataDir).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  });
  await rename(draft, dataDir);
  await syncPath(dirname(dataDir));
}
