import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "./source-files.ts";

interface LockedPackage {
  optionalDependencies?: Record<string, string>;
}

/**
 * npm writes only the platforms its registry could serve at that moment. With a gap `npm ci` fails on some machines
 * ("Missing … from lock file") and leaves out native parts on others.
 */
test("the lock file names the optional packages of every platform", () => {
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as { packages: Record<string, LockedPackage> };
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !foldersAbove(path).some((folder) => `${folder}node_modules/${name}` in packages))
      .map((name) => `${path} needs ${name}`),
  );
  expect(missing).toEqual([]);
});

/** Where Node looks for a package that the one at `path` asks for: its own folder first, the root last. */
function foldersAbove(path: string): string[] {
  const folders = [`${path}/`];
  for (let at = path.lastIndexOf("/node_modules/"); at >= 0; at = path.lastIndexOf("/node_modules/", at - 1)) folders.push(`${path.slice(0, at)}/`);
  return [...folders, ""];
}
