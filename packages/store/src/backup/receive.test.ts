import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { list } from "tar";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { packable, packed } from "./archive.ts";
import { receiveBackup } from "./receive.ts";

const root = mkdtempSync(join(tmpdir(), "telltale-receive-"));
const folder = join(root, "data");
const out = join(root, "out");
const target = join(out, "x.tar.gz");
const metadata = { migrations: ["0001"], tables: [], sequences: [] };
/** A path longer than a plain tar header holds. */
const longPath = join("store", "a".repeat(90), "b".repeat(90), "ü".repeat(60));
let archive: Buffer;

beforeAll(async () => {
  mkdirSync(join(folder, longPath, ".."), { recursive: true });
  mkdirSync(join(folder, "empty"));
  writeFileSync(join(folder, longPath), "deep");
  writeFileSync(join(folder, "nothing"), "");
  writeFileSync(join(folder, "big"), Buffer.alloc(700_001, "telltale"));
  symlinkSync(join("..", longPath), join(folder, "link"));
  archive = await buffer(packed(await packable(folder, "2026-11-18T11:06:40.000Z", metadata)));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const receive = async (bytes: Buffer, announced = 700_005) => {
  const stream = Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)].filter((part) => part.length > 0));
  const seen: number[] = [];
  const open = async () => ({ archive: stream, bytes: announced });
  return { result: receiveBackup({ target, open, onProgress: (done) => seen.push(done) }), stream, seen };
};

test("an archive is written as it came, once it is known to be whole", async () => {
  const { result, seen } = await receive(archive);
  const { manifest } = await result;
  expect(manifest.files.map(({ path, bytes }) => [path, bytes])).toEqual([
    ["big", 700_001],
    ["nothing", 0],
    [longPath, 4],
  ]);
  expect(seen.at(-1)).toBe(700_005);
  expect(readdirSync(out)).toEqual(["x.tar.gz"]);
  const paths: string[] = [];
  await list({ file: target, onReadEntry: ({ path, type, linkpath }) => paths.push(`${type} ${path}${linkpath ? ` -> ${linkpath}` : ""}`) });
  expect(paths).toEqual(expect.arrayContaining(["Directory empty/", `File ${longPath}`, `SymbolicLink link -> ../${longPath}`]));
  expect(paths.at(-1)).toBe("File backup/manifest.json");
  rmSync(target);
});

describe("nothing is left", () => {
  test("of one that was cut off, wherever", async () => {
    for (const length of [0, 5, 1001, archive.length >> 1, archive.length - 9]) {
      await expect((await receive(archive.subarray(0, length))).result).rejects.toThrow("did not arrive whole");
      expect(readdirSync(out)).toEqual([]);
    }
  });

  test("of one with a changed byte", async () => {
    const tar = gunzipSync(archive);
    const at = tar.indexOf("telltale");
    tar[at] = (tar[at] ?? 0) ^ 1;
    await expect((await receive(gzipSync(tar))).result).rejects.toThrow("did not arrive whole: big is not what was sent");
    expect(readdirSync(out)).toEqual([]);
  });

  test("when it will not fit, and its sender is told to stop", async () => {
    const { result, stream } = await receive(archive, 1e18);
    await expect(result).rejects.toThrow(/^There is not enough room for the backup in .*: up to 1000000000\.0 GB are needed, \d+\.\d [MG]B are free$/);
    expect([readdirSync(out), stream.destroyed]).toEqual([[], true]);
  });

  test("when it may not be written there: nobody is asked for it", async () => {
    const open = vi.fn<() => never>();
    writeFileSync(target, "mine");
    await expect(receiveBackup({ target, open })).rejects.toThrow("exists already");
    rmSync(target);
    await expect(receiveBackup({ target: join(folder, "y.tgz"), dataDir: folder, open })).rejects.toThrow("lies in the data folder itself");
    await expect(receiveBackup({ target: join(out, "y.zip"), open })).rejects.toThrow("ends in .tar.gz");
    expect(open).not.toHaveBeenCalled();
  });
});

test("a file that grows or shrinks while it is packed makes no archive", async () => {
  const what = await packable(folder, "2026-11-18T11:06:40.000Z", metadata);
  writeFileSync(join(folder, "nothing"), "something");
  await expect(buffer(packed(what))).rejects.toThrow("nothing changed while it was backed up");
  writeFileSync(join(folder, "nothing"), "");
});
