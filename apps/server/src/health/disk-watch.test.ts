import { TelltaleError } from "@telltale/model";
import { expect, test } from "vitest";
import { DiskWatch } from "./disk-watch.ts";

const MIB = 1024 * 1024;

/** A disk with so much free, and a reserve of 64 MiB as the real one behaves. */
function diskWith(freeMib: number) {
  const disk = { free: freeMib * MIB, error: undefined as Error | undefined };
  const reserve = {
    held: false,
    take: async () => {
      if (reserve.held) return true;
      if (disk.free < 128 * MIB) return false;
      disk.free -= 64 * MIB;
      return (reserve.held = true);
    },
    release: async () => {
      if (reserve.held) disk.free += 64 * MIB;
      reserve.held = false;
      return true;
    },
  };
  const watch = new DiskWatch({
    freeBytes: async () => disk.free,
    reserve,
    journalError: () => disk.error,
    log: { warn: () => undefined, info: () => undefined },
  });
  return { disk, reserve, watch };
}

test("sets space aside, refuses when little is left, goes on when there is room again", async () => {
  const { disk, reserve, watch } = diskWith(500);
  await watch.tick();
  expect([watch.full, reserve.held]).toEqual([false, true]);
  disk.free = 40 * MIB;
  await watch.tick();
  expect([watch.full, reserve.held, disk.free / MIB]).toEqual([true, false, 104]);
  await watch.tick(); // the released reserve alone is no reason to go on
  expect(watch.full).toBe(true);
  disk.free = 300 * MIB;
  await watch.tick();
  expect([watch.full, reserve.held]).toEqual([false, true]);
});

test("a journal that met the end of the disk counts once, not for ever", async () => {
  const { disk, watch } = diskWith(500);
  await watch.tick();
  disk.error = new TelltaleError("disk_full", "full");
  await watch.tick();
  expect(watch.full).toBe(true);
  await watch.tick();
  await watch.tick();
  expect(watch.full).toBe(false);
});

test("a file system that does not say how much is free is not full", async () => {
  const { watch } = diskWith(0);
  const silent = new DiskWatch({
    freeBytes: () => Promise.reject(new Error("not supported")),
    reserve: { held: true, take: async () => true, release: async () => true },
    journalError: () => undefined,
    log: { warn: () => undefined, info: () => undefined },
  });
  await silent.tick();
  expect([silent.full, silent.freeBytes]).toEqual([false, null]);
  await watch.tick();
  expect(watch.full).toBe(true);
});
