import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Metadata, openMetadata } from "@telltale/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appUnderTest, type AppUnderTest } from "../app-under-test.ts";
import { fakeServer, type FakeServer } from "./mlflow-app.fake.ts";

const dir = mkdtempSync(join(tmpdir(), "telltale-review-mlflow-"));
let metadata: Metadata;
let server: FakeServer;
let native: AppUnderTest;
let id = "";
beforeAll(async () => {
  metadata = await openMetadata({ dataDir: dir });
  server = await fakeServer(undefined, { labelSchemas: metadata.labelSchemas, reviewQueues: metadata.reviewQueues, reviewItems: metadata.reviewItems });
  native = await appUnderTest({ reviewQueues: metadata.reviewQueues, reviewItems: metadata.reviewItems, labelSchemas: metadata.labelSchemas });
  // The experiments of the fake and of the database are the same by number.
  ({ experiment_id: id } = (await server.call("POST", "/api/2.0/mlflow/experiments/create", { name: "shop" })).json as { experiment_id: string });
  while (!(await metadata.projects.find(id))) await metadata.projects.create({ name: `shop ${Math.random()}` });
});
afterAll(async () => {
  await server.close();
  await native.app.close();
  await metadata.close();
  rmSync(dir, { recursive: true });
});

const schemas = "/api/3.0/mlflow/label-schemas";
const queues = "/api/3.0/mlflow/review-queues";
interface Sent {
  label_schema: { schema_id: string; name: string };
  review_queue: { queue_id: string; schema_ids: string[] };
}
const post = async (url: string, body: object): Promise<Sent> => (await server.call("POST", url, body)).json as Sent;
const refusal = async (url: string, body: object, method: "POST" | "PATCH" | "DELETE" = "POST") => {
  const { status, json } = await server.call(method, url, body);
  return { status, ...(json as { error_code: string; message: string }) };
};
const nativeQueue = async (queueId: string): Promise<unknown> => {
  const hex = queueId.slice(3);
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  return (await native.app.inject({ method: "GET", url: `/api/v1/review-queues/${uuid}` })).json();
};
let made = 0;
const newSchema = async (fields: object): Promise<string> =>
  (await post(`${schemas}/create`, { experiment_id: id, name: `question ${(made += 1)}`, type: "FEEDBACK", ...fields })).label_schema.schema_id;

test.each([
  [{ pass_fail: { positive_label: "Right", negative_label: "Wrong" } }, { kind: "pass_fail", positive_label: "Right", negative_label: "Wrong" }],
  [{ categorical: { options: ["a", "b"], multi_select: true } }, { kind: "categorical", options: ["a", "b"], multi_select: true }],
  [{ numeric: { min_value: 0 } }, { kind: "numeric", min: 0, max: null }],
  [{ text: {} }, { kind: "text", max_length: null }],
])("a schema with %j is the same on both sides", async (input, ours) => {
  const schemaId = await newSchema({ input, type: "EXPECTATION", instruction: "Look well" });
  const { label_schema: schema } = (await server.call("GET", `${schemas}/get?schema_id=${schemaId}`)).json as { label_schema: object };
  expect(schema).toMatchObject({ schema_id: schemaId, experiment_id: id, type: "EXPECTATION", input, instruction: "Look well", is_default: false });
  expect((await native.app.inject({ method: "GET", url: `/api/v1/label-schemas/${schemaId}` })).json()).toMatchObject({ type: "expectation", input: ours });
});

test("an update leaves what it does not name, and what labels are made of", async () => {
  const schemaId = await newSchema({ input: { numeric: { min_value: 0 } }, instruction: "Look well", enable_comment: true });
  const { json } = await server.call("PATCH", `${schemas}/update`, { schema_id: schemaId, name: "renamed" });
  expect(json).toMatchObject({ label_schema: { name: "renamed", instruction: "Look well", enable_comment: true, input: { numeric: { min_value: 0 } } } });
  expect(await refusal(`${schemas}/update`, { schema_id: schemaId, input: { text: {} } }, "PATCH")).toMatchObject({ error_code: "INVALID_PARAMETER_VALUE" });
});

test("the list has the schema that every experiment has, page by page; it is neither changed nor deleted", async () => {
  const names: string[] = [];
  let token = "";
  do {
    const url = `${schemas}/list?experiment_id=${id}&max_results=2${token === "" ? "" : `&page_token=${encodeURIComponent(token)}`}`;
    const page = (await server.call("GET", url)).json as { label_schemas: { name: string; is_default: boolean }[]; next_page_token?: string };
    names.push(...page.label_schemas.map((schema) => schema.name));
    token = page.next_page_token ?? "";
  } while (token !== "");
  expect(names.filter((name) => name === "Feedback")).toHaveLength(1);
  expect(names.length).toBeGreaterThan(2);
  const { label_schema: own } = (await server.call("GET", `${schemas}/get-by-name?experiment_id=${id}&name=Feedback`)).json as Sent;
  expect(own).toMatchObject({ is_default: true, input: { text: {} }, instruction: "Share any feedback on this trace." });
  expect(await refusal(`${schemas}/update`, { schema_id: own.schema_id, name: "x" }, "PATCH")).toMatchObject({ error_code: "INVALID_PARAMETER_VALUE" });
  expect(await refusal(`${schemas}/delete`, { schema_id: own.schema_id }, "DELETE")).toMatchObject({ error_code: "INVALID_PARAMETER_VALUE" });
  expect((await server.call("DELETE", `${schemas}/delete`, { schema_id: "ls-none" })).json).toEqual({});
});

test.each<[object, string]>([
  [{ name: "FEEDBACK", type: "FEEDBACK", input: { text: {} } }, "is kept for the schema"],
  [{ name: "x", type: "SOMETHING", input: { text: {} } }, "'type'"],
  [{ name: "x", type: "FEEDBACK", input: {} }, "exactly one of"],
  [{ name: "x", type: "FEEDBACK", input: { numeric: { min_value: 2, max_value: 1 } } }, "is not below max"],
  [{ name: "x", type: "FEEDBACK", input: { categorical: { options: ["a", "a"] } } }, "names an option twice"],
])("no schema: %j", async (fields, message) => {
  const said = await refusal(`${schemas}/create`, { experiment_id: id, ...fields });
  expect(said).toMatchObject({ status: 400, error_code: "INVALID_PARAMETER_VALUE", message: expect.stringContaining(message) });
});

test("a queue that a client makes is one of ours, with its questions in their order", async () => {
  const expected = await newSchema({ type: "EXPECTATION", input: { text: {} } });
  const several = await newSchema({ input: { categorical: { options: ["a", "b"], multi_select: true } } });
  const one = await newSchema({ name: "tone", input: { categorical: { options: ["kind"] } } });
  const { review_queue: queue } = await post(`${queues}/create`, { experiment_id: id, name: "Week 47", queue_type: "CUSTOM", users: [" Ada", "ada", "bob"], schema_ids: [expected, several, one] }); // prettier-ignore
  expect(queue).toMatchObject({ experiment_id: id, name: "Week 47", queue_type: "CUSTOM", users: ["ada", "bob"], schema_ids: [expected, several, one] });
  expect(await nativeQueue(queue.queue_id)).toMatchObject({
    name: "Week 47",
    project_id: id,
    purpose: "interesting",
    assignees: ["ada", "bob"],
    questions: [
      { type: "expectation", answer: { kind: "text" } },
      { type: "feedback", answer: { kind: "categories", values: ["a", "b"], multiple: true } },
      { name: "tone", answer: { kind: "categories", values: ["kind"] } },
    ],
  });
  expect(await refusal(`${queues}/create`, { experiment_id: id, name: "week 47", queue_type: "CUSTOM" })).toMatchObject({ error_code: "RESOURCE_ALREADY_EXISTS" }); // prettier-ignore
  expect((await server.call("GET", `${queues}/get-by-name?experiment_id=${id}&name=WEEK%2047`)).json).toEqual({ review_queue: queue });

  const number = await newSchema({ name: "stars", input: { numeric: { min_value: 1, max_value: 5 } } });
  const { review_queue: changed } = await post(`${queues}/update`, { queue_id: queue.queue_id, name: "Stars", update_schema_ids: true, schema_ids: [number], new_owner: "Eve" }); // prettier-ignore
  expect(changed).toMatchObject({ name: "Stars", schema_ids: [number], created_by: "Eve", users: ["ada", "bob"] });
  expect(await nativeQueue(queue.queue_id)).toMatchObject({ label: "stars", answer: { kind: "number", min: 1, max: 5 } });
  expect((await server.call("POST", `${queues}/delete`, { queue_id: queue.queue_id })).json).toEqual({});
  expect((await server.call("GET", `${queues}/get?queue_id=${queue.queue_id}`)).json).toMatchObject({ error_code: "RESOURCE_DOES_NOT_EXIST" });
});

test("a queue that was made here is listed with the schema of its label as its question", async () => {
  const schemaId = await newSchema({ name: "polite", input: { pass_fail: { positive_label: "Yes", negative_label: "No" } } });
  await native.app.inject({ method: "POST", url: "/api/v1/review-queues", payload: { project_id: id, name: "ours", label: "polite" } });
  const { review_queues: listed } = (await server.call("GET", `${queues}/list?experiment_id=${id}`)).json as { review_queues: object[] };
  expect(listed).toContainEqual(expect.objectContaining({ name: "ours", queue_type: "CUSTOM", users: [], schema_ids: [schemaId] }));
});

test("a person's worklist is made once, however many ask for it, and stays as it is", async () => {
  const asked = await Promise.all(Array.from({ length: 4 }, () => post(`${queues}/get-or-create-user`, { experiment_id: id, user: " Mara " })));
  expect(new Set(asked.map(({ review_queue: queue }) => queue.queue_id)).size).toBe(1);
  expect(asked[0]?.review_queue).toMatchObject({ name: "mara", queue_type: "USER", users: ["mara"], schema_ids: [], created_by: "mara" });
  const { queue_id: queueId } = asked[0]?.review_queue ?? { queue_id: "" };
  expect(await refusal(`${queues}/update`, { queue_id: queueId, name: "x" })).toMatchObject({ error_code: "INVALID_PARAMETER_VALUE" });
  const { review_queues: hers } = (await server.call("GET", `${queues}/list?experiment_id=${id}&user=MARA`)).json as { review_queues: object[] };
  expect(hers).toEqual([asked[0]?.review_queue]);
});

test("traces are added, reviewed on either side, reopened and taken out", async () => {
  const traceIds = ["a".repeat(32), "b".repeat(32)].map((hex) => `tr-${hex}`);
  for (const traceId of traceIds) {
    const info = { trace_id: traceId, trace_location: { type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: id } }, state: "OK", request_time: "2026-11-23T09:00:00Z" }; // prettier-ignore
    expect((await server.call("POST", "/api/3.0/mlflow/traces", { trace: { trace_info: info } })).status).toBe(200);
  }
  const { review_queue: queue } = await post(`${queues}/create`, { experiment_id: id, name: "items", queue_type: "CUSTOM" });
  const queueId = queue.queue_id;
  const listed = async (status = "") =>
    ((await server.call("GET", `${queues}/items/list?queue_id=${queueId}${status}`)).json as { items: { item_id: string; status: string }[] }).items;
  expect(await refusal(`${queues}/items/add`, { queue_id: queueId, item_ids: [traceIds[0], "tr-none"] })).toMatchObject({ status: 404 });
  expect(await listed()).toEqual([]);
  const added = await server.call("POST", `${queues}/items/add`, { queue_id: queueId, item_ids: traceIds, item_type: "TRACE" });
  expect(added.json).toMatchObject({ items: traceIds.map((item_id) => ({ queue_id: queueId, item_id, item_type: "TRACE", status: "PENDING" })) });
  expect(await refusal(`${queues}/update`, { queue_id: queueId, update_schema_ids: true })).toMatchObject({ message: expect.stringContaining("locked") });

  const set = (status: string, by?: string) => server.call("POST", `${queues}/items/set-status`, { queue_id: queueId, item_id: traceIds[0], status, completed_by: by }); // prettier-ignore
  expect((await set("COMPLETE")).json).toMatchObject({ error_code: "INVALID_PARAMETER_VALUE" });
  expect((await set("COMPLETE", "Ada")).json).toMatchObject({ item: { status: "COMPLETE", completed_by: "ada" } });
  expect((await set("COMPLETE", "bob")).json).toMatchObject({ item: { completed_by: "ada" } });
  expect(await nativeQueue(queueId)).toMatchObject({ progress: { pending: 1, done: 1, skipped: 0 } });
  const reopened = (await set("PENDING")).json as { item: object };
  expect(reopened.item).toMatchObject({ status: "PENDING" });
  expect(reopened.item).not.toHaveProperty("completed_by");
  await set("DECLINED", "bob");
  expect((await listed("&status=DECLINED")).map((item) => item.item_id)).toEqual([traceIds[0]]);
  expect(await nativeQueue(queueId)).toMatchObject({ progress: { pending: 1, done: 0, skipped: 1 } });

  const { review_queues: holding } = (await server.call("GET", `${queues}/list?experiment_id=${id}&item_id=${traceIds[1]}`)).json as {
    review_queues: object[];
  };
  expect(holding).toMatchObject([{ queue_id: queueId }]);
  await post(`${queues}/items/remove`, { queue_id: queueId, item_ids: traceIds });
  expect(await listed()).toEqual([]);
});
