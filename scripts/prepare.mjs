// Brings a clone to the point where the product can run. Only node:* and files of this folder may be imported at the
// top of this file: it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { isInstallStale, root, staleParts } from "./fingerprint.mjs";

/**
 * Installs when `node_modules` does not match the lock file and builds what is older than its sources.
 * Does nothing, in a few milliseconds, when all is up to date. Ends the process with one line when a step fails.
 */
export async function prepare() {
  if (isInstallStale()) {
    step("Installing dependencies (once, about a minute)", "npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"]);
  }
  const stale = staleParts();
  if (stale.length === 0) return;
  const startedMs = Date.now();
  // In a process of its own: the bundlers would leave some 500 MB, and a service process, in the server that starts next.
  step(`Building ${stale.join(" and ")}`, process.execPath, [join(import.meta.dirname, "build.mjs"), ...stale]);
  say(`Built in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
}

function step(title, command, args) {
  say(`${title} …`);
  const done = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });
  if (done.error) fail(`${title}: ${done.error.message}`);
  if (done.status !== 0) fail(`${title}: \`${command} ${args.join(" ")}\` ended with code ${done.status}.`);
}

// Progress goes to stderr: stdout belongs to the server (its ready line, or JSON with --json).
function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  process.stderr.write(`${line}\n`);
  process.exit(1);
}
