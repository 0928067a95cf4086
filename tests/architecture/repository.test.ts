import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repositoryFiles, root, sourceFiles } from "./source-files.ts";

const MAX_LINES = 350;
/** A table of cases may be longer than code. */
const MAX_TEST_LINES = 600;
const MAX_BYTES = 2_000_000;
/** Tables, not code: length says nothing about them. */
const isData = (path: string): boolean => /(^|\/)(fixtures|data)\//.test(path) || /\.(pb|png|svg|ico|json|txt|woff2)$/.test(path);

const files = repositoryFiles().filter((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true);

test("source files keep to one subject: none is longer than the limit", () => {
  const long = sourceFiles()
    .filter(({ path, text }) => !isData(path) && !/^\W*(written|generated) by scripts\//i.test(text))
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ path, lines }) => lines > (/\.test\.tsx?$/.test(path) ? MAX_TEST_LINES : MAX_LINES))
    .map(({ path, lines }) => `${path}: ${lines} lines`);
  expect(long).toEqual([]);
});

test("no drawer names: a file or folder says what is inside", () => {
  const drawers = files.filter(
    (path) => /(^|\/)(utils?|helpers?|common|services?|misc|shared|types|constants|interfaces)(\.tsx?$|\/)/.test(path) && !path.includes("fixtures/"),
  );
  expect(drawers).toEqual([]);
});

test("nothing in the repository names a machine, a person's folder or a private registry", () => {
  // Put together from parts, so that this file does not name them itself.
  const forbidden = [
    ["", "work", "(main|shared)"],
    ["", "home", "\\w+", "(?!app)"],
    ["", "root", "\\."],
    ["", "tmp", "brief"],
    ["", "opt", "wheels"],
  ].map((parts) => new RegExp(parts.join("/")));
  const broken = files
    .filter((path) => !/\.(pb|png|ico|woff2|gz|br)$/.test(path))
    .flatMap((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return forbidden.filter((pattern) => pattern.test(text)).map((pattern) => `${path}: ${pattern.exec(text)?.[0] ?? ""}`);
    });
  expect(broken).toEqual([]);
});

test("the lock file names no host: every registry a user has works", () => {
  const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, { resolved?: string; link?: boolean }> };
  const broken = Object.entries(lock.packages).flatMap(([path, entry]) =>
    entry.resolved === undefined || entry.link === true ? [] : [`${path}: ${entry.resolved}`],
  );
  expect(broken).toEqual([]);
  expect(readFileSync(join(root, ".npmrc"), "utf8")).not.toMatch(/^\s*@?[\w/:.-]*registry\s*=/m);
});

test("no file is so big that a clone is slow", () => {
  const big = files.filter((path) => statSync(join(root, path)).size > MAX_BYTES);
  expect(big).toEqual([]);
});
