import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Client, until } from "../load/client.ts";
import { type RunningServer, runCli, startServer } from "../load/server.ts";
import { encodeRequest, makeTrace } from "../load/spans.ts";

const root = join(import.meta.dirname, "../..");
const captures = filesIn(join(root, "packages/ingest/fixtures/otlp")).filter((path) => path.endsWith("traces.pb"));
/** Long enough for an archive to be caught half-way; random, so that it does not shrink. */
const BALLAST_BYTES = 150e6;

let folder: string;
let server: RunningServer;
let client: Client;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "telltale-online-"));
  server = await startServer({ data: join(folder, "data") });
  client = new Client(server.url);
  await mkdir(join(server.data, "artifacts", "1"), { recursive: true });
  await writeFile(join(server.data, "artifacts", "1", "ballast"), randomBytes(BALLAST_BYTES));
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

function filesIn(path: string): string[] {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => join(entry.parentPath, entry.name)).toSorted();
}

/** Whatever a backup needs while it is made. */
const leftBehind = (): string[] => ["backups", "backup", "analytics/engine/shadow"].filter((path) => existsSync(join(server.data, path)));
const archives = (): string[] => readdirSync(folder).filter((name) => name.includes(".tar.gz"));
const requestBackup = async (signal?: AbortSignal): Promise<Response> => fetch(`${server.url}/api/v1/backup`, { method: "POST", signal: signal ?? null });

/** Everything a user sees of some traces. */
async function seen(of: Client, traceIds: readonly string[]): Promise<unknown> {
  const { data: projects } = await of.get<{ data: unknown[] }>("/api/v1/projects");
  const wanted = new Set(traceIds);
  const summaries = (await of.searchAll({})).filter(({ trace_id: id }) => wanted.has(id));
  const details = await Promise.all(traceIds.slice(0, 60).map((id) => of.trace(id)));
  return { projects, summaries, details };
}

/** Sends without a pause until told to stop; gives the answers' statuses and the ids that were acknowledged. */
function keepSending(to: Client): { stop: () => Promise<{ statuses: number[]; traceIds: string[]; slowestReadMs: number }> } {
  const over = new AbortController();
  const statuses: number[] = [];
  const traceIds: string[] = [];
  let slowestReadMs = 0;
  const send = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const traces = Array.from({ length: 5 }, () => makeTrace());
      const { status } = await to.send(encodeRequest(traces, { project: "Meanwhile" }));
      statuses.push(status);
      if (status === 200) traceIds.push(...traces.map(({ traceId }) => traceId));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const read = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const startedMs = performance.now();
      await to.search({ limit: 20 });
      slowestReadMs = Math.max(slowestReadMs, performance.now() - startedMs);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  const all = Promise.all([send(), read()]);
  return {
    stop: async () => {
      over.abort();
      await all;
      return { statuses, traceIds, slowestReadMs };
    },
  };
}

test("a backup of a running server holds everything acknowledged before it began, while sending and reading go on", async () => {
  for (const capture of captures) expect((await client.send(readFileSync(capture))).status, capture).toBe(200);
  const own = Array.from({ length: 400 }, () => makeTrace());
  for (let from = 0; from < own.length; from += 50) await client.send(encodeRequest(own.slice(from, from + 50), { project: "Before" }));
  const [judged] = own;
  const verdict = { name: "helpful", value: true, source: { type: "HUMAN", id: "ada" } };
  await client.post(`/api/v1/traces/${judged?.traceId}/assessments`, verdict);
  const known = (await client.searchAll({})).map(({ trace_id: id }) => id);
  expect(known.length).toBeGreaterThan(400);
  const before = await seen(client, [judged?.traceId ?? "", ...known]);
  // Acknowledged at the last moment, still on its way into the store.
  const last = Array.from({ length: 200 }, () => makeTrace());
  expect((await client.send(encodeRequest(last, { project: "Before" }))).status).toBe(200);

  const load = keepSending(client);
  const file = join(folder, "a.tar.gz");
  const made = await runCli(["backup", file, "--data", server.data]);
  const { statuses, slowestReadMs } = await load.stop();
  expect(made.code, made.output).toBe(0);
  expect(new Set(statuses), "every request was taken").toEqual(new Set([200]));
  expect(statuses.length).toBeGreaterThan(20);
  expect(slowestReadMs).toBeLessThan(3_000);
  expect(leftBehind()).toEqual([]);

  const restored = await runCli(["restore", file, "--data", join(folder, "restored")]);
  expect(restored.code, restored.output).toBe(0);
  const second = await startServer({ data: join(folder, "restored") });
  try {
    const copy = new Client(second.url);
    const { projects, ...rest } = (await seen(copy, [judged?.traceId ?? "", ...known])) as { projects: unknown[] };
    const { projects: projectsBefore, ...restBefore } = before as { projects: unknown[] };
    expect(rest).toEqual(restBefore);
    expect(projects).toEqual(expect.arrayContaining(projectsBefore));
    const found = await copy.searchAll({ project_ids: [await copy.projectId("Before")] });
    expect(new Set(found.map(({ trace_id: id }) => id))).toEqual(new Set([...own, ...last].map(({ traceId }) => traceId)));
    expect(new Set(found.map(({ span_count: count }) => count))).toEqual(new Set([8]));
    const hashes = filesIn(join(server.data, "blobs")).map((path) => path.slice(-65).replace("/", ""));
    for (const path of hashes.filter((hash) => /^[0-9a-f]{64}$/.test(hash))) {
      const url = `/api/v1/blobs/${path}`;
      const [ours, theirs] = await Promise.all([client, copy].map(async (of) => Buffer.from(await (await fetch(of.url + url)).arrayBuffer())));
      expect(theirs?.equals(ours ?? Buffer.alloc(0)), path).toBe(true);
    }
    // What came meanwhile is there whole or not at all.
    const meanwhile = await copy.searchAll({ project_ids: [await copy.projectId("Meanwhile")] }).catch(() => []);
    expect(meanwhile.filter(({ span_count: count }) => count !== 8)).toEqual([]);
  } finally {
    await second.stop();
    await rm(file);
  }
});

test("one at a time; a reader that goes away leaves nothing behind", async () => {
  const abort = new AbortController();
  const first = await requestBackup(abort.signal);
  expect([first.status, first.headers.get("content-type")]).toEqual([200, "application/gzip"]);
  expect(Number(first.headers.get("telltale-backup-bytes"))).toBeGreaterThan(BALLAST_BYTES);
  expect(leftBehind()).toEqual(["backups"]);
  const refused = await runCli(["backup", join(folder, "b.tar.gz"), "--url", server.url]);
  expect([refused.code, refused.output]).toEqual([1, "telltale: A backup of this server is being made already; wait until it is done\n"]);
  abort.abort();
  await until("the folder is as before", async () => leftBehind().length === 0);
  expect(archives()).toEqual([]);
});

test("a page of another origin cannot ask for one", async () => {
  const answer = await fetch(`${server.url}/api/v1/backup`, { method: "POST", headers: { origin: "https://example.com" } });
  expect(answer.status).toBe(403);
});

/** The command, caught while it writes. */
async function backupCaughtHalfWay(name: string): Promise<{ child: ChildProcess; ended: Promise<{ code: number | null; stderr: string }> }> {
  const child = spawn(process.execPath, [join(root, "apps/server/bin/telltale.js"), "backup", join(folder, name), "--data", server.data], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, stderr }));
  await until("an archive half written", async () => archives().includes(`${name}.partial`));
  return { child, ended };
}

test("Ctrl-C removes half an archive, and the server tidies up", async () => {
  const { child, ended } = await backupCaughtHalfWay("c.tar.gz");
  child.kill("SIGINT");
  expect(await ended).toEqual({ code: 1, stderr: "telltale: interrupted; nothing was written\n" });
  expect(archives()).toEqual([]);
  await until("the folder is as before", async () => leftBehind().length === 0);
});

test("a server that is stopped meanwhile ends at once, and the command says so", async () => {
  const { ended } = await backupCaughtHalfWay("d.tar.gz");
  const startedMs = performance.now();
  expect(await server.stop()).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(8_000);
  const { code, stderr } = await ended;
  expect([code, stderr]).toEqual([1, `telltale: the server at ${server.url} broke the backup off; its log says why\n`]);
  expect([archives(), leftBehind()]).toEqual([[], []]);
});

test("what a killed server left of a backup goes when it starts again", async () => {
  server = await startServer({ data: server.data });
  const { ended } = await backupCaughtHalfWay("e.tar.gz");
  await server.kill();
  expect((await ended).code).toBe(1);
  expect([archives(), leftBehind()]).toEqual([[], ["backups"]]);
  server = await startServer({ data: server.data });
  client = new Client(server.url);
  expect(leftBehind()).toEqual([]);
  expect((await client.search({ limit: 1 })).data).toHaveLength(1);
});
