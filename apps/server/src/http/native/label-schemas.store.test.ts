import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LabelSchemaOut } from "@telltale/model/api";
import { type Metadata, openMetadata } from "@telltale/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appUnderTest, type AppUnderTest } from "../app-under-test.ts";

const dataDir = mkdtempSync(join(tmpdir(), "telltale-labels-"));
let metadata: Metadata;
let under: AppUnderTest;
beforeAll(async () => {
  metadata = await openMetadata({ dataDir });
  under = await appUnderTest({ labelSchemas: metadata.labelSchemas });
});
afterAll(async () => {
  await under.app.close();
  await metadata.close();
  rmSync(dataDir, { recursive: true });
});

const ask = (method: "GET" | "POST" | "PATCH" | "DELETE", url = "", payload?: object) =>
  under.app.inject({ method, url: `/api/v1/label-schemas${url}`, ...(payload === undefined ? {} : { payload }) });
const passFail = { kind: "pass_fail", positive_label: "Correct", negative_label: "Wrong" };
const categories = { kind: "categorical", options: ["a", "b"], multi_select: true };

test("the first look makes the schema that every project has, once, and nobody changes it", async () => {
  const { id: project } = await metadata.projects.create({ name: "looked at" });
  const looks = await Promise.all(Array.from({ length: 5 }, () => ask("GET", `?project_id=${project}`)));
  const ids = looks.map((look) => look.json<{ data: LabelSchemaOut[] }>().data.map((schema) => schema.id));
  expect(new Set(ids.flat()).size).toBe(1);
  const [made] = looks[0]?.json<{ data: LabelSchemaOut[] }>().data ?? [];
  expect(made).toMatchObject({ name: "Feedback", type: "feedback", is_default: true, input: { kind: "text", max_length: null } });
  expect((await ask("PATCH", `/${made?.id}`, { instruction: "x" })).json()).toMatchObject({ status: 400, detail: "The label schema Feedback is the project's own and cannot be changed" }); // prettier-ignore
  expect((await ask("DELETE", `/${made?.id}`)).json()).toMatchObject({ status: 400, detail: "The label schema Feedback is the project's own and cannot be deleted" }); // prettier-ignore
});

test("created, listed newest first in its own project only, changed, deleted", async () => {
  const { id: project } = await metadata.projects.create({ name: "life" });
  const made = await ask("POST", "", { project_id: project, name: "correct", input: passFail, instruction: "Is it right?" });
  expect(made.statusCode).toBe(201);
  const schema = LabelSchemaOut.parse(made.json());
  expect(schema).toMatchObject({ type: "feedback", input: passFail, enable_comment: false, is_default: false });
  expect(schema.id).toMatch(/^ls-[0-9a-f]{32}$/);
  await ask("POST", "", { project_id: project, name: "answer", type: "expectation", input: { kind: "text" } });
  const names = async (of: string) => (await ask("GET", `?project_id=${of}`)).json<{ data: LabelSchemaOut[] }>().data.map(({ name }) => name);
  expect((await names(project)).sort()).toEqual(["Feedback", "answer", "correct"]);
  expect(await names("0")).toEqual(["Feedback"]);

  const changed = await ask("PATCH", `/${schema.id}`, { name: "right", input: { ...passFail, positive_label: "Right" }, enable_comment: true });
  expect(changed.json()).toMatchObject({ name: "right", input: { positive_label: "Right" }, enable_comment: true, instruction: "Is it right?" });
  expect((await ask("GET", `/${schema.id}`)).json()).toEqual(changed.json());
  expect((await ask("DELETE", `/${schema.id}`)).statusCode).toBe(204);
  expect((await ask("GET", `/${schema.id}`)).json()).toMatchObject({ status: 404, detail: `There is no label schema with id ${schema.id}` });
});

test("what would make labels unreadable is refused in one sentence", async () => {
  const { id } = (await ask("POST", "", { name: "kinds", input: categories })).json<LabelSchemaOut>();
  const says = async (patch: object) => (await ask("PATCH", `/${id}`, patch)).json<{ detail: string }>().detail;
  expect(await says({ input: passFail })).toBe("The kind of input stays categorical, for labels that exist are of that kind");
  expect(await says({ input: { ...categories, multi_select: false } })).toBe("multi_select stays as it is, for labels that exist are of that kind");
  expect((await ask("PATCH", `/${id}`, { input: { ...categories, options: ["a", "b", "c"] } })).statusCode).toBe(200);
  expect((await ask("PATCH", `/${id}`, { type: "expectation" })).statusCode).toBe(400);
  await ask("POST", "", { name: "other", input: categories });
  expect((await ask("PATCH", `/${id}`, { name: "other" })).json()).toMatchObject({ status: 409, detail: 'A label schema named "other" exists already in this project' }); // prettier-ignore
});

test.each<[object, string]>([
  [{ name: "feedback ", input: passFail }, "body.name: is kept for the schema that every project has"],
  [{ name: "x", input: { ...passFail, negative_label: "Correct" } }, "body.input.negative_label: is the same as positive_label"],
  [{ name: "x", input: { kind: "categorical", options: ["a", "a"] } }, "body.input.options: names an option twice"],
  [{ name: "x", input: { kind: "numeric", min: 5, max: 5 } }, "body.input.min: is not below max"],
])("refuses %j", async (body, detail) => {
  expect((await ask("POST", "", body)).json()).toMatchObject({ status: 400, detail });
});

test.each<[object, string, number]>([
  [{ name: "", input: passFail }, "bad_request", 400],
  [{ name: "x", input: { kind: "categorical", options: [] } }, "bad_request", 400],
  [{ name: "x", input: { kind: "slider" } }, "bad_request", 400],
  [{ name: "x", input: passFail, project_id: "77777" }, "project_not_found", 404],
])("refuses %j with %s", async (body, code, status) => {
  expect((await ask("POST", "", body)).json()).toMatchObject({ status, type: `urn:telltale:error:${code}` });
});
