import { createWriteStream } from "node:fs";
import { access, mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { create } from "tar";
import { lockFolder } from "../folder-lock.ts";
import { connectMetadata } from "../metadata/open-metadata.ts";
import { describeFile, filesBelow, isLeftOut } from "./folder-files.ts";
import { BackupError, type BackupManifest, type FileEntry } from "./manifest.ts";
import { dumpMetadata } from "./metadata-rows.ts";

export interface BackupOptions {
  dataDir: string;
  /** The archive to write, `.tar.gz` or `.tgz`; must not exist. */
  target: string;
  /** When PostgreSQL is used by URL. */
  postgresUrl?: string | undefined;
  now?: () => number;
  /** Bytes archived so far, of how many. */
  onProgress?: (doneBytes: number, totalBytes: number) => void;
}

export interface BackupResult {
  target: string;
  manifest: BackupManifest;
}

/** Where the manifest and PostgreSQL's rows lie: in the archive, and for a moment in the data folder. */
export const backupFolder = "backup";
export const manifestPath = `${backupFolder}/manifest.json`;
export const rowsFolder = `${backupFolder}/postgres`;

/**
 * Backs up the data folder of a stopped server: takes the folder's lock, so a running one is refused with its process id.
 * The archive appears under its name only when it is whole and on disk, readable by its owner alone (it holds the secret key).
 */
export async function backup(options: BackupOptions): Promise<BackupResult> {
  const dataDir = resolve(options.dataDir);
  const target = resolve(options.target);
  if (!/\.(?:tar\.gz|tgz)$/.test(target)) throw new BackupError(`${target}: a backup's name ends in .tar.gz or .tgz`);
  if (await exists(target)) throw new BackupError(`${target} exists already`);
  if (!relative(dataDir, target).startsWith("..")) throw new BackupError(`${target} lies in the data folder itself: choose another place`);
  if (!(await exists(dataDir))) throw new BackupError(`There is no data folder ${dataDir}`);
  await mkdir(dirname(target), { recursive: true });
  const lock = lockFolder(dataDir);
  const staging = join(dataDir, backupFolder);
  const partial = `${target}.partial`;
  try {
    await rm(staging, { recursive: true, force: true }); // of a backup that was killed
    await mkdir(join(dataDir, rowsFolder), { recursive: true, mode: 0o700 });
    const manifest = await describe(dataDir, options);
    await writeFile(join(dataDir, manifestPath), JSON.stringify(manifest), { mode: 0o600 });
    await writeArchive(dataDir, partial, manifest, options);
    await rename(partial, target);
    await syncPath(dirname(target));
    return { target, manifest };
  } finally {
    await rm(partial, { force: true });
    await rm(staging, { recursive: true, force: true });
    lock.release();
  }
}

async function describe(dataDir: string, { postgresUrl, now = Date.now }: BackupOptions): Promise<BackupManifest> {
  if (postgresUrl === undefined && !(await exists(join(dataDir, "postgres")))) throw new BackupError(`${dataDir} is not a data folder of Telltale`);
  const database = await connectMetadata(postgresUrl === undefined ? { dataDir } : { url: postgresUrl });
  let metadata: BackupManifest["metadata"];
  try {
    metadata = await dumpMetadata(database.db, join(dataDir, rowsFolder));
  } finally {
    await database.close();
  }
  const files: FileEntry[] = [];
  for (const path of await filesBelow(dataDir)) files.push(await describeFile(dataDir, path));
  return { format: 1, created: new Date(now()).toISOString(), files, metadata };
}

async function writeArchive(dataDir: string, partial: string, manifest: BackupManifest, { onProgress }: BackupOptions): Promise<void> {
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0);
  let done = 0;
  const names = (await readdir(dataDir)).filter((name) => name !== backupFolder && !isLeftOut(name));
  const archive = create(
    {
      cwd: dataDir,
      gzip: { level: 1 }, // nearly all of it is compressed already
      strict: true,
      filter: (path, stat) => !isLeftOut(path.replace(/^\.\//, "").replace(/\/$/, "")) && isKept(stat),
      onWriteEntry: (entry) => {
        done += entry.stat?.isFile() === true ? entry.stat.size : 0;
        onProgress?.(done, total);
      },
    },
    // The manifest first: a reader knows what to expect before the rest comes.
    [manifestPath, rowsFolder, ...names],
  );
  await pipeline(archive, createWriteStream(partial, { mode: 0o600 }));
  await syncPath(partial);
}

/** Files, folders and links; a socket or pipe cannot be backed up and means nothing later. */
function isKept(stat: object): boolean {
  const kind = stat as { isFile?: () => boolean; isDirectory?: () => boolean; isSymbolicLink?: () => boolean };
  return kind.isFile?.() === true || kind.isDirectory?.() === true || kind.isSymbolicLink?.() === true;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
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
