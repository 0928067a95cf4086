// What was built from what: a build is stale when the list of its sources (path, size, time of change) is another one.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export const root = join(import.meta.dirname, "..");

const skip = new Set(["node_modules", "dist", "fixtures", ".vite"]);

/**
 * Hash over path, size and mtime of every file below `paths` (relative to the root); tests and fixtures do not count.
 * About 5 ms for a thousand files, so it can run on every start.
 */
export function sourceFingerprint(paths) {
  const hash = createHash("sha1");
  for (const path of paths) addPath(hash, join(root, path));
  return hash.digest("hex");
}

function addPath(hash, path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) {
    if (!/\.test\.tsx?$/.test(path)) hash.update(`${relative(root, path)}\0${stat.size}\0${stat.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(path).toSorted()) if (!skip.has(name)) addPath(hash, join(path, name));
}

/** What is built, from which sources, and where the stamp of the last build lies. */
export const buildParts = {
  server: {
    sources: ["apps/server/src", "packages", "scripts/build.mjs", "package-lock.json"],
    stamp: "apps/server/dist/.stamp",
    output: "apps/server/dist/telltale.js",
  },
  web: {
    sources: [
      "apps/web/src",
      "apps/web/dev",
      "apps/web/public",
      "apps/web/index.html",
      "apps/web/vite.config.ts",
      "apps/web/package.json",
      "packages/model/src",
      "scripts/build.mjs",
      "package-lock.json",
    ],
    stamp: "apps/web/dist/.stamp",
    output: "apps/web/dist/index.html",
  },
};

/** Names of the parts whose build is missing or older than its sources. */
export function staleParts() {
  return Object.keys(buildParts).filter((name) => {
    const part = buildParts[name];
    return !existsSync(join(root, part.output)) || readText(join(root, part.stamp)) !== sourceFingerprint(part.sources);
  });
}

/** Call with the fingerprint taken before the build started, so that an edit during the build makes it stale again. */
export function writeStamp(name, fingerprint) {
  writeText(join(root, buildParts[name].stamp), fingerprint);
}

const installStamp = join(root, "node_modules/.telltale-install");

/** True when `node_modules` does not hold what `package-lock.json` asks for. */
export function isInstallStale() {
  const lockText = readText(join(root, "package-lock.json"));
  if (lockText === undefined) return true;
  const lockHash = createHash("sha256").update(lockText).digest("hex");
  if (readText(installStamp) === lockHash) return false;
  if (!matchesInstalled(lockText)) return true;
  writeText(installStamp, lockHash); // somebody ran `npm ci` by hand: remember it, comparing takes longer than hashing
  return false;
}

/** npm keeps a list of what it installed; packages for other platforms are missing there, and that is fine. */
function matchesInstalled(lockText) {
  const installedText = readText(join(root, "node_modules/.package-lock.json"));
  if (installedText === undefined) return false;
  const installed = JSON.parse(installedText).packages;
  return Object.entries(JSON.parse(lockText).packages).every(([path, wanted]) => {
    if (!path.startsWith("node_modules/")) return true;
    const found = installed[path];
    return found === undefined ? wanted.optional === true || wanted.peer === true : wanted.link === true || found.version === wanted.version;
  });
}

function readText(path) {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function writeText(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
