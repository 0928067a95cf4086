import { existsSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../load/free-port.ts";
import { type RunningServer, runCli, startServer } from "../load/server.ts";

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => server.dispose());

test("a second process on the same data folder is refused with one clear line, and the first goes on", async () => {
  const ports = ["--port", String(await freePort()), "--otlp-grpc-port", "0", "--otlp-http-port", "0"];
  const { code, output } = await runCli(["serve", ...ports, "--data", server.data]);
  expect(code).toBe(1);
  const lines = output.trim().split("\n");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(server.data);
  expect(lines[0]).toContain(String(server.ready.pid));
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

test("a wrong flag ends with code 2 and one line", async () => {
  const { code, output } = await runCli(["serve", "--port", "seventy"]);
  expect(code).toBe(2);
  expect(output.trim().split("\n")).toHaveLength(1);
});

test("SIGTERM ends it with code 0, and its children with it", async () => {
  const stopped = await startServer();
  const data = stopped.data;
  expect(existsSync(data)).toBe(true);
  const startedMs = performance.now();
  expect(await stopped.stop()).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(10_000);
  const again = await startServer({ data });
  expect(again.isRunning).toBe(true);
  await again.dispose();
  await stopped.dispose();
});
