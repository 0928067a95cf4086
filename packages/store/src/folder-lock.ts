import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, statSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { makeFolder } from "./make-folder.ts";

const LOCK_FILE = "telltale.lock";
const HEARTBEAT_MS = 5_000;
/** A lock of another machine or container, whose processes cannot be seen from here, is dead after this silence. */
const SILENCE_MS = 20_000;

/** Thrown when the folder belongs to a running process; the message is one line for a user. */
export class FolderInUseError extends Error {
  constructor(
    readonly folder: string,
    readonly pid: number,
    host: string | undefined,
  ) {
    super(`Data folder ${folder} is in use by process ${pid}${host === undefined ? "" : ` on ${host}`}`);
    this.name = "FolderInUseError";
  }
}

export interface FolderLock {
  readonly folder: string;
  /** Gives the folder free; safe to call twice. */
  release(): void;
}

interface Owner {
  pid: number;
  host: string;
  /** Boot and start time of the process: a process id alone is given out again. `""` where it cannot be read. */
  started: string;
  /** Tells two locks of one process apart. */
  token: string;
}

/**
 * Takes the one lock of a folder, creating the folder when missing. A lock left behind by a process that is gone (killed,
 * or the machine restarted) is taken over. Throws `FolderInUseError` when the owner is alive.
 */
export function lockFolder(folder: string): FolderLock {
  makeFolder(folder);
  const path = join(folder, LOCK_FILE);
  const mine: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid), token: randomUUID() };
  const text = JSON.stringify(mine);
  const draft = `${path}.${mine.token}`;
  writeFileSync(draft, text);
  try {
    // Each round either takes the lock, meets a living owner, or removes one dead lock; others may race us for a few.
    for (let round = 0; ; round += 1) {
      if (link(draft, path)) break;
      const found = readLock(path);
      if (found === undefined) continue;
      const owner = parseOwner(found.text);
      if (round >= 10 || (owner && isAlive(owner, found.heartbeatMs)))
        throw new FolderInUseError(folder, owner?.pid ?? 0, owner?.host === mine.host ? undefined : owner?.host);
      setAside(path, found.text, `${draft}.stale`);
    }
  } finally {
    unlinkSync(draft);
  }
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  heartbeat.unref();
  return {
    folder,
    release() {
      clearInterval(heartbeat);
      if (readLock(path)?.text === text) unlinkSync(path);
    },
  };
}

/** The lock appears with its content, or not at all: a reader never finds it half written. */
function link(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    // A file system without hard links (some network shares): the next best thing.
    try {
      writeFileSync(path, readFileSync(draft), { flag: "wx" });
      return true;
    } catch (second) {
      if (codeOf(second) === "EEXIST") return false;
      throw second;
    }
  }
}

function readLock(path: string): { text: string; heartbeatMs: number } | undefined {
  try {
    return { heartbeatMs: statSync(path).mtimeMs, text: readFileSync(path, "utf8") };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Moves a dead lock away; if another process took it over in the meantime, puts that one's lock back. */
function setAside(path: string, deadText: string, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if (readFileSync(aside, "utf8") !== deadText) link(aside, path);
  unlinkSync(aside);
}

function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<Owner> | null;
    if (typeof owner?.pid !== "number" || typeof owner.host !== "string" || typeof owner.started !== "string") return undefined;
    return { pid: owner.pid, host: owner.host, started: owner.started, token: String(owner.token) };
  } catch {
    return undefined; // not written by us, or cut off by a full disk: nobody who is alive owns it
  }
}

function isAlive(owner: Owner, heartbeatMs: number): boolean {
  if (owner.host !== hostname()) return Date.now() - heartbeatMs < SILENCE_MS;
  return isRunning(owner.pid) && (owner.started === "" || owner.started === startOf(owner.pid));
}

/** Whether a process exists and has not ended; one that waits to be reaped has ended. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
  const state = procStat(pid)?.[0];
  return state !== "Z" && state !== "X";
}

function startOf(pid: number): string {
  const ticks = procStat(pid)?.[19];
  if (ticks !== undefined) return `${readText("/proc/sys/kernel/random/boot_id")}:${ticks}`;
  if (process.platform === "linux" || process.platform === "win32") return "";
  return spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" }).stdout?.trim() ?? "";
}

/** Fields of /proc/<pid>/stat from the state on: the name before them is in parentheses and may hold anything. */
function procStat(pid: number): string[] | undefined {
  const text = readText(`/proc/${pid}/stat`);
  return text === "" ? undefined : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return ""; // no such process, or no /proc on this system
  }
}

function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The folder may be gone or the disk full; the owner is found by its process id on this machine.
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
