import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where the server of a data folder answers, for commands that find the folder locked. */
const FILE = "running.json";

interface RunningAddress {
  url: string;
  pid: number;
}

/** Says in the data folder where this process answers; returns how to take it back. */
export async function writeRunningAddress(dataDir: string, url: string): Promise<() => Promise<void>> {
  const path = join(dataDir, FILE);
  const address: RunningAddress = { url, pid: process.pid };
  await writeFile(`${path}.new`, JSON.stringify(address));
  await rename(`${path}.new`, path);
  return () => rm(path, { force: true });
}

/** The address that process `pid` left in the folder; undefined when there is none, or another process's from before a crash. */
export async function readRunningAddress(dataDir: string, pid: number): Promise<string | undefined> {
  try {
    const address = JSON.parse(await readFile(join(dataDir, FILE), "utf8")) as Partial<RunningAddress> | null;
    return address?.pid === pid && typeof address.url === "string" ? address.url : undefined;
  } catch {
    return undefined; // an older server, or one that is just starting
  }
}
