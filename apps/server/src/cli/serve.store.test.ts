import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { SpanDetail, TraceDetail, TracePageOut } from "@telltale/model/api";

const root = join(import.meta.dirname, "../../../..");
const main = join(root, "apps/server/src/main.ts");
const captures = join(root, "packages/ingest/fixtures/otlp/js-vercel-ai-v6");
const running = new Set<ChildProcess>();
let data: string;

beforeAll(() => {
  data = mkdtempSync(join(tmpdir(), "telltale-serve-"));
});
afterEach(() => {
  for (const child of running) child.kill("SIGKILL");
  running.clear();
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function telltale(
  args: string[],
  env: Record<string, string> = {},
): { child: ChildProcess; stdout: () => string; stderr: () => string; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ["--import", "tsx", main, ...args], { cwd: root, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => (stdout += chunk));
  child.stderr?.on("data", (chunk) => (stderr += chunk));
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code) => {
      running.delete(child);
      resolve({ code, stdout, stderr });
    });
  });
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}

async function serve(folder = data) {
  const server = telltale(["serve", "--port", "0", "--otlp-grpc-port", "0", "--otlp-http-port", "0", "--data", folder, "--json"]);
  await expect.poll(() => server.stdout().includes("\n") || server.child.exitCode !== null, { timeout: 25_000, interval: 50 }).toBe(true);
  if (server.child.exitCode !== null) throw new Error(`serve ended with ${server.child.exitCode}: ${server.stderr()}`);
  return { ...server, ready: JSON.parse(server.stdout()) as { url: string; pid: number; data: string; otlp_grpc: null } };
}

const json = async (url: string, init?: RequestInit) => (await fetch(url, init)).json() as Promise<never>;
const search = (url: string) => json(`${url}/api/v1/traces/search`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });

test("receives a capture, shows it, ends cleanly, and has it again after a kill", { timeout: 60_000 }, async () => {
  const first = await serve();
  expect(first.ready).toMatchObject({ pid: first.child.pid, data, otlp_grpc: null });
  const { url } = first.ready;
  for (const name of ["01-traces.pb", "02-traces.pb"]) {
    const answer = await fetch(`${url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf" },
      body: readFileSync(join(captures, name)),
    });
    expect(answer.status).toBe(200);
  }
  const page = TracePageOut.parse(await search(url));
  expect(page.data.length).toBeGreaterThan(3);
  const found = page.data.find((trace) => trace.name === "ai.generateObject");
  const detail = TraceDetail.parse(await json(`${url}/api/v1/traces/${found?.trace_id}`));
  expect(detail.spans).toHaveLength(2);
  const call = detail.spans.find((span) => span.parent_span_id !== null);
  const span = SpanDetail.parse(await json(`${url}/api/v1/traces/tr-${found?.trace_id}/spans/${call?.span_id}`));
  expect(span.output_messages).toHaveLength(1);
  expect(span.resource["service.name"]).toBe("js-vercel-ai-v6");

  first.child.kill("SIGKILL");
  await first.ended;
  const second = await serve();
  expect(TracePageOut.parse(await search(second.ready.url)).data).toHaveLength(page.data.length);

  const refused = await telltale(["serve", "--port", "0", "--data", data]).ended;
  expect([refused.code, refused.stdout]).toEqual([1, ""]);
  expect(refused.stderr).toMatch(/^telltale: Data folder .* is in use by process \d+\n$/);

  const startedMs = Date.now();
  second.child.kill("SIGTERM");
  expect((await second.ended).code).toBe(0);
  expect(Date.now() - startedMs).toBeLessThan(10_000);
});

test("a backup is restored into a new folder and shows the same traces", { timeout: 60_000 }, async () => {
  const archive = join(data, "../", `${basename(data)}.tar.gz`);
  const restored = `${data}-restored`;
  try {
    const written = await telltale(["backup", archive, "--data", data, "--json"]).ended;
    expect([written.code, written.stderr]).toEqual([0, ""]);
    expect((await telltale(["backup", archive, "--data", data]).ended).stderr).toMatch(/^telltale: .*exists already\n$/);
    const read = await telltale(["restore", archive, "--data", restored, "--json"]).ended;
    expect([read.code, JSON.parse(read.stdout).files]).toEqual([0, JSON.parse(written.stdout).files]);
    const server = await serve(restored);
    expect(TracePageOut.parse(await search(server.ready.url)).data.length).toBeGreaterThan(3);
    server.child.kill("SIGTERM");
    await server.ended;
  } finally {
    rmSync(archive, { force: true });
    rmSync(restored, { recursive: true, force: true });
  }
});

test.each([
  ["npm start", ["start", "--"]],
  ["npx telltale serve", ["exec", "--", "telltale", "serve"]],
])("%s ends with npm and lets go of its folder", { timeout: 60_000 }, async (_how, args) => {
  const flags = ["--port", "0", "--otlp-grpc-port", "0", "--otlp-http-port", "0", "--data", `${data}-npm`, "--json"];
  const npm = spawn("npm", [...args, ...flags], { cwd: root, stdio: ["ignore", "pipe", "ignore"] });
  running.add(npm);
  let stdout = "";
  npm.stdout.on("data", (chunk) => (stdout += chunk));
  await expect.poll(() => /^\{.*"pid":\d+.*\}$/m.test(stdout), { timeout: 50_000, interval: 50 }).toBe(true);
  const pid = Number(/"pid":(\d+)/.exec(stdout)?.[1]);
  npm.kill("SIGTERM");
  try {
    await expect.poll(() => isRunning(pid), { timeout: 10_000, interval: 50 }).toBe(false);
  } finally {
    if (isRunning(pid)) process.kill(pid, "SIGKILL");
    rmSync(`${data}-npm`, { recursive: true, force: true });
  }
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("demo without a server says where it looked", async () => {
  const { code, stderr } = await telltale(["demo"], { TELLTALE_URL: "http://127.0.0.1:1" }).ended;
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^telltale: no server answers at http:\/\/127\.0\.0\.1:1/)]);
});

test("a PostgreSQL server that does not answer is one clear line, and what was open by then is closed", { timeout: 30_000 }, async () => {
  const args = ["serve", "--port", "0", "--otlp-grpc-port", "0", "--otlp-http-port", "0", "--data", `${data}-pg`, "--postgres-url", "postgres://127.0.0.1:1/x"];
  const { code, stderr, stdout } = await telltale(args).ended;
  rmSync(`${data}-pg`, { recursive: true, force: true });
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(/^telltale: The PostgreSQL server does not answer: .*\n$/);
});

test.each([
  [["serve", "--port", "70000"], /--port/],
  [["serve", "--host", "0.0.0.0"], /--insecure-no-auth/],
  [["serve", "--nonsense"], /unknown option '--nonsense'/],
  [["sevre"], /unknown command/],
])("%j is wrong usage: exit 2 and one line", async (args, message) => {
  const { code, stderr, stdout } = await telltale(args).ended;
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(/^telltale: /);
});

test("help and version are no mistakes; doctor says what it found", async () => {
  expect((await telltale(["--version"]).ended).stdout).toMatch(/^\d+\.\d+\.\d+/);
  const help = await telltale(["serve", "--help"]).ended;
  expect([help.code, help.stdout.includes("--otlp-grpc-port")]).toEqual([0, true]);
  const doctor = await telltale(["doctor", "--json", "--data", data, "--port", "0", "--otlp-grpc-port", "0", "--otlp-http-port", "0"], {
    TELLTALE_URL: "http://127.0.0.1:1",
  }).ended;
  expect(doctor.code).toBe(0);
  expect(JSON.parse(doctor.stdout)).toMatchObject({ ok: true, findings: expect.arrayContaining([expect.objectContaining({ check: "data", result: "ok" })]) });
});
