import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BlobStore } from "./blob-store.ts";

let dir: string;
let blobs: BlobStore;
beforeEach(async () => {
  dir = join(mkdtempSync(join(tmpdir(), "telltale-blobs-")), "blobs");
  blobs = await BlobStore.open(dir, { maxBytes: 1_000_000 });
});
afterEach(() => rmSync(join(dir, ".."), { recursive: true, force: true }));

const png = Buffer.from("89504e470d0a1a0a", "hex");
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

test("what was put is read back, under the hash of its bytes", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 5000 }), async (bytes) => {
      const hash = await blobs.put(bytes, "image/png");
      expect(hash).toBe(hashOf(bytes));
      const blob = await blobs.open(hash);
      expect(blob).toMatchObject({ contentType: "image/png", sizeBytes: bytes.length });
      expect(blob && (await buffer(blob.stream()))).toEqual(Buffer.from(bytes));
    }),
    { numRuns: 30 },
  );
});

test("the same content is kept once, with the type it first came with", async () => {
  const hash = await blobs.put(png, "image/png");
  const path = join(dir, hash.slice(0, 2), hash.slice(2));
  const { ino } = statSync(path);
  const again = await Promise.all(Array.from({ length: 20 }, () => blobs.put(png, "text/html")));
  expect(new Set(again)).toEqual(new Set([hash]));
  expect(statSync(path).ino).toBe(ino);
  expect((await blobs.open(hash))?.contentType).toBe("image/png");
  expect(readFileSync(path)).toEqual(png);
  expect(readdirSync(join(dir, "drafts"))).toEqual([]);
});

test("many at once, the same and different, are all there", async () => {
  const contents = Array.from({ length: 60 }, (_, index) => Buffer.from(`content ${index % 30}`));
  const hashes = await Promise.all(contents.map((content) => blobs.put(content, "text/plain")));
  expect(hashes).toEqual(contents.map(hashOf));
  const listed: string[] = [];
  for await (const hash of blobs.hashes()) listed.push(hash);
  expect(listed.toSorted()).toEqual([...new Set(hashes)].toSorted());
});

test("a hash that is none leads nowhere", async () => {
  writeFileSync(join(dir, "..", "secret"), "x");
  for (const hash of ["../secret", "..%2Fsecret", "", "ab", "A".repeat(64), `${"a".repeat(63)}/`, `../../${"a".repeat(58)}`, "a".repeat(65), "drafts"]) {
    expect(await blobs.open(hash)).toBeUndefined();
    expect(await blobs.delete(hash)).toBe(false);
  }
  expect(await blobs.open("a".repeat(64))).toBeUndefined();
});

test("content over the limit is refused", async () => {
  await expect(blobs.put(Buffer.alloc(1_000_001), "")).rejects.toMatchObject({ code: "body_too_large" });
});

test("deleted content is gone, with its type", async () => {
  const hash = await blobs.put(png, "image/png");
  expect(await blobs.delete(hash)).toBe(true);
  expect(await blobs.open(hash)).toBeUndefined();
  expect(readdirSync(join(dir, hash.slice(0, 2)))).toEqual([]);
  expect(await blobs.delete(hash)).toBe(false);
});

test("opening clears what a crash left half written and keeps the rest", async () => {
  const hash = await blobs.put(png, "image/png");
  writeFileSync(join(dir, "drafts", "half"), "ha");
  const reopened = await BlobStore.open(dir);
  expect(readdirSync(join(dir, "drafts"))).toEqual([]);
  expect((await reopened.open(hash))?.sizeBytes).toBe(png.length);
});

test("content set aside is gone, can be put back, and is back after a crash", async () => {
  const store = await BlobStore.open(dir);
  const hash = await store.put(Buffer.from("aside"), "text/plain");
  expect(await store.setAside(hash)).toBe(true);
  expect(await store.open(hash)).toBeUndefined();
  expect(await store.setAside(hash)).toBe(false);
  await store.putBack(hash);
  expect(await store.open(hash)).toMatchObject({ contentType: "text/plain", sizeBytes: 5 });

  await store.setAside(hash);
  const again = await BlobStore.open(dir);
  expect(await again.open(hash)).toMatchObject({ sizeBytes: 5 });
  await again.setAside(hash);
  await again.put(Buffer.from("aside"), "text/plain"); // somebody sends it meanwhile
  expect(await again.dropAside(hash)).toBe(5);
  expect(await again.open(hash)).toMatchObject({ sizeBytes: 5 });
  await again.setAside(hash);
  await again.dropAside(hash);
  expect(readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toEqual([]);
});
