#!/usr/bin/env node
// The CLI: the built server when there is one, else (in a clone that was never built) the source by tsx.
import { existsSync } from "node:fs";

const built = new URL("../dist/telltale.js", import.meta.url);
if (existsSync(built)) {
  await import(built.href);
} else {
  try {
    const { register } = await import("tsx/esm/api");
    register();
  } catch {
    process.stderr.write("telltale: there is no build; run `npm ci && npm run build` first\n");
    process.exit(1);
  }
  await import(new URL("../src/main.ts", import.meta.url).href);
}
