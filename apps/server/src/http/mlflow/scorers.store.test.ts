import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Metadata, openMetadata } from "@telltale/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fakeServer, type FakeServer } from "./mlflow-app.fake.ts";

const dir = mkdtempSync(join(tmpdir(), "telltale-scorers-"));
let metadata: Metadata;
let server: FakeServer;
let id = "";
beforeAll(async () => {
  metadata = await openMetadata({ dataDir: dir });
  server = await fakeServer(metadata.scorers);
  // The experiments of the fake and of the database are the same by number.
  const { json } = await server.call("POST", "/api/2.0/mlflow/experiments/create", { name: "shop" });
  id = (json as { experiment_id: string }).experiment_id;
  while (!(await metadata.projects.find(id))) await metadata.projects.create({ name: `shop ${Math.random()}` });
});
afterAll(async () => {
  await server.close();
  await metadata.close();
  rmSync(dir, { recursive: true });
});

const path = "/api/3.0/mlflow/scorers";
/** What the real client sent to the real server. */
function recorded(fixture: string): string {
  const file = fileURLToPath(new URL(`../../../../../tests/fixtures/mlflow/${fixture}.json`, import.meta.url));
  const { exchanges } = JSON.parse(readFileSync(file, "utf8")) as { exchanges: { request_body: { serialized_scorer: string } }[] };
  return exchanges[0]?.request_body.serialized_scorer ?? "";
}

test.each(["scorer_register_builtin", "scorer_register_guidelines", "scorer_register_code_builtin", "scorer_register_custom", "judge_register"])(
  "%s is registered, and comes back byte for byte",
  async (fixture) => {
    const serialized = recorded(fixture);
    const registered = await server.call("POST", `${path}/register`, { experiment_id: id, name: fixture, serialized_scorer: serialized });
    expect(registered).toMatchObject({ status: 200, json: { version: 1, experiment_id: id, name: fixture, serialized_scorer: serialized } });
    const got = await server.call("GET", `${path}/get?experiment_id=${id}&name=${fixture}`);
    expect(got.json).toMatchObject({ scorer: { experiment_id: Number(id), scorer_name: fixture, scorer_version: 1, serialized_scorer: serialized } });
  },
);

test("start, update and stop as the client does them: the configuration is replaced whole", async () => {
  const serialized = recorded("scorer_register_code_builtin");
  const name = "length";
  const { json } = await server.call("POST", `${path}/register`, { experiment_id: id, name, serialized_scorer: serialized });
  const { scorer_id: scorerId } = json as { scorer_id: string };
  const configs = async (): Promise<unknown> => (await server.call("GET", `${path}/online-configs?scorer_ids=${scorerId}`)).json;
  expect(await configs()).toEqual({ configs: [] });

  await server.call("PUT", `${path}/online-config`, { experiment_id: id, name, sample_rate: 1, filter_string: "trace.status = 'OK'" });
  expect(await configs()).toMatchObject({ configs: [{ scorer_id: scorerId, sample_rate: 1, experiment_id: id, filter_string: "trace.status = 'OK'" }] });
  expect((await metadata.scorers.active()).map((scorer) => scorer.name)).toEqual([name]);

  const updated = await server.call("PUT", `${path}/online-config`, { experiment_id: id, name, sample_rate: 0.9 });
  expect((updated.json as { config: object }).config).not.toHaveProperty("filter_string");
  await server.call("PUT", `${path}/online-config`, { experiment_id: id, name, sample_rate: 0 });
  expect(await configs()).toMatchObject({ configs: [{ sample_rate: 0 }] });
  expect(await metadata.scorers.active()).toEqual([]);
});

test("every registration is a new version; one of them or all can be deleted", async () => {
  for (const fixture of ["judge_register", "scorer_judge_v2"]) {
    await server.call("POST", `${path}/register`, { experiment_id: id, name: "j", serialized_scorer: recorded(fixture) });
  }
  const versions = async (): Promise<unknown> => (await server.call("GET", `${path}/versions?experiment_id=${id}&name=j`)).json;
  expect(await versions()).toMatchObject({ scorers: [{ scorer_version: 1 }, { scorer_version: 2 }] });
  expect((await server.call("DELETE", `${path}/delete`, { experiment_id: id, name: "j", version: 1 })).json).toEqual({});
  expect(await versions()).toMatchObject({ scorers: [{ scorer_version: 2 }] });
  expect((await server.call("DELETE", `${path}/delete`, { experiment_id: id, name: "j" })).json).toEqual({});
  expect(await server.call("GET", `${path}/versions?experiment_id=${id}&name=j`)).toMatchObject({
    status: 404,
    json: { error_code: "RESOURCE_DOES_NOT_EXIST", message: `Scorer with name 'j' not found for experiment ${id}.` },
  });
});

test.each([
  [{ sample_rate: 1.5 }, "sample_rate must be between 0.0 and 1.0, got 1.5"],
  [{ sample_rate: 1, filter_string: "garbage = 'x'" }, "garbage"],
])("a wrong configuration %j is refused and changes nothing", async (config, message) => {
  await server.call("POST", `${path}/register`, { experiment_id: id, name: "strict", serialized_scorer: recorded("judge_register") });
  const { status, json } = await server.call("PUT", `${path}/online-config`, { experiment_id: id, name: "strict", ...config });
  expect({ status, code: (json as { error_code: string }).error_code }).toEqual({ status: 400, code: "INVALID_PARAMETER_VALUE" });
  expect((json as { message: string }).message).toContain(message);
  expect((await metadata.scorers.find(id, "strict"))?.sampleRate).toBe(0);
});

test.each([["not json"], ["{}"], ["[]"], [JSON.stringify({ instructions_judge_pydantic_data: { model: "x" } })]])("%j is no scorer", async (serialized) => {
  const answer = await server.call("POST", `${path}/register`, { experiment_id: id, name: "bad", serialized_scorer: serialized });
  expect(answer).toMatchObject({ status: 400, json: { error_code: "INVALID_PARAMETER_VALUE" } });
});
