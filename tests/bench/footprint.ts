import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "../load/client.ts";
import { startServer } from "../load/server.ts";
import { cpuSeconds, memoryMb } from "../load/process-tree.ts";
import { report } from "./report.ts";
import { sendLoad } from "./send-load.ts";

// Start on an empty folder and on existing data, memory when idle, disk per span with word search.
const data = await mkdtemp(join(tmpdir(), "telltale-footprint-"));
const first = await startServer({ data });
const emptyBytes = await sizeOf(data);
const emptyByFolder = await sizeByFolder(data);
const load = await sendLoad(`${first.url}/v1/traces`, { seconds: Number(process.argv[2] ?? 25), senders: 2, batchSpans: 400 });
await new Client(first.url).search({ limit: 1 });
await first.stop();

const second = await startServer({ data });
const idleAfterS = await untilIdle(second.ready.pid);
const memory = memoryMb(second.ready.pid);
const bytesPerSpan = ((await sizeOf(data)) - emptyBytes) / load.spans;
const byFolder = Object.entries(await sizeByFolder(data)).map(([name, bytes]) => [name, Math.round((bytes - (emptyByFolder[name] ?? 0)) / load.spans)]);
await second.stop();
const third = await startServer({ data });
await third.stop();
await rm(data, { recursive: true, force: true });

console.log(
  `${load.spans} spans; idle after ${idleAfterS} s; memory (RSS) by process: ${JSON.stringify(Object.fromEntries(Object.entries(memory.perProcess).map(([name, mb]) => [name, Math.round(mb)])))} MB`,
);
console.log(`bytes per span by folder: ${JSON.stringify(Object.fromEntries(byFolder))}`);
const kept = report("Footprint", [
  { what: "start on an empty folder", value: first.readyAfterMs, unit: "ms", against: { what: "the limit", value: 6000 }, better: "lower" },
  {
    what: "start on existing data",
    value: Math.max(second.readyAfterMs, third.readyAfterMs),
    unit: "ms",
    against: { what: "the limit", value: 3000 },
    better: "lower",
  },
  { what: "idle memory, all processes (PSS)", value: memory.pss, unit: "MB", against: { what: "the limit", value: 500 }, better: "lower" },
  { what: "idle memory, shared pages in each (RSS)", value: memory.rss, unit: "MB", against: { what: "the limit", value: 500 }, better: "lower" },
  { what: "disk per span of 2 kB, word search included", value: bytesPerSpan, unit: "bytes", against: { what: "the limit", value: 1000 }, better: "lower" },
]);
process.exit(kept ? 0 : 1);

/** After a load there is work left: merges, settled hours, diagnostics. Then half a minute for what is given back when it is quiet. */
async function untilIdle(pid: number): Promise<number> {
  const startedMs = performance.now();
  const stretchS = 10;
  for (let share = 1; share > 0.1 && performance.now() - startedMs < 600_000;) {
    const before = cpuSeconds(pid);
    await new Promise((resolve) => setTimeout(resolve, stretchS * 1000));
    share = (cpuSeconds(pid) - before) / stretchS;
  }
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  await new Promise((resolve) => setTimeout(resolve, 30_000));
  return seconds;
}

async function sizeByFolder(folder: string): Promise<Record<string, number>> {
  const names = await readdir(folder);
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, (await stat(join(folder, name))).isDirectory() ? await sizeOf(join(folder, name)) : 0] as const)),
  );
}

/** Bytes on disk below a folder; a file that is merged away while we look counts as nothing. */
async function sizeOf(folder: string): Promise<number> {
  let total = 0;
  const seen = new Set<number>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const info = await stat(join(entry.parentPath, entry.name)).catch(() => undefined);
    if (info === undefined || seen.has(info.ino)) continue; // hard links (frozen parts) lie on disk once
    seen.add(info.ino);
    total += info.blocks * 512;
  }
  return total;
}
