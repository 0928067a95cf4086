import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeServer, START_MS, type Answer, type FakeServer } from "./mlflow-app.fake.ts";

let server: FakeServer;
const ID = "tr-0123456789abcdef0123456789abcdef";
const PATH = `/api/3.0/mlflow/traces/${ID}/assessments`;

beforeEach(async () => {
  server = await fakeServer();
  const location = { mlflow_experiment: { experiment_id: "0" } };
  await server.call("POST", "/api/3.0/mlflow/traces", {
    trace: { trace_info: { trace_id: ID, trace_location: location, request_time: "2026-11-23T09:00:00Z", state: "OK" } },
  });
});
afterEach(() => server.close());

async function create(assessment: Record<string, unknown>): Promise<{ id: string; answer: Answer }> {
  const answer = await server.call("POST", PATH, { assessment: { assessment_name: "score", ...assessment } });
  return { id: (answer.json as { assessment?: { assessment_id: string } }).assessment?.assessment_id ?? "", answer };
}

test("numbers are doubles, on the way back as well", async () => {
  expect((await create({ feedback: { value: 1 } })).answer.text).toContain('"feedback":{"value":1.0}');
  expect((await create({ feedback: { value: { a: 1, b: [0.5, 2] } } })).answer.text).toContain('"value":{"a": 1.0, "b": [0.5, 2.0]}');
  expect((await create({ expectation: { value: 3 } })).answer.text).toContain('"expectation":{"value":3.0}');
  const stored = await server.store.assessmentsOf({ projectIds: "all" }, [ID.slice(3)]);
  expect(stored.map((assessment) => assessment.valueJson)).toEqual(["1.0", '{"a": 1.0, "b": [0.5, 2.0]}', "3.0"]);
});

test("a failed judge has an error and no value, never 0", async () => {
  const { answer } = await create({ feedback: { value: null, error: { error_code: "Timeout", error_message: "no answer", stack_trace: "…" } } });
  expect(answer.json).toMatchObject({
    assessment: { feedback: { value: null, error: { error_code: "Timeout", error_message: "no answer", stack_trace: "…" } } },
  });
  const [stored] = await server.store.assessmentsOf({ projectIds: "all" }, [ID.slice(3)]);
  expect(stored?.valueJson).toBeUndefined();
});

test("a list as an expectation comes and goes as JSON text, byte for byte", async () => {
  const serialized = { serialization_format: "JSON_FORMAT", value: '["f1", 2, 9007199254740993]' };
  const { answer } = await create({ expectation: { serialized_value: serialized } });
  expect(answer.json).toMatchObject({ assessment: { expectation: { serialized_value: serialized }, source: { source_type: "HUMAN", source_id: "default" } } });
});

test("defaults: code gives feedback, AI_JUDGE is LLM_JUDGE, times are now", async () => {
  const { answer } = await create({ feedback: { value: "yes" } });
  const now = new Date(START_MS).toISOString().replace(".000Z", "Z");
  expect(answer.json).toMatchObject({
    assessment: { source: { source_type: "CODE", source_id: "default" }, valid: true, create_time: now, last_update_time: now },
  });
  const judge = await create({ feedback: { value: "yes" }, source: { source_type: "AI_JUDGE", source_id: "m" } });
  expect(judge.answer.json).toMatchObject({ assessment: { source: { source_type: "LLM_JUDGE", source_id: "m" } } });
});

test("an override makes the old one invalid; deleting it makes the old one valid again", async () => {
  const valid = async (id: string): Promise<unknown> =>
    ((await server.call("GET", `${PATH}/${id}`)).json as { assessment: { valid: boolean } }).assessment.valid;
  const { id: old } = await create({ feedback: { value: 0.75 } });
  const { id: own } = await create({ feedback: { value: 0.1 }, overrides: old });
  expect([await valid(old), await valid(own)]).toEqual([false, true]);
  expect((await server.call("DELETE", `${PATH}/${own}`, { assessment_id: own })).json).toEqual({});
  expect(await valid(old)).toBe(true);
  expect((await server.call("DELETE", `${PATH}/${own}`)).json).toEqual({});
  expect((await create({ feedback: { value: 1 }, overrides: "a-nothing" })).answer.status).toBe(404);
});

test("PATCH changes what the mask names; metadata is merged, the source stays", async () => {
  const { id } = await create({ feedback: { value: true }, rationale: "good", metadata: { m: "1" }, source: { source_type: "HUMAN", source_id: "ann" } });
  server.setNow(START_MS + 5000);
  const sent = {
    assessment_name: "renamed",
    feedback: { value: false },
    rationale: "changed",
    metadata: { n: "2" },
    source: { source_type: "CODE", source_id: "eve" },
  };
  const first = await server.call("PATCH", `${PATH}/${id}`, { assessment: sent, update_mask: "assessmentName,feedback,metadata" });
  expect(first.json).toMatchObject({
    assessment: {
      assessment_name: "renamed",
      feedback: { value: false },
      rationale: "good",
      metadata: { m: "1", n: "2" },
      source: { source_type: "HUMAN", source_id: "ann" },
      last_update_time: "2026-11-23T09:00:05Z",
    },
  });
  const second = await server.call("PATCH", `${PATH}/${id}`, { assessment: { valid: false, rationale: "no" }, update_mask: "valid,rationale" });
  expect(second.json).toMatchObject({ assessment: { valid: false, rationale: "no", feedback: { value: false } } });
  expect((await server.call("GET", `${PATH}/${id}`)).json).toEqual(second.json);
});

test.each([
  ["an expectation's value on feedback", { assessment: { expectation: { value: 1 } }, update_mask: "expectation" }, 400],
  ["a field that never changes", { assessment: { source: { source_type: "CODE" } }, update_mask: "source" }, 400],
  ["no mask", { assessment: { rationale: "x" } }, 400],
])("PATCH refuses %s", async (_what, body, status) => {
  const { id } = await create({ feedback: { value: true } });
  expect((await server.call("PATCH", `${PATH}/${id}`, body)).status).toBe(status);
});

test.each([
  ["no name", { assessment_name: null, feedback: { value: 1 } }],
  ["no value at all", {}],
  ["two sorts at the same time", { feedback: { value: 1 }, expectation: { value: 1 } }],
  ["a source type nobody knows", { feedback: { value: 1 }, source: { source_type: "ORACLE" } }],
  ["a serialised value that is no JSON", { expectation: { serialized_value: { value: "[1," } } }],
  ["a value nested too deeply", { feedback: { value: JSON.parse("[".repeat(150) + "]".repeat(150)) as unknown } }],
])("refuses %s", async (_what, assessment) => {
  const { answer } = await create(assessment);
  expect([answer.status, (answer.json as { error_code: string }).error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
});

test("an unknown assessment is a JSON 404 in MLflow's words", async () => {
  const answer = await server.call("GET", `${PATH}/a-x`);
  expect([answer.status, (answer.json as { message: string }).message]).toEqual([404, `Assessment with ID 'a-x' not found for trace '${ID}'`]);
});
