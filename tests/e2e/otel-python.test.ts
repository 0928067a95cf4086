import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pythonFor, whyNoPython } from "../../scripts/python-env.mjs";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";

const python = pythonFor("otel");
if (python === undefined) console.warn(`skipped: ${whyNoPython("otel")}`);
const run = promisify(execFile);

describe.skipIf(python === undefined)("the real OpenTelemetry SDK for Python", () => {
  let server: RunningServer;
  let client: Client;
  beforeAll(async () => {
    server = await startServer();
    client = new Client(server.url);
  });
  afterAll(async () => server.dispose());

  test.each([
    ["http", "none", "otel-http"],
    ["http", "gzip", "otel-http"],
    ["http", "deflate", "otel-http"],
    ["grpc", "none", "otel-grpc"],
    ["grpc", "gzip", "otel-grpc"],
  ])("%s, compression %s: every span arrives and is understood", async (protocol, compression, project) => {
    const endpoint = protocol === "grpc" ? `http://${server.grpc}` : `${server.url}/v1/traces`;
    const traceIds = await runApplication(protocol, endpoint, compression, 20);
    const projectId = await client.projectId(project);
    const found = await client.searchAll({ project_ids: [projectId] });
    for (const traceId of traceIds) {
      const trace = found.find(({ trace_id }) => trace_id === traceId);
      expect(trace).toMatchObject({
        name: "invoke_agent librarian",
        service: "bookshop",
        version: "3.1.4",
        environment: "test",
        user: "reader-7",
        span_count: 3,
        llm_calls: 1,
        tokens: { input: 1000, output: 200, total: 1200 },
        failed_tools: ["find_shelf"],
      });
      expect(trace?.session).toMatch(/^visit-\d+$/);
      expect(trace?.cost_usd).toBeCloseTo(1000 * 0.4e-6 + 200 * 1.6e-6, 9);
    }
  });

  test("the standard OTLP/HTTP port takes the same", async () => {
    const [traceId = ""] = await runApplication("http", `${server.ready.otlp_http ?? ""}/v1/traces`, "gzip", 1);
    const { trace, spans } = await client.trace(traceId);
    expect(trace.span_count).toBe(3);
    const call = spans.find(({ kind }) => kind === "LLM");
    expect(JSON.stringify(call)).toContain("本はどこ");
    expect(spans.find(({ kind }) => kind === "TOOL")).toMatchObject({ status: "error", status_message: "shelf 9 is being repaired" });
  });

  test("words of the conversation are found, in any script", async () => {
    await runApplication("http", `${server.url}/v1/traces`, "none", 1);
    const projectId = await client.projectId("otel-http");
    for (const text of ["dónde", "libro", "本はどこ"]) expect((await client.search({ project_ids: [projectId], text })).data, text).not.toEqual([]);
    expect((await client.search({ project_ids: [projectId], text: "biblioteca" })).data).toEqual([]);
  });
});

async function runApplication(protocol: string, endpoint: string, compression: string, count: number): Promise<string[]> {
  const script = join(import.meta.dirname, "otel_application.py");
  const { stdout, stderr } = await run(python ?? "", [script, protocol, endpoint, compression, String(count)], { timeout: 60_000 });
  const result = JSON.parse(stdout) as { flushed: boolean; trace_ids: string[] };
  expect(result.flushed).toBe(true);
  expect(stderr).toBe(""); // exporters log what the server refused
  return result.trace_ids;
}
