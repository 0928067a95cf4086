// `npm run dev [-- flags of serve]`: the server from source, restarted on change, and Vite in front of it.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { isInstallStale, root } from "./fingerprint.mjs";

if (isInstallStale()) {
  console.error("dev: node_modules does not match package-lock.json; run `npm ci`.");
  process.exit(1);
}

const port = process.env.TELLTALE_PORT ?? "4700";
const flags = process.argv.slice(2);
const children = [
  start("tsx", ["watch", "--clear-screen=false", "apps/server/src/main.ts", "serve", "--port", port, ...flags]),
  start("vite", ["--config", "apps/web/vite.config.ts"], { TELLTALE_URL: `http://127.0.0.1:${port}` }),
];

for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop(signal));
// One without the other is of no use: when one ends, so does the other.
for (const child of children) {
  child.on("exit", (code) => {
    process.exitCode ??= code ?? 0;
    stop("SIGTERM");
  });
}

function start(tool, args, env = {}) {
  return spawn(join(root, "node_modules/.bin", tool), args, {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, ...env },
    shell: process.platform === "win32",
  });
}

function stop(signal) {
  for (const child of children) if (child.exitCode === null) child.kill(signal);
}
