import { type FileHandle, mkdtemp, open, readdir, readFile, rm, stat, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { Journal, type Replayed, defaultLimits } from "./journal.ts";

let dir: string;
let FileHandlePrototype: { writev: FileHandle["writev"] };
beforeAll(async () => {
  const file = await open(join(tmpdir(), `telltale-probe-${process.pid}`), "w");
  FileHandlePrototype = Object.getPrototypeOf(file) as { writev: FileHandle["writev"] };
  await file.close();
  await rm(join(tmpdir(), `telltale-probe-${process.pid}`));
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "telltale-journal-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const record = (n: number, size = 100): { meta: { n: number }; body: Buffer } => ({ meta: { n }, body: Buffer.alloc(size, n) });

async function replayed(): Promise<Replayed[]> {
  const { journal, replay } = await Journal.open(dir);
  const all: Replayed[] = [];
  for await (const item of replay()) all.push(item);
  await journal.close();
  return all;
}

test("what was acknowledged is replayed in order, byte for byte", async () => {
  const { journal } = await Journal.open(dir);
  await Promise.all(Array.from({ length: 50 }, (_, n) => journal.append(record(n, n * 1000))));
  await journal.close();
  const all = await replayed();
  expect(all.map((item) => item.record.meta["n"])).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(all[49]?.record.body.equals(Buffer.alloc(49_000, 49))).toBe(true);
});

test("a checkpoint ends the replay before it and removes older files", async () => {
  const { journal } = await Journal.open(dir, { ...defaultLimits, segmentBytes: 1000 });
  const ends = [];
  for (let n = 0; n < 20; n += 1) ends.push(await journal.append(record(n)));
  const at = ends[11];
  if (!at) throw new Error("no position");
  await journal.checkpoint(at.end, 0);
  await journal.close();
  expect((await readdir(dir)).filter((name) => name.endsWith(".log")).length).toBeLessThan(4);
  expect((await replayed()).map((item) => item.record.meta["n"])).toEqual([12, 13, 14, 15, 16, 17, 18, 19]);
});

test("while the checkpoint is held nothing goes, so that a copy can be replayed; afterwards it moves on", async () => {
  const { journal } = await Journal.open(dir, { ...defaultLimits, segmentBytes: 1000 });
  const names = async (): Promise<string[]> => (await readdir(dir)).toSorted();
  let last = await journal.append(record(0));
  await journal.holdCheckpoint(async () => {
    for (let n = 1; n < 20; n += 1) last = await journal.append(record(n));
    const before = await names();
    expect(before).not.toContain("checkpoint.json");
    await journal.checkpoint(last.end, 0);
    expect(await names()).toEqual(before);
  });
  await journal.checkpoint(last.end, 0);
  expect(await names()).toContain("checkpoint.json");
  await journal.close();
  expect(await replayed()).toEqual([]);
});

test("a torn tail is cut wherever it tears, and nothing before it is lost", async () => {
  const { journal } = await Journal.open(dir);
  const first = await journal.append(record(1));
  await journal.append(record(2));
  await journal.close();
  const path = join(dir, (await readdir(dir)).find((name) => name.endsWith(".log")) ?? "");
  const full = (await stat(path)).size;
  for (let size = full - 1; size > first.end.offset; size -= 17) {
    await truncate(path, size);
    expect((await replayed()).map((item) => item.record.meta["n"])).toEqual([1]);
  }
});

test("a flipped bit ends the replay instead of giving back damaged data", async () => {
  const { journal } = await Journal.open(dir);
  const first = await journal.append(record(1));
  await journal.append(record(2));
  await journal.close();
  const path = join(dir, (await readdir(dir)).find((name) => name.endsWith(".log")) ?? "");
  const file = await open(path, "r+");
  await file.write(Buffer.from([0xff]), 0, 1, first.end.offset + 30);
  await file.close();
  expect((await replayed()).map((item) => item.record.meta["n"])).toEqual([1]);
});

test("refuses with overloaded when too much is pending, and accepts again once drained", async () => {
  const { journal } = await Journal.open(dir, { ...defaultLimits, maxPendingBytes: 5000 });
  const first = await journal.append(record(1, 4000));
  await expect(journal.append(record(2, 4000))).rejects.toMatchObject({ code: "overloaded", status: 429, retryAfterS: 2 });
  await journal.checkpoint(first.end, first.bytes);
  await expect(journal.append(record(3, 4000))).resolves.toBeDefined();
  await journal.close();
});

test("reads a single record back", async () => {
  const { journal } = await Journal.open(dir);
  await journal.append(record(1));
  const second = await journal.append(record(2, 5000));
  await journal.append(record(3));
  expect((await journal.read(second.end, second.bytes)).body.equals(Buffer.alloc(5000, 2))).toBe(true);
  await journal.close();
});

test("a drained journal takes no room, and goes on afterwards", async () => {
  const { journal } = await Journal.open(dir);
  const first = await journal.append(record(1, 500_000));
  await journal.trim();
  expect(await journal.bytesOnDisk()).toBeGreaterThan(500_000); // not drained yet
  await journal.checkpoint(first.end, first.bytes);
  const [, second] = await Promise.all([journal.trim(), journal.append(record(2))]);
  expect(second.end.segment).toBeGreaterThan(first.end.segment);
  expect(await journal.bytesOnDisk()).toBeLessThan(1000);
  await journal.append(record(3));
  await journal.close();
  expect((await replayed()).map((item) => item.record.meta["n"])).toEqual([2, 3]);
});

test("a write that fails in a new file leaves no hole before the records that follow", async () => {
  const { journal } = await Journal.open(dir, { ...defaultLimits, segmentBytes: 1000 });
  await journal.append(record(1, 2000));
  const failing = { meta: { n: 2 }, body: Buffer.alloc(100) };
  const { writev } = FileHandlePrototype;
  FileHandlePrototype.writev = () => Promise.reject(Object.assign(new Error("no space"), { code: "ENOSPC" }));
  await expect(journal.append(failing)).rejects.toMatchObject({ code: "disk_full", status: 503 });
  FileHandlePrototype.writev = writev;
  await journal.append(record(3));
  await journal.close();
  expect((await replayed()).map((item) => item.record.meta["n"])).toEqual([1, 3]);
});

test("after a turn-over nothing is left of what was drained before, and appends go on", async () => {
  const { journal } = await Journal.open(dir);
  const secret = Buffer.from("a secret");
  const first = await journal.append({ meta: { n: 1 }, body: secret });
  const turned = journal.turnOver(new AbortController().signal);
  await journal.checkpoint(first.end, first.bytes);
  await turned;
  const second = await journal.append({ meta: { n: 2 }, body: Buffer.from("after it") });
  const segments = (await readdir(dir)).filter((name) => name.endsWith(".log"));
  for (const name of segments) expect((await readFile(join(dir, name))).includes(secret)).toBe(false);
  expect((await journal.read(second.end, second.bytes)).body.toString()).toBe("after it");
  await journal.close();
});
