import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, posix } from "node:path";

export const root = join(import.meta.dirname, "../..");

export interface Import {
  specifier: string;
  isTypeOnly: boolean;
}

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  path: string;
  /** `packages/store`, `apps/web`, … */
  workspace: string;
  text: string;
  imports: Import[];
}

const IMPORT = /^\s*(?:import|export)\s+(type\s+)?(?:[^;"']*?\sfrom\s+)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/gm;

/** Every TypeScript file of the workspaces' `src` folders, tests included. */
export function sourceFiles(): SourceFile[] {
  return ["packages", "apps"].flatMap((group) =>
    directories(group).flatMap((name) => filesBelow(`${group}/${name}/src`).map((path) => readSource(`${group}/${name}`, path))),
  );
}

export const isTest = (file: SourceFile): boolean => /\.test\.tsx?$/.test(file.path);

/** The path that a relative import means, relative to the root; `undefined` for a package. */
export function resolveRelative(file: SourceFile, specifier: string): string | undefined {
  return specifier.startsWith(".") ? posix.join(posix.dirname(file.path), specifier) : undefined;
}

/** Files that git knows or would add: not what .gitignore leaves out. */
export function repositoryFiles(): string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
  return listed.split("\0").filter((path) => path !== "");
}

export function workspaceManifests(): { dir: string; name: string; dependencies: string[] }[] {
  return ["packages", "apps"].flatMap((group) =>
    directories(group).map((name) => {
      const manifest = JSON.parse(readFileSync(join(root, group, name, "package.json"), "utf8")) as { name: string; dependencies?: Record<string, string> };
      return { dir: `${group}/${name}`, name: manifest.name, dependencies: Object.keys(manifest.dependencies ?? {}) };
    }),
  );
}

function readSource(workspace: string, path: string): SourceFile {
  const text = readFileSync(join(root, path), "utf8");
  const imports = Array.from(text.matchAll(IMPORT), (match) => ({ specifier: match[2] ?? match[3] ?? "", isTypeOnly: match[1] !== undefined }));
  return { path, workspace, text, imports };
}

function directories(path: string): string[] {
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}

function filesBelow(path: string): string[] {
  const absolute = join(root, path);
  return readdirSync(absolute, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => posix.join(path, dirname(join(entry.parentPath, entry.name)).slice(absolute.length).replaceAll("\\", "/"), entry.name))
    .toSorted();
}
