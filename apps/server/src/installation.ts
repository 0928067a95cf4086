import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Where the parts of this installation lie, and how a child process of it is started. */
export interface Installation {
  version: string;
  webFolder: string;
  docsFolder: string;
  /** `[executable, …args]` of the engine child; its data folder is appended. */
  engineCommand: readonly string[];
  /** The thread in which code scorers run. */
  sandboxWorker: { file: string };
}

/** Looks upwards from this file (source or bundle) for the root of the repository. */
export function findInstallation(): Installation {
  const here = fileURLToPath(import.meta.url);
  const root = rootAbove(dirname(here));
  const bundledChild = join(root, "apps/server/dist/engine-child.js");
  const isBundle = here.startsWith(join(root, "apps/server/dist"));
  // A loader is resolved from the working directory unless it is a URL.
  const tsx = pathToFileURL(join(root, "node_modules/tsx/dist/loader.mjs")).href;
  return {
    version: versionIn(join(root, "package.json")),
    webFolder: join(root, "apps/web/dist"),
    docsFolder: join(root, "docs"),
    engineCommand: isBundle ? [process.execPath, bundledChild] : [process.execPath, "--import", tsx, join(root, "packages/store/src/engine/child.ts")],
    sandboxWorker: { file: isBundle ? join(root, "apps/server/dist/code-sandbox.js") : join(root, "packages/score/src/code/sandbox-worker.dev.mjs") },
  };
}

function rootAbove(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    const file = join(folder, "package.json");
    if (existsSync(file) && (JSON.parse(readFileSync(file, "utf8")) as { name?: string }).name === "telltale") return folder;
    if (dirname(folder) === folder) throw new Error(`Telltale's package.json was not found above ${start}`);
  }
}

function versionIn(packageFile: string): string {
  return String((JSON.parse(readFileSync(packageFile, "utf8")) as { version?: unknown }).version);
}
