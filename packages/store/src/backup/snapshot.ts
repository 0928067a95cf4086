import { constants, copyFile, link, mkdir, readdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { sql } from "kysely";
import { freeBytes } from "../disk-reserve.ts";
import type { Engine } from "../engine/engine.ts";
import type { Journal } from "../journal/journal.ts";
import type { Metadata } from "../metadata/open-metadata.ts";
import { type Packable, packable, rowsFolder } from "./archive.ts";
import { entriesBelow, isLeftOut, unlessMissing } from "./folder-files.ts";
import { freezeEngine } from "./freeze-engine.ts";
import { BackupError } from "./manifest.ts";
import { dumpMetadata } from "./metadata-rows.ts";
import { size } from "./target.ts";

/** The stores of a running server. */
export interface LiveStores {
  dataDir: string;
  /** Undefined when a ClickHouse server by URL is used: its tables are not part of a backup. */
  engine: Engine | undefined;
  journal: Pick<Journal, "holdCheckpoint" | "bytesOnDisk">;
  db: Metadata["db"];
}

export interface SnapshotOptions {
  /** A new folder on the file system of the data folder. */
  folder: string;
  now: () => number;
  signal: AbortSignal;
}

/** What must stay free for the server itself while a snapshot holds on to what it would tidy up. */
const MARGIN_BYTES = 256 * 1024 * 1024;

/**
 * Makes a folder that looks like the data folder of a stopped server, while this one runs on. It holds everything that was
 * acknowledged before the call, and perhaps some of what came since. What never changes is linked and takes no space.
 *
 * The order is what makes it whole. With the journal's checkpoint standing still, the engine is frozen first and the journal
 * copied second: whatever is not in the frozen tables is replayed from the journal when a server starts on the copy, and what
 * is in both replaces itself. PostgreSQL's rows and blobs come last: they are written before the records that name them.
 */
export async function takeSnapshot(stores: LiveStores, { folder, now, signal }: SnapshotOptions): Promise<Packable> {
  const { dataDir, engine, journal, db } = stores;
  await refuseWithoutRoom(stores);
  const created = new Date(now()).toISOString();
  await mkdir(join(folder, rowsFolder), { recursive: true, mode: 0o700 });
  await journal.holdCheckpoint(async () => {
    if (engine) await freezeEngine(engine, join(dataDir, "analytics", "engine"), join(folder, "analytics", "engine"));
    signal.throwIfAborted();
    await copyJournal(join(dataDir, "journal"), join(folder, "journal"));
  });
  signal.throwIfAborted();
  const metadata = await dumpMetadata(db, join(folder, rowsFolder));
  signal.throwIfAborted();
  await copyTheRest(dataDir, folder, signal);
  return packable(folder, created, metadata);
}

async function refuseWithoutRoom({ dataDir, journal, db }: LiveStores): Promise<void> {
  const { rows } = await sql<{ bytes: string }>`SELECT pg_database_size(current_database())::text AS bytes`.execute(db);
  const needed = (await journal.bytesOnDisk()) + Number(rows[0]?.bytes ?? 0) + MARGIN_BYTES;
  const free = await freeBytes(dataDir);
  if (free < needed) throw new BackupError(`There is not enough room to prepare a backup in ${dataDir}: ${size(needed)} are needed, ${size(free)} are free`);
}

/** Copied, not linked: the last segment is being written, its torn end is cut when it is replayed. */
async function copyJournal(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  const names = (await readdir(from)).filter((name) => name === "checkpoint.json" || name.endsWith(".log"));
  // The checkpoint before the segments: one that goes meanwhile lies before it.
  const inOrder = names.toSorted((a, b) => Number(b === "checkpoint.json") - Number(a === "checkpoint.json") || a.localeCompare(b));
  for (const name of inOrder) await copy(join(from, name), join(to, name));
}

/** Kept by content or replaced as a whole: a link is as good as a copy. */
const unchanging = /^(?:blobs|artifacts)\//;

async function copyTheRest(dataDir: string, folder: string, signal: AbortSignal): Promise<void> {
  const done = new Set(["journal", "analytics/engine", "backup"]);
  for await (const entry of entriesBelow(dataDir, (path) => done.has(path) || isLeftOut(path))) {
    signal.throwIfAborted();
    const from = join(dataDir, entry.path);
    const to = join(folder, entry.path);
    if (entry.kind === "folder") await mkdir(to, { recursive: true, mode: 0o700 });
    else if (entry.kind === "link") await symlink(entry.target, to);
    else if (unchanging.test(entry.path)) await linkOrCopy(from, to);
    else await copy(from, to);
  }
}

/** Some file systems have no hard links. What disappeared meanwhile was deleted. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(async (error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    await copy(from, to);
  });
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  await copyFile(from, to, constants.COPYFILE_FICLONE).catch(unlessMissing);
}
