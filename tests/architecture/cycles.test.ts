import { dirname } from "node:path";
import { expect, test } from "vitest";
import { type SourceFile, isTest, resolveRelative, sourceFiles, workspaceManifests } from "./source-files.ts";

const files = sourceFiles().filter((file) => !isTest(file));

/** Edges that exist when the code runs; `import type` leaves nothing behind. */
function edges(file: SourceFile): string[] {
  return file.imports.filter(({ isTypeOnly }) => !isTypeOnly).flatMap(({ specifier }) => resolveRelative(file, specifier) ?? []);
}

test("no file imports itself by a detour", () => {
  const graph = new Map(files.map((file) => [file.path, new Set(edges(file))]));
  expect(findCycle(graph)).toBeUndefined();
});

test.each(workspaceManifests().map(({ dir }) => dir))("no cycle between folders in %s", (workspace) => {
  const graph = new Map<string, Set<string>>();
  for (const file of files.filter((candidate) => candidate.workspace === workspace)) {
    const from = dirname(file.path);
    // Files directly in src wire or re-export; a folder and what lies below it are one subject.
    if (from === `${workspace}/src`) continue;
    const targets = graph.get(from) ?? new Set<string>();
    for (const target of edges(file).map((path) => dirname(path))) {
      if (target !== `${workspace}/src` && !isNested(from, target)) targets.add(target);
    }
    graph.set(from, targets);
  }
  expect(findCycle(graph)).toBeUndefined();
});

function isNested(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/** The first cycle as `a → b → a`, by depth-first search. */
function findCycle(graph: ReadonlyMap<string, ReadonlySet<string>>): string | undefined {
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (node: string): string | undefined => {
    if (done.has(node)) return undefined;
    const at = trail.indexOf(node);
    if (at >= 0) return [...trail.slice(at), node].join(" → ");
    trail.push(node);
    for (const next of graph.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle !== undefined) return cycle;
    }
    trail.pop();
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = visit(node);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
