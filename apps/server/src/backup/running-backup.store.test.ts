import { mkdirSync, mkdtempSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Journal, openMetadata, restore, type Metadata } from "@telltale/store";
import { readRunningAddress, writeRunningAddress } from "./running-address.ts";
import { RunningBackup } from "./running-backup.ts";

const root = mkdtempSync(join(tmpdir(), "telltale-running-"));
const dataDir = join(root, "data");
const image = randomBytes(3_000_000);
const logged: object[] = [];
let isDiskFull = false;
let journal: Journal;
let metadata: Metadata;
let backup: RunningBackup;

/** A server whose traces are on a ClickHouse of its own: everything else is in the folder. */
beforeAll(async () => {
  mkdirSync(join(dataDir, "artifacts"), { recursive: true });
  writeFileSync(join(dataDir, "artifacts", "image"), image);
  writeFileSync(join(dataDir, "running.json"), "{}");
  ({ journal } = await Journal.open(join(dataDir, "journal")));
  metadata = await openMetadata({ dataDir });
  const keep = (fields: object): void => void logged.push(fields);
  backup = new RunningBackup({
    stores: { dataDir, engine: undefined, journal, db: metadata.db },
    readable: async () => false,
    isDiskFull: () => isDiskFull,
    now: () => 1_795_000_000_000,
    log: { info: keep, warn: keep },
  });
}, 60_000);
afterEach(() => {
  isDiskFull = false;
  logged.length = 0;
});
afterAll(async () => {
  await metadata.close();
  await journal.close();
  rmSync(root, { recursive: true, force: true });
});

const isTidy = (): boolean => !existsSync(join(dataDir, "backups"));
const never = new AbortController().signal;

test("what the journal took and the store has not is in it, and it restores", async () => {
  await metadata.projects.create({ name: "shop" });
  await journal.append({ meta: { n: 1 }, body: Buffer.from("acknowledged") });
  const { archive, bytes } = await backup.start(never);
  expect(bytes).toBeGreaterThan(image.length);
  await journal.append({ meta: { n: 2 }, body: Buffer.from("later") });
  const file = join(root, "x.tar.gz");
  writeFileSync(file, await buffer(archive));
  await expect.poll(isTidy).toBe(true);
  expect(logged).toEqual([expect.objectContaining({ bytes })]);

  const target = join(root, "restored");
  await restore({ source: file, dataDir: target });
  expect(existsSync(join(target, "running.json"))).toBe(false);
  expect(readFileSync(join(target, "artifacts", "image")).equals(image)).toBe(true);
  const copy = await Journal.open(join(target, "journal"));
  const bodies: string[] = [];
  for await (const { record } of copy.replay()) bodies.push(record.body.toString());
  await copy.journal.close();
  expect(bodies).toEqual(["acknowledged"]);
}, 60_000);

test("one at a time", async () => {
  const { archive } = await backup.start(never);
  await expect(backup.start(never)).rejects.toMatchObject({ code: "already_exists" });
  expect(isTidy()).toBe(false);
  archive.destroy();
  await expect.poll(isTidy).toBe(true);
  const { archive: next } = await backup.start(never);
  await backup.stop();
  expect([next.destroyed, isTidy()]).toEqual([true, true]);
  expect(logged).toContainEqual(expect.objectContaining({ reason: "the server is shutting down" }));
});

test("a caller who is gone before it is prepared leaves nothing", async () => {
  const gone = new AbortController();
  const started = backup.start(gone.signal);
  gone.abort();
  await expect(started).rejects.toThrow();
  expect(isTidy()).toBe(true);
});

test("a full disk starts none, and ends the one that runs", async () => {
  const { archive } = await backup.start(never);
  isDiskFull = true;
  await expect.poll(() => archive.destroyed, { timeout: 5_000 }).toBe(true);
  await expect.poll(isTidy).toBe(true);
  expect(logged).toEqual([expect.objectContaining({ reason: expect.stringContaining("the disk is full") })]);
  await expect(backup.start(never)).rejects.toMatchObject({ code: "disk_full" });
});

test("the address in the folder counts for the process that wrote it", async () => {
  const takeBack = await writeRunningAddress(dataDir, "http://127.0.0.1:1");
  expect(await readRunningAddress(dataDir, process.pid)).toBe("http://127.0.0.1:1");
  expect(await readRunningAddress(dataDir, process.pid + 1)).toBeUndefined();
  await takeBack();
  expect(await readRunningAddress(dataDir, process.pid)).toBeUndefined();
});
