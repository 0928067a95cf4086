import type { Engine } from "@telltale/store";
import { afterEach, expect, test, vi } from "vitest";
import { HourSettler } from "./hour-settler.ts";

let settler: HourSettler;
afterEach(() => settler.stop());

/** An engine with one stale hour until it was copied. */
function fakeEngine(): { engine: Engine; copied: () => number; fail: (error: Error | undefined) => void } {
  let stale = 1;
  let copied = 0;
  let failure: Error | undefined;
  const engine = {
    query: async (sql: string) => {
      if (failure) throw failure;
      if (sql.includes("NOT is_settled")) return stale-- > 0 ? [{ project: "0", at: 3600, build: "0" }] : [];
      return sql.includes("sum(marks) AS n") ? [{ at: 3600, n: "1" }] : [];
    },
    command: async (sql: string) => void (copied += sql.startsWith("INSERT INTO settled_hours") ? 1 : 0),
  };
  return { engine: engine as unknown as Engine, copied: () => copied, fail: (error) => (failure = error) };
}

const timing = { idleMs: 1, failedMs: 1 };

test("settles what is quiet, then goes on looking", async () => {
  const { engine, copied } = fakeEngine();
  settler = new HourSettler({ engine, now: Date.now, isBusy: () => false, log: () => {}, timing });
  settler.start();
  await expect.poll(copied).toBe(1);
});

test("waits while receiving is behind", async () => {
  const { engine, copied } = fakeEngine();
  let isBusy = true;
  const asked = vi.fn(() => isBusy);
  settler = new HourSettler({ engine, now: Date.now, isBusy: asked, log: () => {}, timing });
  settler.start();
  await expect.poll(() => asked.mock.calls.length).toBeGreaterThan(2);
  expect(copied()).toBe(0);
  isBusy = false;
  await expect.poll(copied).toBe(1);
});

test("a failure is told and tried again; stopping ends it", async () => {
  const { engine, copied, fail } = fakeEngine();
  fail(new Error("engine away"));
  const log = vi.fn();
  settler = new HourSettler({ engine, now: Date.now, isBusy: () => false, log, timing });
  settler.start();
  await expect.poll(() => log.mock.calls.length).toBeGreaterThan(0);
  expect(log.mock.calls[0]?.[1]).toEqual({ error: "Error: engine away" });
  fail(undefined);
  await expect.poll(copied).toBe(1);
});
