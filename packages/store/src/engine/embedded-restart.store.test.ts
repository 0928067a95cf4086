import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test, vi } from "vitest";
import { EmbeddedEngine, type EmbeddedOptions } from "./embedded.ts";
import { writeFrame } from "./frames.ts";

const dir = mkdtempSync(join(tmpdir(), "telltale-restart-"));
const command = [process.execPath, "--import", "tsx", fileURLToPath(new URL("child.ts", import.meta.url))];
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const startOne = async (options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedEngine> => {
  const one = new EmbeddedEngine({ dir: join(mkdtempSync(join(dir, "trouble-")), "db"), command, ...options });
  await one.ready();
  return one;
};
const kill = (one: EmbeddedEngine, signal: NodeJS.Signals): void => {
  process.kill(one.pid ?? 0, signal);
};

test("killed again while it restarts, it comes back, and who waited for the first restart is told", async () => {
  const one = await startOne();
  const first = one.pid;
  kill(one, "SIGKILL");
  await vi.waitFor(() => expect(one.pid).not.toBe(first));
  const waited = one.query("SELECT 1 AS one");
  waited.catch(() => {});
  kill(one, "SIGKILL");
  await expect(waited).rejects.toMatchObject({ code: "store_unavailable" });
  await vi.waitFor(async () => expect(await one.query("SELECT 1 AS one")).toEqual([{ one: 1 }]), { timeout: 10_000, interval: 50 });
  await one.close();
});

test("silent, it is replaced, and its questions fail instead of waiting for ever", async () => {
  const one = await startOne({ silence: { askEveryMs: 50, longestMs: 500 } });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(one.restarts).toBe(0); // it answered all the time
  kill(one, "SIGSTOP");
  await expect(one.query("SELECT 1 AS one")).rejects.toMatchObject({ code: "store_unavailable" });
  await vi.waitFor(async () => expect(await one.query("SELECT 1 AS one")).toEqual([{ one: 1 }]), { timeout: 10_000, interval: 50 });
  expect(one.restarts).toBe(1);
  await one.close();
});

test("started while the engine of a killed server still holds the folder, it waits for it", { timeout: 30_000 }, async () => {
  const lingering = await startOne();
  const next = new EmbeddedEngine({ dir: lingering.dir, command });
  const isReady = vi.fn();
  const ready = next.ready().then(isReady);
  await new Promise((resolve) => setTimeout(resolve, 5_000)); // longer than a start takes
  expect(isReady).not.toHaveBeenCalled();
  const closed = lingering.close();
  await ready;
  expect(await next.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await closed;
  await next.close();
});

test("when its server is gone it ends at once, whatever it was doing", async () => {
  const [executable = "", ...args] = command;
  const folder = mkdtempSync(join(dir, "orphan-"));
  const child = spawn(executable, [...args, join(folder, "db")], { stdio: ["ignore", "ignore", "inherit", "pipe"] });
  const socket = child.stdio[3] as Duplex;
  await once(socket, "data"); // it is ready
  const sql = "SELECT count() FROM system.numbers WHERE NOT ignore(cityHash64(number)) SETTINGS max_execution_time = 60";
  for (const id of [1, 2]) writeFrame(socket, { id, sql, format: "TSV", lane: "page" });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const gone = once(child, "exit");
  const startedMs = performance.now();
  socket.destroy();
  await gone;
  expect(performance.now() - startedMs).toBeLessThan(2_000);
});
