import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeFolder } from "./make-folder.ts";

describe("makeFolder", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "telltale-folder-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  test("makes a folder with those above it, and takes one that is there", () => {
    makeFolder(join(dir, "a/b/c"));
    makeFolder(join(dir, "a/b/c"));
    expect(existsSync(join(dir, "a/b/c"))).toBe(true);
  });

  test("says in one line that a file is in the way", () => {
    writeFileSync(join(dir, "file"), "");
    expect(() => makeFolder(join(dir, "file"))).toThrow(`${join(dir, "file")} is a file, not a folder`);
    expect(() => makeFolder(join(dir, "file/data"))).toThrow(`Folder ${join(dir, "file/data")} cannot be made: ${join(dir, "file")} is a file, not a folder`);
  });

  // Node's recursive mkdir never returns there (and no signal ends it): mkdir says ENOENT although the folder above exists.
  test.skipIf(!existsSync("/proc/self"))("gives up where the system makes no folders", () => {
    expect(() => makeFolder("/proc/telltale/data")).toThrow(/^Folder \/proc\/telltale\/data cannot be made: /);
  });
});
