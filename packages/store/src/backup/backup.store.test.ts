import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { create, extract } from "tar";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { BlobStore } from "../blobs/blob-store.ts";
import { EmbeddedEngine } from "../engine/embedded.ts";
import { lockFolder } from "../folder-lock.ts";
import { openMetadata } from "../metadata/open-metadata.ts";
import { migrateAnalytics } from "../migrations/analytics/migrate.ts";
import { metadataMigrations } from "../migrations/metadata/migrate.ts";
import { backup } from "./backup.ts";
import { parseManifest } from "./manifest.ts";
import { restore } from "./restore.ts";

const newestMigration = Object.keys(metadataMigrations).at(-1) ?? "";

const root = mkdtempSync(join(tmpdir(), "telltale-backup-"));
const dataDir = join(root, "data");
const archive = join(root, "out", "telltale.tar.gz");
const png = Buffer.from("89504e470d0a1a0a", "hex");
const engineCommand = [process.execPath, "--import", "tsx", fileURLToPath(new URL("../engine/child.ts", import.meta.url))];
let copies = 0;
const freshTarget = () => join(root, `restored-${(copies += 1)}`);

async function withEngine<T>(folder: string, use: (engine: EmbeddedEngine) => Promise<T>): Promise<T> {
  const engine = new EmbeddedEngine({ dir: join(folder, "analytics", "engine"), command: engineCommand });
  try {
    await engine.ready();
    return await use(engine);
  } finally {
    await engine.close();
  }
}

/** A data folder as a server leaves it: every store has something in it. */
beforeAll(async () => {
  mkdirSync(join(dataDir, "journal"), { recursive: true });
  writeFileSync(join(dataDir, "journal", "00000001.log"), "acknowledged, not in the store yet");
  writeFileSync(join(dataDir, "secret.key"), "s3cret", { mode: 0o600 });
  writeFileSync(join(dataDir, "reserve"), Buffer.alloc(100_000));
  await (await BlobStore.open(join(dataDir, "blobs"))).put(png, "image/png");
  await withEngine(dataDir, async (engine) => {
    await migrateAnalytics(engine);
    await engine.command("INSERT INTO metric_points (project_id, name, value) SELECT '0', 'm', number FROM numbers(5000)");
  });
  const metadata = await openMetadata({ dataDir });
  await metadata.projects.create({ name: "gone" });
  await metadata.projects.remove("1");
  await metadata.projects.create({ name: 'shop "quoted" \\ 🛒\n', tags: new Map([["a", "b"]]) });
  await metadata.settings.set("big", { exact: 9_007_199_254_740_991, text: "x".repeat(1000) });
  await metadata.close();
  await backup({ dataDir, target: archive, now: () => 1_795_000_000_000 });
}, 60_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("a backup", () => {
  test("is one file for its owner, and leaves the data folder as it was", async () => {
    expect(readdirSync(join(root, "out"))).toEqual(["telltale.tar.gz"]);
    expect(statSync(archive).mode & 0o077).toBe(0);
    expect(existsSync(join(dataDir, "backup"))).toBe(false);
    expect(existsSync(join(dataDir, "telltale.lock"))).toBe(false);
    const unpacked = join(root, "look");
    mkdirSync(unpacked);
    await extract({ file: archive, cwd: unpacked });
    const manifest = parseManifest(readFileSync(join(unpacked, "backup", "manifest.json"), "utf8"));
    expect(manifest).toMatchObject({ format: 1, created: "2026-11-18T11:06:40.000Z", metadata: { tables: expect.arrayContaining([{ name: "projects", rows: 2 }, { name: "project_tags", rows: 1 }, { name: "settings", rows: 1 }]) } }); // prettier-ignore
    expect(existsSync(join(unpacked, "reserve"))).toBe(false);
    expect(manifest.files).toContainEqual({ path: "secret.key", bytes: 6, sha256: createHash("sha256").update("s3cret").digest("hex") });
  });

  test("restores everything, and the server's stores work on it", async () => {
    const target = freshTarget();
    await restore({ source: archive, dataDir: target });
    renameSync(dataDir, `${dataDir}.away`); // nothing restored may lean on the original
    expect(readdirSync(target).toSorted()).toEqual(["analytics", "blobs", "journal", "postgres", "secret.key"]);
    expect(statSync(join(target, "secret.key")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(target, "journal", "00000001.log"), "utf8")).toBe("acknowledged, not in the store yet");

    const blobs = await BlobStore.open(join(target, "blobs"));
    const blob = await blobs.open(createHash("sha256").update(png).digest("hex"));
    expect(blob?.contentType).toBe("image/png");
    expect(blob && (await buffer(blob.stream()))).toEqual(png);

    const [row] = await withEngine(target, async (engine) => {
      await migrateAnalytics(engine);
      await engine.command("INSERT INTO metric_points (project_id, name, value) SELECT '0', 'm2', 1");
      return engine.query<{ n: string; total: number }>("SELECT count() AS n, sum(value) AS total FROM metric_points WHERE name = 'm'");
    });
    expect(row).toMatchObject({ n: "1", total: 4999 });

    const metadata = await openMetadata({ dataDir: target });
    const shop = await metadata.projects.findByName('shop "quoted" \\ 🛒\n');
    expect(shop).toMatchObject({ id: "2", tags: new Map([["a", "b"]]) });
    expect(await metadata.settings.get("big")).toEqual({ exact: 9_007_199_254_740_991, text: "x".repeat(1000) });
    expect((await metadata.projects.create({ name: "next" })).id).toBe("3");
    await metadata.close();
    renameSync(`${dataDir}.away`, dataDir);
  }, 60_000);

  test("is refused while a server runs there, where it exists, or into the data itself", async () => {
    const lock = lockFolder(dataDir);
    await expect(backup({ dataDir, target: join(root, "second.tar.gz") })).rejects.toThrow(`Data folder ${dataDir} is in use by process ${process.pid}`);
    lock.release();
    await expect(backup({ dataDir, target: archive })).rejects.toThrow("exists already");
    await expect(backup({ dataDir, target: join(dataDir, "x.tar.gz") })).rejects.toThrow("lies in the data folder itself");
    await expect(backup({ dataDir, target: join(root, "x.zip") })).rejects.toThrow("ends in .tar.gz");
    await expect(backup({ dataDir: join(root, "missing"), target: join(root, "x.tgz") })).rejects.toThrow("There is no data folder");
    expect(existsSync(join(root, "missing"))).toBe(false);
  });
});

const left = () => readdirSync(root).filter((name) => name.includes(`restored-${copies}`));

describe("a restore is refused, and leaves nothing,", () => {
  let target: string;
  beforeEach(() => {
    target = freshTarget();
  });

  test("into a folder with something in it", async () => {
    mkdirSync(target);
    writeFileSync(join(target, "mine"), "");
    await expect(restore({ source: archive, dataDir: target })).rejects.toThrow("is not empty");
    expect(readdirSync(target)).toEqual(["mine"]);
  });

  test("from an archive that was cut off", async () => {
    const cut = join(root, "cut.tar.gz");
    const whole = readFileSync(archive);
    for (const length of [0, 10, whole.length >> 1, whole.length - 9]) {
      writeFileSync(cut, whole.subarray(0, length));
      await expect(restore({ source: cut, dataDir: target })).rejects.toThrow(/cannot be unpacked|has no manifest|is damaged/);
      expect(left()).toEqual([]);
    }
  });

  test.each([
    ["changed", (dir: string) => writeFileSync(join(dir, "secret.key"), "s3cres"), "secret.key is not what was backed up"],
    ["taken out", (dir: string) => rmSync(join(dir, "journal", "00000001.log")), "journal/00000001.log is missing"],
    ["slipped in", (dir: string) => writeFileSync(join(dir, "evil"), ""), "evil is not in its manifest"],
    ["without a manifest", (dir: string) => rmSync(join(dir, "backup", "manifest.json")), "has no manifest"],
    ["of another format", (dir: string) => writeFileSync(join(dir, "backup", "manifest.json"), '{"format":2}'), "format 2"],
    ["of nonsense", (dir: string) => writeFileSync(join(dir, "backup", "manifest.json"), '{"format":1,"files":[{}]}'), "manifest is not readable"],
    [
      "of a newer version",
      (dir: string) => edit(join(dir, "backup", "manifest.json"), `"${newestMigration}"`, `"${newestMigration}","9999-new"`),
      "newer Telltale (9999-new",
    ],
    [
      "with fewer rows than it says",
      (dir: string) => edit(join(dir, "backup", "manifest.json"), '"name":"settings","rows":1', '"name":"settings","rows":2'),
      "has 1 rows",
    ],
  ])("from one that was tampered with: a file %s", async (_, tamper, message) => {
    const dir = join(root, "tampered");
    rmSync(dir, { recursive: true, force: true });
    mkdirSync(dir);
    await extract({ file: archive, cwd: dir });
    tamper(dir);
    const file = join(root, "tampered.tar.gz");
    await create({ file, cwd: dir, gzip: true }, readdirSync(dir));
    await expect(restore({ source: file, dataDir: target })).rejects.toThrow(message);
    expect(left()).toEqual([]);
  });

  test("from an archive that leads out of the folder", async () => {
    const outside = join(root, "outside.txt");
    writeFileSync(outside, "x");
    const evil = join(root, "evil.tar");
    mkdirSync(join(root, "inner"), { recursive: true });
    await create({ file: evil, cwd: join(root, "inner"), preservePaths: true }, ["../outside.txt"]);
    rmSync(outside);
    await expect(restore({ source: evil, dataDir: target })).rejects.toThrow("cannot be unpacked");
    expect(existsSync(outside)).toBe(false);
    expect(left()).toEqual([]);
  });
});

function edit(path: string, from: string, to: string): void {
  const text = readFileSync(path, "utf8");
  expect(text).toContain(from);
  writeFileSync(path, text.replace(from, to));
}
