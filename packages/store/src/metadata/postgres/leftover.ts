import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../../folder-lock.ts";

/**
 * Ends a PostgreSQL that outlived a killed parent, and removes a pid file whose number now belongs to another program
 * (PostgreSQL itself would refuse to start for it). Only for the holder of the folder's lock: nobody else can be using it.
 */
export async function clearLeftover(cluster: string): Promise<void> {
  const pidFile = join(cluster, "postmaster.pid");
  const pid = readPid(pidFile);
  if (pid === undefined || !isRunning(pid)) return; // PostgreSQL removes a dead one's file itself, with checks of its own
  if (!commandOf(pid).includes(cluster)) return rmSync(pidFile, { force: true });
  for (const [signal, waitMs] of [
    ["SIGINT", 5000],
    ["SIGQUIT", 3000],
    ["SIGKILL", 2000],
  ] as const) {
    // prettier-ignore
    process.kill(pid, signal);
    if (await ended(pid, waitMs)) return;
  }
  throw new Error(`An earlier PostgreSQL (process ${pid}) of ${cluster} does not end`);
}

/** Waits for a process that is not our child. */
async function ended(pid: number, waitMs: number): Promise<boolean> {
  for (const until = Date.now() + waitMs; Date.now() < until; await sleep(10)) if (!isRunning(pid)) return true;
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
