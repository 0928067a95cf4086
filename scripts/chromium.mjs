// The browser of the end-to-end tests: one that is installed, else Debian's when we may install it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const fixedPlaces = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

/** Path of a Chromium or Chrome; `CHROMIUM_PATH` wins. */
export function chromiumPath() {
  const onPath = (process.env.PATH ?? "").split(delimiter).flatMap((dir) => names.map((name) => join(dir, name)));
  return [process.env.CHROMIUM_PATH, ...onPath, ...fixedPlaces].find((path) => path !== undefined && path !== "" && existsSync(path));
}

/** Returns `undefined` when a browser is there (now), else one sentence why not. */
export function installChromium(say = () => {}) {
  if (chromiumPath() !== undefined) return undefined;
  if (process.platform !== "linux" || process.getuid?.() !== 0)
    return "no Chromium or Chrome found, and only root on Debian can install it here (or set CHROMIUM_PATH)";
  say("Chromium by apt (once)");
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", "chromium"]]) {
    const done = spawnSync("apt-get", ["-qq", ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      timeout: 10 * 60_000,
    });
    if (done.status !== 0) return `apt-get ${args.join(" ")} failed: ${done.error?.message ?? done.stderr.trim().split("\n").at(-1)}`;
  }
  return chromiumPath() === undefined ? "apt-get installed no chromium" : undefined;
}
