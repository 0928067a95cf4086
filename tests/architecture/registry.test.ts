import { posix } from "node:path";
import { expect, test } from "vitest";
import { isTest, resolveRelative, sourceFiles } from "./source-files.ts";

const files = sourceFiles();
const registries = files.filter(({ path }) => posix.basename(path) === "registry.ts");

test("there are registries to look at", () => {
  expect(registries.map(({ path }) => path)).not.toEqual([]);
});

// A plug point is one file plus one line in the registry beside it: this finds the file without the line.
test.each(registries.map((registry) => [registry.path, registry] as const))("%s lists every file beside it that offers what it lists", (_path, registry) => {
  const plug = /:\s*readonly\s+(\w+)\[\]\s*=/.exec(registry.text)?.[1];
  expect(plug, "export const things: readonly Thing[] = […]").toBeDefined();
  const offers = new RegExp(`export const \\w+: ${plug ?? ""} =`);
  const listed = new Set(registry.imports.flatMap(({ specifier }) => resolveRelative(registry, specifier) ?? []));
  const missing = files
    .filter((file) => posix.dirname(file.path) === posix.dirname(registry.path) && !isTest(file) && offers.test(file.text))
    .map(({ path }) => path)
    .filter((path) => !listed.has(path));
  expect(missing).toEqual([]);
});
