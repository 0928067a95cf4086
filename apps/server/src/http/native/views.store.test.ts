import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Metadata, openMetadata } from "@telltale/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ViewOut } from "@telltale/model/api";
import { appUnderTest, type AppUnderTest } from "../app-under-test.ts";

const dataDir = mkdtempSync(join(tmpdir(), "telltale-views-"));
let metadata: Metadata;
let under: AppUnderTest;
beforeAll(async () => {
  metadata = await openMetadata({ dataDir });
  under = await appUnderTest({ views: metadata.views, projects: metadata.projects });
});
afterAll(async () => {
  await under.app.close();
  await metadata.close();
  rmSync(dataDir, { recursive: true });
});

const ask = (method: "GET" | "POST" | "PATCH" | "DELETE", url: string, { person, payload }: { person?: string; payload?: object } = {}) =>
  under.app.inject({
    method,
    url: `/api/v1${url}`,
    ...(person === undefined ? {} : { headers: { "x-telltale-person": person } }),
    ...(payload === undefined ? {} : { payload }),
  });
const slow = { name: "Slow", page: "traces", state: { q: "duration_ms > 5000", sort: "-duration_ms", cols: "input,duration" } };
const names = async (person?: string, query = "") =>
  (await ask("GET", `/views${query}`, person === undefined ? {} : { person })).json().data.map(({ name }: ViewOut) => name);

test("a private view is its owner's alone until it is shared", async () => {
  const made = await ask("POST", "/views", { person: "ada", payload: slow });
  expect(made.statusCode).toBe(201);
  const view = ViewOut.parse(made.json());
  expect(view).toMatchObject({ ...slow, visibility: "private", project_id: null, is_mine: true });
  expect(made.body).not.toContain("ada");

  expect(await names("ada")).toEqual(["Slow"]);
  expect(await names("bob")).toEqual([]);
  expect(await names()).toEqual([]);
  for (const [method, payload] of [
    ["PATCH", { name: "Mine now" }],
    ["DELETE", undefined],
  ] as const) {
    const refused = await ask(method, `/views/${view.id}`, { person: "bob", ...(payload === undefined ? {} : { payload }) });
    expect(refused.statusCode).toBe(404);
    expect(refused.json().type).toBe("urn:telltale:error:view_not_found");
  }

  expect((await ask("PATCH", `/views/${view.id}`, { person: "ada", payload: { visibility: "shared" } })).statusCode).toBe(200);
  expect(await names("bob")).toEqual(["Slow"]);
  const renamed = await ask("PATCH", `/views/${view.id}`, { person: "bob", payload: { name: " Slow ones ", state: { range: "24h" } } });
  expect(renamed.json()).toMatchObject({ name: "Slow ones", state: { range: "24h" }, is_mine: false, visibility: "shared" });

  const taken = await ask("PATCH", `/views/${view.id}`, { person: "bob", payload: { visibility: "private" } });
  expect(taken.statusCode).toBe(403);
  expect((await ask("PATCH", `/views/${view.id}`, { person: "ada", payload: { visibility: "private" } })).statusCode).toBe(200);
  expect((await ask("DELETE", `/views/${view.id}`, { person: "ada" })).statusCode).toBe(204);
  expect(await names("ada")).toEqual([]);
});

test("a page lists its own, by name and page by page", async () => {
  for (const name of ["b", "a", "c"]) await ask("POST", "/views", { payload: { ...slow, name, visibility: "shared" } });
  await ask("POST", "/views", { payload: { name: "of another page", page: "settings/prices", state: {}, visibility: "shared" } });
  expect(await names(undefined, "?page=traces")).toEqual(["a", "b", "c"]);
  const first = (await ask("GET", "/views?page=traces&limit=2")).json();
  expect(first.data.map(({ name }: ViewOut) => name)).toEqual(["a", "b"]);
  expect(await names(undefined, `?page=traces&limit=2&cursor=${first.next_cursor}`)).toEqual(["c"]);
});

test("a view that belongs to a project goes with it", async () => {
  const project = await metadata.projects.create({ name: "short-lived" });
  const view = (await ask("POST", "/views", { payload: { ...slow, name: "there", visibility: "shared", project_id: project.id } })).json();
  expect(view.project_id).toBe(project.id);
  expect((await ask("PATCH", `/views/${view.id}`, { payload: { project_id: "77" } })).json().type).toBe("urn:telltale:error:project_not_found");
  await metadata.projects.remove(project.id);
  expect((await ask("PATCH", `/views/${view.id}`, { payload: { name: "gone" } })).statusCode).toBe(404);
});

test.each([
  ["no owner for a private one", slow, "x-telltale-person"],
  ["no name", { ...slow, name: "  ", visibility: "shared" }, "body.name"],
  ["a page that is no path", { ...slow, page: "../etc", visibility: "shared" }, "body.page"],
  ["a state that is no text", { ...slow, state: { q: 1 }, visibility: "shared" }, "body.state.q"],
  ["a key that no URL has", { ...slow, state: { "a b": "1" }, visibility: "shared" }, "body.state.a b"],
  ["a state without end", { ...slow, state: { q: "x".repeat(20_000), r: "x".repeat(15_000) }, visibility: "shared" }, "body.state"],
  ["a field that is a typo", { ...slow, colour: "red", visibility: "shared" }, "body"],
  ["a project that is none", { ...slow, project_id: "1e3", visibility: "shared" }, "project_id"],
])("refused: %s", async (_what, payload, field) => {
  const answer = await ask("POST", "/views", { payload });
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.statusCode).toBeLessThan(500);
  expect(answer.json().errors[0].field).toBe(field);
});

test("one person's private views are bounded", async () => {
  for (let index = 0; index < 500; index += 1)
    await metadata.views.create({ name: `v${index}`, page: "traces", state: {}, visibility: "private", owner: "collector", projectId: null });
  const answer = await ask("POST", "/views", { person: "collector", payload: slow });
  expect(answer.json()).toMatchObject({ status: 409, type: "urn:telltale:error:too_many", detail: expect.stringContaining("500 private views") });
  expect((await ask("POST", "/views", { person: "somebody else", payload: slow })).statusCode).toBe(201);
});
