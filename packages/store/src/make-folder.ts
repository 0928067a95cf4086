import { mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a folder a user named, with those above it. Throws one line that says what is in the way.
 * Node's own recursive mkdir is not used: on a file system that makes no folders (/proc) it loops for ever.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !isFolder(folder, at); at = dirname(at)) missing.unshift(at);
  for (const path of missing) {
    try {
      mkdirSync(path);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "EEXIST" && isFolder(folder, path)) continue; // someone else was faster
      throw new Error(`Folder ${folder} cannot be made: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
}

/** False when nothing is there. Throws when something else is. */
function isFolder(wanted: string, path: string): boolean {
  let found;
  try {
    found = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOTDIR") return false; // a file above it: found on the way up
    throw error;
  }
  if (found === undefined || found.isDirectory()) return found !== undefined;
  throw new Error(path === wanted ? `${path} is a file, not a folder` : `Folder ${wanted} cannot be made: ${path} is a file, not a folder`);
}
