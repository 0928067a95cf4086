import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiskReserve, freeBytes } from "./disk-reserve.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "telltale-reserve-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("takes real space, gives it back, takes it again", async () => {
  const path = join(folder, "reserve");
  const reserve = new DiskReserve(path, 3_000_000);
  expect(await reserve.take()).toBe(true);
  expect(statSync(path).size).toBe(3_000_000);
  expect(statSync(path).blocks * 512).toBeGreaterThanOrEqual(3_000_000);
  expect(reserve.held).toBe(true);

  expect(await reserve.release()).toBe(true);
  expect(statSync(path, { throwIfNoEntry: false })).toBeUndefined();
  expect(await reserve.release()).toBe(false);
  expect(await reserve.take()).toBe(true);
});

test("finds the reserve of the last run and rewrites one that was cut off", async () => {
  const path = join(folder, "reserve");
  await new DiskReserve(path, 2_000_000).take();
  const { ino } = statSync(path);
  expect(await new DiskReserve(path, 2_000_000).take()).toBe(true);
  expect(statSync(path).ino).toBe(ino);
  writeFileSync(path, "cut off");
  expect(await new DiskReserve(path, 2_000_000).take()).toBe(true);
  expect(statSync(path).size).toBe(2_000_000);
});

test("does not take the last of the disk", async () => {
  const reserve = new DiskReserve(join(folder, "reserve"), (await freeBytes(folder)) * 0.9);
  expect(await reserve.take()).toBe(false);
  expect(reserve.held).toBe(false);
});

test("a path that leads nowhere is a mistake, not a full disk", async () => {
  await expect(new DiskReserve(join(folder, "missing", "reserve"), 1000).take()).rejects.toThrow("ENOENT");
});
