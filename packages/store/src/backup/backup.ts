import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { lockFolder } from "../folder-lock.ts";
import { connectMetadata } from "../metadata/open-metadata.ts";
import { backupFolder, packable, packed, rowsFolder } from "./archive.ts";
import { BackupError, type BackupManifest } from "./manifest.ts";
import { dumpMetadata } from "./metadata-rows.ts";
import { exists, prepareTarget, refuseWithoutRoom, writeTarget } from "./target.ts";

export interface BackupOptions {
  dataDir: string;
  /** The archive to write, `.tar.gz` or `.tgz`; must not exist. */
  target: string;
  /** When PostgreSQL is used by URL. */
  postgresUrl?: string | undefined;
  now?: () => number;
  /** Bytes archived so far, of how many. */
  onProgress?: (doneBytes: number, totalBytes: number) => void;
  signal?: AbortSignal;
}

export interface BackupResult {
  target: string;
  manifest: BackupManifest;
}

/**
 * Backs up the data folder of a stopped server: takes the folder's lock, so a running one is refused with its process id.
 * The archive appears under its name only when it is whole and on disk, readable by its owner alone.
 */
export async function backup(options: BackupOptions): Promise<BackupResult> {
  const dataDir = resolve(options.dataDir);
  if (!(await exists(dataDir))) throw new BackupError(`There is no data folder ${dataDir}`);
  const target = await prepareTarget(options.target, dataDir);
  const lock = lockFolder(dataDir);
  const staging = join(dataDir, backupFolder);
  try {
    await rm(staging, { recursive: true, force: true }); // of a backup that was killed
    await mkdir(join(dataDir, rowsFolder), { recursive: true, mode: 0o700 });
    return { target, manifest: await archiveFolder(dataDir, target, options) };
  } finally {
    await rm(staging, { recursive: true, force: true });
    lock.release();
  }
}

async function archiveFolder(dataDir: string, target: string, { postgresUrl, now = Date.now, onProgress, signal }: BackupOptions): Promise<BackupManifest> {
  const metadata = await dumpRows(dataDir, postgresUrl);
  signal?.throwIfAborted();
  const what = await packable(dataDir, new Date(now()).toISOString(), metadata);
  await refuseWithoutRoom(target, what.bytes);
  let manifest: BackupManifest | undefined;
  const archive = packed(what, { onProgress, signal, onManifest: (made) => (manifest = made) });
  await writeTarget(target, archive, () => {}, signal);
  if (manifest === undefined) throw new Error("an archive ended without its manifest");
  return manifest;
}

async function dumpRows(dataDir: string, postgresUrl: string | undefined): Promise<BackupManifest["metadata"]> {
  if (postgresUrl === undefined && !(await exists(join(dataDir, "postgres")))) throw new BackupError(`${dataDir} is not a data folder of Telltale`);
  const database = await connectMetadata(postgresUrl === undefined ? { dataDir } : { url: postgresUrl });
  try {
    return await dumpMetadata(database.db, join(dataDir, rowsFolder));
  } finally {
    await database.close();
  }
}
