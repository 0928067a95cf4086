import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeServer, START_MS, type Answer, type FakeServer } from "./mlflow-app.fake.ts";

let server: FakeServer;
beforeEach(async () => {
  server = await fakeServer();
});
afterEach(() => server.close());

const api = "/api/2.0/mlflow/experiments";
const post = (verb: string, body: unknown): Promise<Answer> => server.call("POST", `${api}/${verb}`, body);

async function create(name: string, tags: Record<string, string> = {}): Promise<string> {
  const answer = await post("create", { name, tags: Object.entries(tags).map(([key, value]) => ({ key, value })) });
  return (answer.json as { experiment_id: string }).experiment_id;
}

test("Default is there for clients that never call set_experiment", async () => {
  const answer = await server.call("GET", `${api}/get?experiment_id=0`);
  expect(answer.json).toEqual({
    experiment: {
      experiment_id: "0",
      name: "Default",
      artifact_location: "mlflow-artifacts:/0",
      lifecycle_stage: "active",
      last_update_time: START_MS,
      creation_time: START_MS,
      workspace: "default",
    },
  });
});

test("a name is taken once: 400 RESOURCE_ALREADY_EXISTS, without anything of the database", async () => {
  await create("shop");
  const answer = await post("create", { name: "shop" });
  expect([answer.status, answer.json]).toMatchObject([400, { error_code: "RESOURCE_ALREADY_EXISTS", message: "Experiment(name=shop) already exists." }]);
  expect((await post("update", { experiment_id: "0", new_name: "shop" })).status).toBe(400);
});

test("rename, delete, restore; a deleted one is found and can only be restored", async () => {
  const id = await create("shop");
  expect((await post("update", { experiment_id: id, new_name: "shop 2" })).json).toEqual({});
  expect((await post("delete", { experiment_id: id })).json).toEqual({});
  const found = await server.call("GET", `${api}/get-by-name?experiment_name=shop%202`);
  expect(found.json).toMatchObject({ experiment: { experiment_id: id, lifecycle_stage: "deleted" } });
  expect((await post("update", { experiment_id: id, new_name: "x" })).status).toBe(400);
  expect((await post("set-experiment-tag", { experiment_id: id, key: "a", value: "b" })).status).toBe(400);
  expect((await post("restore", { experiment_id: id })).json).toEqual({});
  expect((await post("restore", { experiment_id: id })).status).toBe(400);
});

test("tags", async () => {
  const id = await create("shop", { team: "a" });
  expect((await post("set-experiment-tag", { experiment_id: id, key: "stage", value: "" })).json).toEqual({});
  const read = async (): Promise<unknown> =>
    ((await server.call("GET", `${api}/get?experiment_id=${id}`)).json as { experiment: { tags?: unknown } }).experiment.tags;
  expect(await read()).toEqual([
    { key: "team", value: "a" },
    { key: "stage", value: "" },
  ]);
  expect((await post("delete-experiment-tag", { experiment_id: id, key: "team" })).json).toEqual({});
  expect((await post("delete-experiment-tag", { experiment_id: id, key: "team" })).status).toBe(404);
  expect(await read()).toEqual([{ key: "stage", value: "" }]);
});

test.each([
  ["get-by-name", "GET", `${api}/get-by-name?experiment_name=no`, 404, "Could not find experiment with name 'no'"],
  ["get", "GET", `${api}/get?experiment_id=99`, 404, "No Experiment with id=99 exists"],
  [
    "get without id",
    "GET",
    `${api}/get`,
    400,
    "Missing value for required parameter 'experiment_id'. See the API docs for more information about request parameters.",
  ],
] as const)("says what is missing: %s", async (_what, method, url, status, message) => {
  const answer = await server.call(method, url);
  expect([answer.status, (answer.json as { message: string }).message]).toEqual([status, message]);
});

test.each([[{ name: "" }], [{}], [{ name: 123 }], [{ name: "n".repeat(501) }], [{ name: "x", tags: [{ value: "v" }] }]])("create refuses %j", async (body) => {
  expect((await post("create", body)).status).toBe(400);
});

interface Found {
  experiments?: { name: string }[];
  next_page_token?: string;
}

async function names(search: Record<string, unknown>): Promise<string[]> {
  const answer = await post("search", { max_results: 100, ...search });
  expect(answer.status, answer.text).toBe(200);
  return ((answer.json as Found).experiments ?? []).map((experiment) => experiment.name);
}

test("searches by name, id, tags and time", async () => {
  server.setNow(START_MS + 1000);
  await create("shop-a", { team: "x" });
  server.setNow(START_MS + 2000);
  await create("Shop-b", { team: "y", "with.dot": "1" });
  expect(await names({})).toEqual(["Shop-b", "shop-a", "Default"]);
  expect(await names({ filter: "name LIKE 'shop%'" })).toEqual(["shop-a"]);
  expect(await names({ filter: "name ILIKE 'shop-_' and tags.team != 'x'" })).toEqual(["Shop-b"]);
  expect(await names({ filter: "tags.`with.dot` = '1'" })).toEqual(["Shop-b"]);
  expect(await names({ filter: "tag.team IS NULL" })).toEqual(["Default"]);
  expect(await names({ filter: `attribute.creation_time > ${START_MS} AND creation_time <= ${START_MS + 1000}` })).toEqual(["shop-a"]);
  expect(await names({ filter: "experiment_id IN ('0', '2')", order_by: ["name ASC"] })).toEqual(["Default", "Shop-b"]);
  expect(await names({ filter: 'name = "Default"' })).toEqual(["Default"]);
  expect(await names({ order_by: ["creation_time"] })).toEqual(["Default", "shop-a", "Shop-b"]);
});

test("sees deleted ones only when asked", async () => {
  await post("delete", { experiment_id: await create("old") });
  expect(await names({})).toEqual(["Default"]);
  expect(await names({ view_type: "DELETED_ONLY" })).toEqual(["old"]);
  expect(await names({ view_type: "ALL", order_by: ["name"] })).toEqual(["Default", "old"]);
});

test("pages by key: what is created in between neither repeats nor hides anything", async () => {
  for (let i = 0; i < 4; i += 1) {
    server.setNow(START_MS + i);
    await create(`e${i}`);
  }
  const first = (await post("search", { max_results: 2 })).json as Found;
  server.setNow(START_MS + 100);
  await create("newer");
  const second = (await post("search", { max_results: 2, page_token: first.next_page_token })).json as Found;
  const third = (await server.call("GET", `${api}/search?max_results=2&page_token=${second.next_page_token ?? ""}`)).json as Found;
  expect([first, second, third].map((page) => page.experiments?.map((experiment) => experiment.name))).toEqual([["e3", "e2"], ["e1", "Default"], ["e0"]]);
  expect(third.next_page_token).toBeUndefined();
});

test.each([
  { filter: "name ~ 'x'" },
  { filter: "name = 'a' OR name = 'b'" },
  { filter: "name = a" },
  { filter: "name = 'a' extra" },
  { filter: "nonsense = 'a'" },
  { filter: "creation_time LIKE 'a'" },
  { filter: "creation_time > 'a'" },
  { filter: "name = 5" },
  { filter: "experiment_id IN ('0'" },
  { filter: "'" },
  { filter: " " },
  { order_by: ["size"] },
  { order_by: ["name SIDEWAYS"] },
  { page_token: "%%%" },
  { page_token: Buffer.from("[1]").toString("base64url") },
  { max_results: 0 },
  { view_type: "SOME" },
])("search refuses %j", async (search) => {
  const answer = await post("search", { max_results: 10, ...search });
  expect([answer.status, (answer.json as { error_code: string }).error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
});
