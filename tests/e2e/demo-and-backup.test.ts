import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ServerInfo, SloStatusOut } from "@telltale/model/api";
import { Client } from "../load/client.ts";
import { type RunningServer, runCli, startServer } from "../load/server.ts";
import { encodeRequest, makeTrace } from "../load/spans.ts";

let folder: string;
let server: RunningServer;
let client: Client;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "telltale-demo-"));
  server = await startServer({ data: join(folder, "data") });
  client = new Client(server.url);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const cli = async (...args: string[]) => runCli(args, { TELLTALE_URL: server.url });
const demo = async () => (await client.get<ServerInfo>("/api/v1/server")).demo;

test("telltale demo fills a project of its own in seconds; a second one is refused", async () => {
  const startedMs = performance.now();
  const { code, output } = await cli("demo", "--json");
  expect(code, output).toBe(0);
  expect(performance.now() - startedMs).toBeLessThan(30_000);
  const { state, project_id: projectId } = await demo();
  expect(state).toBe("present");
  const page = await client.search({ project_ids: [projectId ?? ""], limit: 500, include: ["count", "facets"] });
  expect(page.count).toBeGreaterThan(2500);
  const values = (field: string) => page.facets?.find((facet) => facet.field === field)?.values.map(({ value }) => value) ?? [];
  expect(values("service")).toEqual(expect.arrayContaining(["support-bot", "trip-agent", "dev-assistant", "ticket-digest"]));
  expect(values("version")).toContain("v2.4.0");
  expect(page.data.some(({ assessments }) => assessments.some(({ name }) => name === "groundedness"))).toBe(true);
  expect(page.data.some(({ unpriced_calls: unpriced }) => unpriced > 0)).toBe(true);
  expect(page.data.every(({ llm_calls: calls, tokens }) => calls === 0 || tokens.total === null || tokens.total > 0)).toBe(true);
  const slos = (await client.get<{ data: { id: string }[] }>(`/api/v1/slos?project_id=${projectId ?? ""}`)).data;
  const states = await Promise.all(slos.map(({ id }) => client.get<SloStatusOut>(`/api/v1/slos/${id}/status`)));
  expect(states.map(({ total, bad }) => total > 500 && bad > 0)).toEqual([true, true]); // there is something to see
  expect((await cli("demo")).code).toBe(1);
});

test("telltale demo --remove leaves nothing of it, and everything else alone", async () => {
  const own = makeTrace();
  await client.send(encodeRequest([own], { project: "Own" }));
  const { project_id: projectId } = await demo();
  const { code, output } = await cli("demo", "--remove");
  expect(code, output).toBe(0);
  expect((await demo()).state).toBe("absent");
  expect((await client.search({ include: ["count"] })).data.map(({ trace_id }) => trace_id)).toEqual([own.traceId]);
  expect(await client.get("/api/v1/slos")).toMatchObject({ data: [] });
  const { data } = await client.get<{ data: { id: string }[] }>("/api/v1/projects");
  expect(data.map(({ id }) => id)).not.toContain(projectId);
});

test("what a backup holds is there again after restoring it elsewhere", async () => {
  const traces = Array.from({ length: 30 }, () => makeTrace());
  await client.send(encodeRequest(traces, { project: "Kept" }));
  const before = await client.searchAll({ project_ids: [await client.projectId("Kept")] });
  const detail = await client.trace(traces[0]?.traceId ?? "");
  expect(before).toHaveLength(30);
  await server.stop();

  const file = join(folder, "backup.tar.gz");
  const made = await runCli(["backup", file, "--data", server.data]);
  expect(made.code, made.output).toBe(0);
  const restored = await runCli(["restore", file, "--data", join(folder, "restored")]);
  expect(restored.code, restored.output).toBe(0);

  server = await startServer({ data: join(folder, "restored") });
  client = new Client(server.url);
  expect(await client.searchAll({ project_ids: [await client.projectId("Kept")] })).toEqual(before);
  expect(await client.trace(traces[0]?.traceId ?? "")).toEqual(detail);
});
