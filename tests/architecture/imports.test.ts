import { builtinModules } from "node:module";
import { expect, test } from "vitest";
import { isTest, resolveRelative, sourceFiles, workspaceManifests } from "./source-files.ts";

/** Which package may import which: arrows point one way, along the way of a trace. */
const mayImport: Record<string, readonly string[]> = {
  "@telltale/model": [],
  "@telltale/stats": [],
  "@telltale/score": ["@telltale/model", "@telltale/stats"],
  "@telltale/ingest": ["@telltale/model"],
  "@telltale/store": ["@telltale/model"],
  "@telltale/web": ["@telltale/model"],
  "@telltale/watch": ["@telltale/model", "@telltale/stats", "@telltale/store"],
  "@telltale/server": ["@telltale/model", "@telltale/ingest", "@telltale/store", "@telltale/score", "@telltale/watch", "@telltale/stats"],
};

const manifests = workspaceManifests();
const files = sourceFiles();
const manifestOf = (workspace: string) => manifests.find(({ dir }) => dir === workspace);
const packageOf = (specifier: string): string =>
  specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");

test("every workspace has its permissions written here", () => {
  expect(manifests.map(({ name }) => name).toSorted()).toEqual(Object.keys(mayImport).toSorted());
});

test("a package imports only the packages it may", () => {
  const broken = files.flatMap((file) => {
    const name = manifestOf(file.workspace)?.name ?? "";
    return file.imports
      .filter(({ specifier }) => specifier.startsWith("@telltale/") && !mayImport[name]?.includes(packageOf(specifier)))
      .map(({ specifier }) => `${name} → ${specifier} in ${file.path}`);
  });
  expect(broken).toEqual([]);
});

test("a package's manifest asks for no package it may not import", () => {
  const broken = manifests.flatMap(({ name, dependencies }) =>
    dependencies
      .filter((dependency) => dependency.startsWith("@telltale/") && !mayImport[name]?.includes(dependency))
      .map((dependency) => `${name} → ${dependency}`),
  );
  expect(broken).toEqual([]);
});

test("relative imports stay inside their package and name the file with its ending", () => {
  const broken = files.flatMap((file) =>
    file.imports.flatMap(({ specifier }) => {
      const target = resolveRelative(file, specifier);
      if (target === undefined) return [];
      const inside = target.startsWith(`${file.workspace}/`) || isTest(file);
      return inside && /\.(tsx?|css|json|svg|mjs)(\?\w+)?$/.test(target) ? [] : [`${file.path} → ${specifier}`];
    }),
  );
  expect(broken).toEqual([]);
});

test("a third-party import is declared in the package's own manifest", () => {
  const broken = files
    .filter((file) => !isTest(file))
    .flatMap((file) => {
      const dependencies = manifestOf(file.workspace)?.dependencies ?? [];
      return file.imports
        .filter(
          ({ specifier, isTypeOnly }) => !specifier.startsWith(".") && !isBuiltin(specifier) && !isTypeOnly && !dependencies.includes(packageOf(specifier)),
        )
        .map(({ specifier }) => `${specifier} in ${file.path}`);
    });
  expect(broken).toEqual([]);
});

test("node's own modules are imported with node:", () => {
  const broken = files.flatMap((file) =>
    file.imports.filter(({ specifier }) => builtinModules.includes(specifier)).map(({ specifier }) => `${specifier} in ${file.path}`),
  );
  expect(broken).toEqual([]);
});

test("model and web run in a browser: no node modules", () => {
  const broken = files
    .filter((file) => ["packages/model", "apps/web"].includes(file.workspace) && !isTest(file))
    .flatMap((file) => file.imports.filter(({ specifier }) => specifier.startsWith("node:")).map(({ specifier }) => `${specifier} in ${file.path}`));
  expect(broken).toEqual([]);
});

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}
