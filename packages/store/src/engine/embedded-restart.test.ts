import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test, vi } from "vitest";
import { EmbeddedEngine, type EmbeddedOptions } from "./embedded.ts";

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
