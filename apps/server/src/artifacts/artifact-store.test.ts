import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileArtifactStore } from "./file-artifact-store.ts";

let root: string;
let store: FileArtifactStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "artifacts-"));
  store = new FileArtifactStore(join(root, "store"), 1000);
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function* chunks(...parts: string[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part);
}

async function read(path: string): Promise<string | undefined> {
  const found = await store.get(path);
  if (found === undefined) return undefined;
  let text = "";
  for await (const chunk of found.content) text += String(chunk);
  expect(Buffer.byteLength(text)).toBe(found.sizeBytes);
  return text;
}

test("gives back what was put, replaces it, and lists it", async () => {
  expect(await store.put("1/traces/tr-a/artifacts/x", chunks("one", "two"))).toEqual({ sizeBytes: 6 });
  expect(await read("1/traces/tr-a/artifacts/x")).toBe("onetwo");
  await store.put("1/traces/tr-a/artifacts/x", chunks("three"));
  await store.put("1/traces/tr-a/artifacts/folder/y", chunks(""));
  expect(await read("1/traces/tr-a/artifacts/x")).toBe("three");
  expect(await store.list("1/traces/tr-a/artifacts")).toEqual([
    { name: "folder", isFolder: true, sizeBytes: undefined },
    { name: "x", isFolder: false, sizeBytes: 5 },
  ]);
});

test("knows nothing of what is not there", async () => {
  expect(await store.get("1/nothing")).toBeUndefined();
  expect(await store.list("1/nothing")).toEqual([]);
  await expect(store.remove("1/nothing")).resolves.toBeUndefined();
  await store.put("1/folder/file", chunks("x"));
  expect(await store.get("1/folder")).toBeUndefined();
  expect(await store.get("1/folder/file/below")).toBeUndefined();
});

test("removes a folder with everything in it", async () => {
  await store.put("1/traces/a/x", chunks("x"));
  await store.put("1/traces/b/x", chunks("x"));
  await store.remove("1/traces/a");
  expect(await read("1/traces/a/x")).toBeUndefined();
  expect(await read("1/traces/b/x")).toBe("x");
});

test.each([
  "..",
  "../x",
  "1/../../x",
  "/etc/passwd",
  "1//x",
  "1/./x",
  "1/%2e%2e/x",
  "1/%252e%252e/x",
  "1/..%2f..%2fx",
  "1\\..\\x",
  "1/a\0b",
  ".uploads/x",
  "",
  `1/${"n".repeat(256)}`,
  `1/${"n/".repeat(40)}`,
])("refuses the path %j", async (path) => {
  await writeFile(join(root, "x"), "outside");
  const refused = { code: "bad_request" };
  await expect(store.put(path, chunks("bad"))).rejects.toMatchObject(refused);
  await expect(store.get(path)).rejects.toMatchObject(refused);
  await expect(store.list(path)).rejects.toMatchObject(refused);
  await expect(store.remove(path)).rejects.toMatchObject(refused);
});

test("keeps nothing of an upload that is too large or breaks off", async () => {
  await expect(store.put("1/large", chunks("x".repeat(600), "x".repeat(600)))).rejects.toMatchObject({ code: "body_too_large" });
  const broken = (async function* () {
    yield Buffer.from("half");
    throw new Error("connection lost");
  })();
  await expect(store.put("1/broken", broken)).rejects.toThrow("connection lost");
  expect(await store.list("1")).toEqual([]);
  expect(await readdir(join(root, "store", ".uploads"))).toEqual([]);
});

test("says so when a file stands where a folder is wanted", async () => {
  await store.put("1/name", chunks("x"));
  await expect(store.put("1/name/below", chunks("x"))).rejects.toMatchObject({ code: "bad_request" });
  await store.put("1/folder/x", chunks("x"));
  await expect(store.put("1/folder", chunks("x"))).rejects.toMatchObject({ code: "bad_request" });
});
