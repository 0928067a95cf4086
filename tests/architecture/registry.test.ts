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
  const offers = offerPattern(registry.text);
  const listed = new Set(registry.imports.flatMap(({ specifier }) => resolveRelative(registry, specifier) ?? []));
  const missing = files
    .filter((file) => posix.dirname(file.path) === posix.dirname(registry.path) && !isTest(file) && offers.test(file.text))
    .map(({ path }) => path)
    .filter((path) => !listed.has(path));
  expect(missing).toEqual([]);
});

/** How a file beside the registry declares what is listed: a constant of the listed type, or a function of that shape. */
function offerPattern(text: string): RegExp {
  const object = /:\s*readonly\s+(\w+)\[\]\s*=/.exec(text)?.[1];
  if (object !== undefined) return new RegExp(`export const \\w+: ${object} =`);
  const parameter = /:\s*readonly\s+\(\(\w+: (\w+)\) => void\)\[\]\s*=/.exec(text)?.[1];
  expect(parameter, "a registry is `export const things: readonly Thing[] = […]` or a list of functions").toBeDefined();
  return new RegExp(`export function \\w+\\(\\w+: ${parameter ?? ""}\\)`);
}
