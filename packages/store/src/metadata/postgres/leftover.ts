import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../../folder-lock.ts";

/** Long enough for whoever inherited it to notice. */
const REAPED_MS = 5_000;

/**
 * Ends a PostgreSQL that outlived a killed parent, and removes a pid file whose number now belongs to another program
 * (PostgreSQL itself would refuse to start for it). Only for the holder of the folder's lock: nobody else can be using it.
 */
export async function clearLeftover(cluster: string): Promise<void> {
  const pidFile = join(cluster, "postmaster.pid");
  const pid = readPid(pidFile);
  if (pid === undefined || !exists(pid)) return; // PostgreSQL removes a dead one's file itself, with checks of its own
  if (isRunning(pid)) {
    if (!commandOf(pid).includes(cluster)) return rmSync(pidFile, { force: true });
    await end(pid, cluster);
  }
  // To PostgreSQL, one that was killed and is not reaped yet is running.
  if (!(await until(() => !exists(pid), REAPED_MS))) rmSync(pidFile, { force: true });
}

async function end(pid: number, cluster: string): Promise<void> {
  for (const [signal, waitMs] of [
    ["SIGINT", 5000],
    ["SIGQUIT", 3000],
    ["SIGKILL", 2000],
  ] as const) {
    // prettier-ignore
    process.kill(pid, signal);
    if (await until(() => !isRunning(pid), waitMs)) return;
  }
  throw new Error(`An earlier PostgreSQL (process ${pid}) of ${cluster} does not end`);
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return isRunning(pid); // another user's
  }
}

async function until(isSo: () => boolean, waitMs: number): Promise<boolean> {
  for (const endMs = Date.now() + waitMs; Date.now() < endMs; await sleep(10)) if (isSo()) return true;
  return false;
}

function readPid(path: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(path, "utf8"), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined; // stopped cleanly, or never started
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return spawnSync("ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8" }).stdout ?? "";
  }
}
