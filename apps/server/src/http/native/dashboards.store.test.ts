import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Metadata, openMetadata } from "@telltale/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DashboardFile, DashboardOut, DashboardSummary } from "@telltale/model/api";
import { appUnderTest, type AppUnderTest } from "../app-under-test.ts";

const dataDir = mkdtempSync(join(tmpdir(), "telltale-dashboards-"));
let metadata: Metadata;
let under: AppUnderTest;
beforeAll(async () => {
  metadata = await openMetadata({ dataDir });
  under = await appUnderTest({ dashboards: metadata.dashboards, projects: metadata.projects });
});
afterAll(async () => {
  await under.app.close();
  await metadata.close();
  rmSync(dataDir, { recursive: true });
});

const ask = (method: "GET" | "POST" | "PATCH" | "DELETE", url: string, payload?: object) =>
  under.app.inject({ method, url: `/api/v1/dashboards${url}`, ...(payload === undefined ? {} : { payload }) });
const tile = {
  id: "latency",
  title: "Latency",
  kind: "line",
  queries: [{ metric: "latency_ms", aggregations: ["p50", "p95"], filter: "has_error = false" }],
  layout: { x: 0, y: 0, w: 6, h: 4 },
};
const note = { id: "note", title: "", kind: "text", text: "# Read me", layout: { x: 6, y: 0, w: 6, h: 4 } };
const operations = { name: "Operations", time: { range: "24h" }, filter: "environment = 'production'", refresh_s: 30, tiles: [tile, note] };

test("created, listed, read, changed, deleted", async () => {
  const made = await ask("POST", "", operations);
  expect(made.statusCode).toBe(201);
  const dashboard = DashboardOut.parse(made.json());
  expect(dashboard).toMatchObject({ ...operations, version: 1, project_id: null, description: "" });

  const listed = (await ask("GET", "")).json().data.map((entry: unknown) => DashboardSummary.parse(entry));
  expect(listed).toMatchObject([{ id: dashboard.id, name: "Operations", tile_count: 2 }]);
  expect(listed[0]).not.toHaveProperty("tiles");

  const changed = await ask("PATCH", `/${dashboard.id}`, { version: 1, name: "Ops", tiles: [note] });
  expect(changed.json()).toMatchObject({ name: "Ops", version: 2, tiles: [note], filter: operations.filter, refresh_s: 30 });
  expect((await ask("GET", `/${dashboard.id}`)).json()).toEqual(changed.json());

  expect((await ask("DELETE", `/${dashboard.id}`)).statusCode).toBe(204);
  for (const method of ["GET", "DELETE"] as const)
    expect((await ask(method, `/${dashboard.id}`)).json()).toMatchObject({ status: 404, type: "urn:telltale:error:dashboard_not_found" });
});

test("of two who change the same version one is told, and what the other wrote stays", async () => {
  const { id } = (await ask("POST", "", operations)).json();
  const answers = await Promise.all(["Left", "Right", "Middle"].map((name) => ask("PATCH", `/${id}`, { version: 1, name })));
  expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([200, 409, 409]);
  const winner = answers.find(({ statusCode }) => statusCode === 200)?.json();
  const refused = answers.find(({ statusCode }) => statusCode === 409)?.json();
  expect(refused).toMatchObject({ type: "urn:telltale:error:version_conflict", errors: [{ field: "version" }] });
  expect(refused.detail).toContain(`"${winner.name}" meanwhile: it is at version 2, this change was made to version 1`);
  expect((await ask("GET", `/${id}`)).json()).toEqual(winner);
  await ask("DELETE", `/${id}`);
});

test("an export is imported as it was, and says which schema it is of", async () => {
  const project = await metadata.projects.create({ name: "elsewhere" });
  const { id } = (await ask("POST", "", { ...operations, project_id: project.id })).json();
  const exported = await ask("GET", `/${id}/export`);
  expect(exported.headers["content-disposition"]).toBe('attachment; filename="operations.dashboard.json"');
  const file = DashboardFile.parse(exported.json());
  expect(file).toEqual({ format: "telltale.dashboard", schema_version: 1, dashboard: { ...operations, description: "" } });

  const imported = await ask("POST", `/import?project_id=${project.id}`, file);
  expect(imported.statusCode).toBe(201);
  expect(imported.json()).toMatchObject({ ...operations, version: 1, project_id: project.id });
  expect(imported.json().id).not.toBe(id);
  expect((await ask("GET", `?project_id=0`)).json().data).toEqual([]);
  expect((await ask("GET", `?project_id=${project.id}`)).json().data).toHaveLength(2);

  const newer = await ask("POST", "/import", { ...file, schema_version: 2 });
  expect(newer.json()).toMatchObject({ status: 400, detail: expect.stringContaining("reads dashboards of schema_version 1") });
  await metadata.projects.remove(project.id);
  expect((await ask("GET", `/${id}`)).statusCode).toBe(404);
});

test.each<[string, object, string]>([
  ["no name", { ...operations, name: "" }, "body.name"],
  ["a metric that is none", { ...operations, tiles: [{ ...tile, queries: [{ metric: "happiness" }] }] }, "body.tiles.0.queries.0.metric"],
  ["a window in a query", { ...operations, tiles: [{ ...tile, queries: [{ metric: "tokens", from: "2026-11-23T00:00:00Z" }] }] }, "body.tiles.0.queries.0"],
  ["a chart without query", { ...operations, tiles: [{ ...tile, queries: [] }] }, "body.tiles.0.queries"],
  ["a tile beside the grid", { ...operations, tiles: [{ ...tile, layout: { x: 8, y: 0, w: 6, h: 4 } }] }, "body.tiles.0.layout"],
  ["two tiles of one id", { ...operations, tiles: [tile, tile] }, "body.tiles"],
  ["a tile of no kind", { ...operations, tiles: [{ ...tile, kind: "pie" }] }, "body.tiles.0.kind"],
  ["a filter with a mistake", { ...operations, filter: "cots_usd > 1" }, "body.filter"],
  [
    "a tile whose filter has a mistake",
    { ...operations, tiles: [note, { ...tile, queries: [{ metric: "tokens", filter: "status = " }] }] },
    "body.tiles.1.queries.0.filter",
  ],
  [
    "an order that is not computed",
    { ...operations, tiles: [{ ...tile, queries: [{ metric: "tokens", aggregations: ["sum"], order_by: "max" }] }] },
    "body.tiles.0.queries.0.order_by",
  ],
  ["a project that is not there", { ...operations, project_id: "4711" }, "project_id"],
])("refused: %s", async (_what, payload, field) => {
  const answer = await ask("POST", "", payload);
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.statusCode).toBeLessThan(500);
  expect(answer.json().errors[0].field).toBe(field);
});
