import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FolderInUseError, lockFolder } from "./folder-lock.ts";

let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "telltale-lock-"));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A process that takes the lock and keeps it; says "locked" or why not. */
async function locker(): Promise<{ child: ChildProcess; said: string }> {
  const module = new URL("./folder-lock.ts", import.meta.url).href;
  const program = `const { lockFolder } = await import(${JSON.stringify(module)});
    try { lockFolder(${JSON.stringify(folder)}); console.log("locked"); setInterval(() => {}, 1000); } catch (error) { console.log(error.message); }`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  const [said] = (await once(child.stdout, "data")) as [Buffer];
  return { child, said: said.toString().trim() };
}

test("a second process is refused with the first one's id, and may come in when that one was killed", async () => {
  const first = await locker();
  expect(first.said).toBe("locked");
  const second = await locker();
  expect(second.said).toBe(`Data folder ${folder} is in use by process ${first.child.pid}`);
  expect(() => lockFolder(folder)).toThrow(FolderInUseError);

  first.child.kill("SIGKILL");
  await once(first.child, "exit");
  expect((await locker()).said).toBe("locked");
});

test("of many that come at once for a dead lock, one gets it", async () => {
  writeFileSync(join(folder, "telltale.lock"), JSON.stringify({ pid: 4_194_300, host: hostname(), started: "", token: "" }));
  const all = await Promise.all(Array.from({ length: 4 }, locker));
  expect(all.filter(({ said }) => said === "locked")).toHaveLength(1);
  expect(all.filter(({ said }) => said.includes("is in use by process"))).toHaveLength(3);
});

test("a released folder is free, and nothing is left in it", () => {
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(`is in use by process ${process.pid}`);
  lock.release();
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
  lockFolder(folder).release();
});

test("a process id that was given out again does not hold the lock", () => {
  writeFileSync(join(folder, "telltale.lock"), JSON.stringify({ pid: process.pid, host: hostname(), started: "another boot:1", token: "" }));
  const lock = lockFolder(folder);
  lock.release();
});

test("a lock file of nonsense does not shut the folder for ever", () => {
  writeFileSync(join(folder, "telltale.lock"), "{");
  lockFolder(folder).release();
});

test("an owner on another machine counts as alive until it falls silent", () => {
  const path = join(folder, "telltale.lock");
  writeFileSync(path, JSON.stringify({ pid: 7, host: "elsewhere", started: "", token: "" }));
  expect(() => lockFolder(folder)).toThrow(`Data folder ${folder} is in use by process 7 on elsewhere`);
  expect(existsSync(path)).toBe(true);
  const before = new Date(Date.now() - 60_000);
  utimesSync(path, before, before);
  const lock = lockFolder(folder);
  expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid });
  lock.release();
});
