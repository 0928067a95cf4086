// `npm start [-- flags]`: from a fresh clone to a running server. Everything after `--` goes to `telltale serve`.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Telltale needs Node.js 20.19 or newer; this is ${process.version}.\n`);
  process.exit(2);
}

const { prepare } = await import("./prepare.mjs");
await prepare();

// In this very process: signals, terminal and exit code need no passing on.
const bin = join(import.meta.dirname, "../apps/server/bin/telltale.js");
process.argv.splice(1, 1, bin, "serve");
await import(pathToFileURL(bin).href);
