import { TelltaleError } from "@telltale/model";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fakeServer, START_MS, type FakeServer } from "./mlflow-app.fake.ts";

let server: FakeServer;
beforeEach(async () => {
  server = await fakeServer();
});
afterEach(() => server.close());

const ID = "tr-0123456789abcdef0123456789abcdef";
const OTHER = "tr-ffffffffffffffffffffffffffffff01";

interface Info {
  trace_id: string;
  state: string;
  tags: Record<string, string>;
  trace_metadata: Record<string, string>;
  request_time: string;
  execution_duration?: string;
  assessments?: { assessment_id: string; assessment_name: string }[];
}

function startBody(id: string, more: Record<string, unknown> = {}, experimentId = "0"): unknown {
  const location = { type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: experimentId } };
  return {
    trace: {
      trace_info: { trace_id: id, trace_location: location, request_time: "2026-11-23T09:00:00.250Z", execution_duration: "1.5s", state: "OK", ...more },
    },
  };
}

async function start(id: string, more?: Record<string, unknown>, experimentId?: string): Promise<Info> {
  const answer = await server.call("POST", "/api/3.0/mlflow/traces", startBody(id, more, experimentId));
  expect(answer.status, answer.text).toBe(200);
  return (answer.json as { trace: { trace_info: Info } }).trace.trace_info;
}

async function info(id: string): Promise<Info> {
  const answer = await server.call("GET", `/api/3.0/mlflow/traces/${id}`);
  return (answer.json as { trace: { trace_info: Info } }).trace.trace_info;
}

/** One span as an old client uploads it; the start is beyond what a JavaScript number can hold. */
async function upload(id: string, name = "root", start = "1795424909104549065"): Promise<void> {
  const hex = id.slice(3);
  const span = `{"trace_id":"${Buffer.from(hex, "hex").toString("base64")}","span_id":"kVxdKLKVFQc=","parent_span_id":null,"name":${JSON.stringify(name)},"kind":"SPAN_KIND_INTERNAL","start_time_unix_nano":${start},"end_time_unix_nano":${start.slice(0, -1)}9,"events":[],"status":{"code":"STATUS_CODE_OK","message":""},"attributes":{"big":"9007199254740993","half":"0.5","whole":"1.0","mlflow.spanInputs":"{\\"q\\": \\"what?\\"}"},"links":[]}`;
  const answer = await server.call("PUT", `/api/2.0/mlflow-artifacts/artifacts/0/traces/${id}/artifacts/traces.json`, `{"spans":[${span}]}`, {
    "content-type": "text/plain",
  });
  expect(answer.status, answer.text).toBe(200);
}

function error(answer: { json: unknown }): { error_code: string; message: string } {
  return answer.json as { error_code: string; message: string };
}

const locations = [{ type: "MLFLOW_EXPERIMENT", mlflow_experiment: { experiment_id: "0" } }];
const search = (body: unknown): ReturnType<FakeServer["call"]> => server.call("POST", "/api/3.0/mlflow/traces/search", body);
const ids = (answer: { json: unknown }): string[] | undefined => (answer.json as { traces?: Info[] }).traces?.map((trace) => trace.trace_id);

describe("StartTraceV3", () => {
  test("tells the client that its spans are here, and where attachments go", async () => {
    const { tags, trace_metadata: metadata } = await start(ID, { tags: { environment: "production" } });
    expect(tags).toMatchObject({
      environment: "production",
      "mlflow.trace.spansLocation": "TRACKING_STORE",
      "mlflow.artifactLocation": `mlflow-artifacts:/0/traces/${ID}/artifacts`,
    });
    expect(metadata["mlflow.trace.infoFinalized"]).toBe("true");
  });

  test("returns and keeps everything said before", async () => {
    await start(ID, { tags: { a: "1", b: "1" }, trace_metadata: { x: "1" }, assessments: [{ assessment_name: "first", feedback: { value: true } }] });
    const second = await start(ID, {
      tags: { b: "2", c: "2" },
      trace_metadata: { y: "2" },
      assessments: [{ assessment_id: "a-own", assessment_name: "second", feedback: { value: 1 } }],
    });
    for (const state of [second, await info(ID)]) {
      expect(state.tags).toMatchObject({ a: "1", b: "2", c: "2" });
      expect(state.trace_metadata).toMatchObject({ x: "1", y: "2" });
      expect(state.assessments?.map((assessment) => assessment.assessment_name).toSorted()).toEqual(["first", "second"]);
      expect(state.execution_duration).toBe("1.500s");
      expect(state.request_time).toBe("2026-11-23T09:00:00.250Z");
    }
    expect(second.assessments?.map((assessment) => assessment.assessment_id)).toContain("a-own");
    await start(ID, { assessments: [{ assessment_id: "a-own", assessment_name: "second", feedback: { value: 0 } }] });
    expect((await info(ID)).assessments).toHaveLength(2);
  });

  test("merges with spans that came first, and with spans that come later", async () => {
    await upload(ID, "from spans");
    expect((await start(ID, { tags: { "mlflow.traceName": "said" } })).tags["mlflow.traceName"]).toBe("said");
    await start(OTHER);
    await upload(OTHER, "later");
    expect((await info(OTHER)).tags["mlflow.traceName"]).toBe("later");
  });

  test("drops tags that only the server may set", async () => {
    const { tags } = await start(ID, {
      tags: { "mlflow.artifactLocation": "s3://elsewhere", "mlflow.trace.spansLocation": "ARCHIVE_REPO", "mlflow.trace.archiveLocation": "x" },
    });
    expect(tags["mlflow.artifactLocation"]).toMatch(/^mlflow-artifacts:/);
    expect(tags["mlflow.trace.spansLocation"]).toBe("TRACKING_STORE");
    expect(tags).not.toHaveProperty("mlflow.trace.archiveLocation");
  });

  test("session and user set as tags are the trace's session and user", async () => {
    await start(ID, { tags: { "mlflow.trace.session": "s-1", "mlflow.trace.user": "u-1" } });
    expect((await info(ID)).trace_metadata).toMatchObject({ "mlflow.trace.session": "s-1", "mlflow.trace.user": "u-1" });
  });

  test("takes any string as id, and `__proto__` as a tag", async () => {
    expect((await start("my own id", { tags: JSON.parse('{"__proto__":"x"}') as Record<string, unknown> })).trace_id).toBe("my own id");
    const answer = await server.call("GET", "/api/3.0/mlflow/traces/my%20own%20id");
    expect(answer.text).toContain('"__proto__":"x"');
  });

  test("refuses an experiment that is missing, deleted, or another than the trace's", async () => {
    const missing = await server.call("POST", "/api/3.0/mlflow/traces", startBody(ID, {}, "777"));
    expect([missing.status, error(missing)]).toMatchObject([404, { error_code: "RESOURCE_DOES_NOT_EXIST", message: "No Experiment with id=777 exists" }]);
    const other = await server.projects.create({ name: "other" });
    await start(ID);
    const moved = await server.call("POST", "/api/3.0/mlflow/traces", startBody(ID, {}, other.id));
    expect([moved.status, error(moved).error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
    await server.projects.setLifecycle(other.id, "deleted");
    expect((await server.call("POST", "/api/3.0/mlflow/traces", startBody(OTHER, {}, other.id))).status).toBe(400);
  });

  test.each([
    ["no id", { trace_id: null }, "Missing value for required parameter 'trace.trace_info.trace_id'"],
    ["a state nobody knows", { state: "FINE" }, "Invalid value \"FINE\" for parameter 'trace.trace_info.state'"],
    ["a time that is none", { request_time: "yesterday" }, "Invalid value \"yesterday\" for parameter 'trace.trace_info.request_time'"],
    ["a time no trace can have", { request_time: "9999-12-31T23:59:59Z" }, "expected a time between 1970 and 2200"],
    ["a duration no trace can have", { execution_duration: "999999999999s" }, "longer than fifty years"],
    ["a duration that is none", { execution_duration: "long" }, 'Invalid value "long"'],
    ["a tag that is no text", { tags: { n: 1 } }, "Invalid value 1 for parameter 'trace.trace_info.tags.n'"],
    ["an id too long", { trace_id: "x".repeat(300) }, "A trace id must have"],
    [
      "a value nested too deeply",
      { assessments: [{ assessment_name: "deep", feedback: { value: JSON.parse("[".repeat(200) + "]".repeat(200)) as unknown } }] },
      "nested too deeply",
    ],
  ])("says what is wrong: %s", async (_what, more, message) => {
    const answer = await server.call("POST", "/api/3.0/mlflow/traces", startBody(ID, more));
    expect([answer.status, error(answer).error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
    expect(error(answer).message).toContain(message);
  });

  test("overload is 429 with Retry-After, a full disk 503: the client comes back", async () => {
    server.store.refusal = new TelltaleError("overloaded", "The journal is full", { retryAfterS: 3 });
    const busy = await server.call("POST", "/api/3.0/mlflow/traces", startBody(ID));
    expect([busy.status, busy.headers["retry-after"], error(busy).error_code]).toEqual([429, "3", "REQUEST_LIMIT_EXCEEDED"]);
    server.store.refusal = new TelltaleError("disk_full", "The disk is full");
    expect((await server.call("POST", "/api/3.0/mlflow/traces", startBody(ID))).status).toBe(503);
  });
});

describe("reading", () => {
  test("gives int64 and doubles back as they were sent", async () => {
    await upload(ID);
    const { text } = await server.call("GET", `/api/3.0/mlflow/traces/get?trace_id=${ID}&allow_partial=False`);
    expect(text).toContain('"start_time_unix_nano":1795424909104549065');
    expect(text).toContain('{"key":"big","value":{"int_value":9007199254740993}}');
    expect(text).toContain('{"key":"half","value":{"double_value":0.5}}');
    expect(text).toMatch(/\{"key":"whole","value":\{"double_value":1(\.0)?\}\}/);
    const json = await server.call("GET", `/api/2.0/mlflow-artifacts/artifacts/0/traces/${ID}/artifacts/traces.json`);
    expect(json.text).toContain('"start_time_unix_nano":1795424909104549065');
    expect(json.text).toContain('"big":"9007199254740993"');
  });

  test("a trace without promised sizes gets them when all spans are read, and only then", async () => {
    await upload(ID);
    const whole = await server.call("GET", `/api/3.0/mlflow/traces/get?trace_id=${ID}`);
    const metadata = (whole.json as { trace: { trace_info: Info } }).trace.trace_info.trace_metadata;
    expect(JSON.parse(metadata["mlflow.trace.sizeStats"] ?? "")).toMatchObject({ num_spans: 1 });
    expect((await info(ID)).trace_metadata).not.toHaveProperty("mlflow.trace.sizeStats");
  });

  test("waits a moment for spans that were promised, then answers without them", async () => {
    await start(ID, { trace_metadata: { "mlflow.trace.sizeStats": '{"total_size_bytes": 10, "num_spans": 1}' } });
    const reading = server.call("GET", `/api/3.0/mlflow/traces/get?trace_id=${ID}&allow_partial=False`);
    await upload(ID);
    expect(((await reading).json as { trace: { spans: unknown[] } }).trace.spans).toHaveLength(1);
    await start(OTHER, { trace_metadata: { "mlflow.trace.sizeStats": '{"num_spans": 5}' } });
    const partial = await server.call("GET", `/api/3.0/mlflow/traces/get?trace_id=${OTHER}&allow_partial=True`);
    expect([partial.status, (partial.json as { trace: Record<string, unknown> }).trace["spans"]]).toEqual([200, undefined]);
    server.setNow(START_MS + 60_000);
    expect((await server.call("GET", `/api/3.0/mlflow/traces/get?trace_id=${OTHER}`)).status).toBe(200);
  });

  test("batchGet keeps the order asked for, leaves out what is unknown, and knows repeated parameters", async () => {
    await start(ID);
    await start(OTHER);
    await upload(OTHER);
    const answer = await server.call("GET", `/api/3.0/mlflow/traces/batchGet?trace_ids=${OTHER}&trace_ids=tr-00000000000000000000000000000000&trace_ids=${ID}`);
    const traces = (answer.json as { traces: { trace_info: Info; spans?: unknown[] }[] }).traces;
    expect(traces.map((trace) => [trace.trace_info.trace_id, trace.spans?.length])).toEqual([
      [OTHER, 1],
      [ID, undefined],
    ]);
    expect((await server.call("GET", "/api/3.0/mlflow/traces/batchGet")).json).toEqual({});
    expect((await server.call("POST", "/api/3.0/mlflow/traces/batchGetInfos", {})).status).toBe(400);
  });

  test("fills in what MLflow's readers look for in spans of other conventions", async () => {
    const span = {
      traceId: ID.slice(3),
      spanId: "00000000000000aa",
      name: "chat gpt",
      kind: 3,
      startTimeUnixNano: "1795424909104549065",
      endTimeUnixNano: "1795424909204549065",
      status: {},
    };
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-4o-mini",
      "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]',
    };
    const list = Object.entries(attributes).map(([key, value]) => ({ key, value: { stringValue: value } }));
    const tokens = [
      ["gen_ai.usage.input_tokens", "100"],
      ["gen_ai.usage.output_tokens", "50"],
    ].map(([key, value]) => ({ key, value: { intValue: value } }));
    const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [{ ...span, attributes: [...list, ...tokens] }] }] }] }));
    await server.store.traces({ body, format: "json", project: { experimentId: "0" }, route: "/v1/traces", client: "" });
    const { json, text } = await server.call("GET", `/api/3.0/mlflow/traces/get?trace_id=${ID}`);
    const [read] = (json as { trace: { spans: { attributes: { key: string; value: unknown }[] }[] } }).trace.spans;
    const found = Object.fromEntries((read?.attributes ?? []).map(({ key, value }) => [key, value]));
    expect(found["mlflow.spanType"]).toEqual({ string_value: "CHAT_MODEL" });
    expect(found["mlflow.llm.model"]).toEqual({ string_value: "gpt-4o-mini" });
    expect(JSON.stringify(found["mlflow.chat.tokenUsage"])).toContain('{"key":"input_tokens","value":{"int_value":100}}');
    expect(JSON.stringify(found["mlflow.spanInputs"])).toContain('"hi"');
    expect(text).toContain("gen_ai.operation.name");
    const metadata = (json as { trace: { trace_info: Info } }).trace.trace_info.trace_metadata;
    expect(JSON.parse(metadata["mlflow.trace.tokenUsage"] ?? "")).toEqual({ input_tokens: 100, output_tokens: 50, total_tokens: 150 });
  });
});

describe("searching", () => {
  test("pages through everything once, newest first", async () => {
    for (let i = 0; i < 5; i += 1) await start(`t${i}`, { request_time: `2026-11-23T09:00:0${i}Z` });
    const seen: string[] = [];
    let token: string | undefined;
    do {
      const answer = await search({ locations, max_results: 2, page_token: token });
      seen.push(...(ids(answer) ?? []));
      token = (answer.json as { next_page_token?: string }).next_page_token;
    } while (token !== undefined);
    expect(seen).toEqual(["t4", "t3", "t2", "t1", "t0"]);
  });

  test("filters, and refuses a filter with a mistake", async () => {
    await start(ID, { tags: { environment: "production" } });
    await start(OTHER, { state: "ERROR" });
    expect(ids(await search({ locations, filter: "tags.environment = 'production'" }))).toEqual([ID]);
    expect(ids(await search({ locations, filter: "status = 'ERROR'", order_by: ["timestamp_ms ASC"] }))).toEqual([OTHER]);
    for (const wrong of [
      { filter: "status = OK" },
      { filter: "   " },
      { order_by: ["span.name"] },
      { page_token: "nonsense" },
      { max_results: 0 },
      { max_results: 501 },
      { max_results: -1 },
      { max_results: 1.5 },
      { locations: "0" },
    ]) {
      const answer = await search({ locations, ...wrong });
      expect([JSON.stringify(wrong), answer.status, error(answer).error_code]).toEqual([JSON.stringify(wrong), 400, "INVALID_PARAMETER_VALUE"]);
    }
  });

  test("no locations are no traces; none at all is a mistake", async () => {
    await start(ID);
    expect((await search({ locations: [] })).json).toEqual({});
    expect((await search({ locations: [{ mlflow_experiment: { experiment_id: "99" } }] })).json).toEqual({});
    expect(error(await search({})).message).toBe(
      "Missing value for required parameter 'locations'. See the API docs for more information about request parameters.",
    );
  });

  test("V2: the same as lists of pairs, opened and closed by the server's id", async () => {
    const opened = await server.call("POST", "/api/2.0/mlflow/traces", {
      experiment_id: "0",
      timestamp_ms: 1000,
      request_metadata: [{ key: "a", value: "b" }],
      tags: [{ key: "mlflow.artifactLocation", value: "s3://x" }],
    });
    const v2 = (opened.json as { trace_info: { request_id: string; status: string } }).trace_info;
    expect(v2.status).toBe("IN_PROGRESS");
    const closed = await server.call("PATCH", `/api/2.0/mlflow/traces/${v2.request_id}`, {
      timestamp_ms: 1250,
      status: "OK",
      tags: [{ key: "t", value: "1" }],
    });
    expect(closed.json).toMatchObject({ trace_info: { timestamp_ms: 1000, execution_time_ms: 250, status: "OK" } });
    const list = await server.call("GET", "/api/2.0/mlflow/traces?experiment_ids=0&max_results=10&order_by=timestamp_ms%20DESC");
    expect((list.json as { traces: unknown[] }).traces).toEqual(
      [(await server.call("GET", `/api/2.0/mlflow/traces/${v2.request_id}/info`)).json].map((body) => (body as { trace_info: unknown }).trace_info),
    );
    expect((await server.call("GET", "/api/2.0/mlflow/traces/none/info")).status).toBe(404);
    for (const timestamp_ms of [-1, 9_007_199_254_740_991, 1.5, "1e3"]) {
      expect((await server.call("POST", "/api/2.0/mlflow/traces", { experiment_id: "0", timestamp_ms })).status).toBe(400);
      expect((await server.call("PATCH", `/api/2.0/mlflow/traces/${v2.request_id}`, { timestamp_ms })).status).toBe(400);
    }
  });

  test("V2: spans uploaded under another trace id join the trace they were uploaded for, and go back in the old shape", async () => {
    const opened = await server.call("POST", "/api/2.0/mlflow/traces", { experiment_id: "0", timestamp_ms: 1000 });
    const id = (opened.json as { trace_info: { request_id: string } }).trace_info.request_id;
    const url = `/api/2.0/mlflow-artifacts/artifacts/0/traces/${id}/artifacts/traces.json`;
    const old = `{"spans":[{"name":"root","context":{"span_id":"0x00000000000000aa","trace_id":"0x11111111111111111111111111111111"},"parent_id":null,"start_time":1795424909104549065,"end_time":1795424909104549099,"status_code":"OK","status_message":"","attributes":{"mlflow.traceRequestId":"\\"${id}\\"","mlflow.spanInputs":"{\\"q\\": 1}"},"events":[{"name":"e","timestamp":1795424909104549070,"attributes":{"x":1}}]}],"request":"{}","response":null}`;
    expect((await server.call("PUT", url, old)).json).toEqual({});
    expect((await server.call("GET", "/api/3.0/mlflow/traces/tr-11111111111111111111111111111111")).status).toBe(404);
    const read = await server.call("GET", url, undefined, { "user-agent": "mlflow-python-client/2.22.2" });
    expect(read.text).toContain('"start_time":1795424909104549065');
    expect((read.json as { spans: unknown[] }).spans).toMatchObject([
      {
        name: "root",
        context: { span_id: "00000000000000aa", trace_id: id.slice(3) },
        parent_id: null,
        status_code: "OK",
        events: [{ name: "e", attributes: { x: 1 } }],
      },
    ]);
    expect((await server.call("GET", `/api/3.0/mlflow/traces/get?trace_id=${id}`)).json).toMatchObject({ trace: { spans: [{ name: "root" }] } });
  });

  test("how strongly two filters go together", async () => {
    await start(ID, { state: "ERROR", tags: { "mlflow.traceName": "boom" } });
    for (let i = 0; i < 18; i += 1) await start(`fine-${i}`);
    const answer = await server.call("POST", "/api/3.0/mlflow/traces/calculate-filter-correlation", {
      experiment_ids: ["0"],
      filter_string1: "status = 'ERROR'",
      filter_string2: "name = 'boom'",
    });
    expect(answer.json).toMatchObject({ npmi: 1, filter1_count: 1, filter2_count: 1, joint_count: 1, total_count: 19 });
    // What the real server answered to the same counts.
    expect((answer.json as { npmi_smoothed: number }).npmi_smoothed).toBeCloseTo(0.781981187582824, 12);
    const none = await server.call("POST", "/api/3.0/mlflow/traces/calculate-filter-correlation", {
      experiment_ids: ["0"],
      filter_string1: "name = 'no'",
      filter_string2: "name = 'boom'",
    });
    expect((none.json as { npmi: unknown }).npmi).toBe("NaN");
  });
});

describe("changing", () => {
  test("sets and deletes tags on both versions of the route; DELETE has a body", async () => {
    await start(ID);
    for (const version of ["2.0", "3.0"]) {
      const url = `/api/${version}/mlflow/traces/${ID}/tags`;
      expect((await server.call("PATCH", url, { key: "team", value: version })).json).toEqual({});
      expect((await info(ID)).tags["team"]).toBe(version);
      expect((await server.call("DELETE", url, { key: "team" })).json).toEqual({});
      const again = await server.call("DELETE", url, { key: "team" });
      expect([again.status, error(again).message]).toEqual([404, `No trace tag with key 'team' for trace with ID '${ID}'`]);
    }
  });

  test.each([
    ["a tag of the server", { key: "mlflow.trace.spansLocation", value: "x" }, 400],
    ["a key too long", { key: "k".repeat(251), value: "x" }, 400],
    ["a value too long", { key: "k", value: "v".repeat(8001) }, 400],
    ["no key", { value: "x" }, 400],
  ])("refuses %s", async (_what, body, status) => {
    await start(ID);
    expect((await server.call("PATCH", `/api/2.0/mlflow/traces/${ID}/tags`, body)).status).toBe(status);
  });

  test("a missing trace is a JSON 404 everywhere: a plain one would send the client to its old API", async () => {
    const missing = `/api/3.0/mlflow/traces/${ID}`;
    const answers = await Promise.all([
      server.call("GET", missing),
      server.call("GET", `/api/3.0/mlflow/traces/get?trace_id=${ID}`),
      server.call("PATCH", `${missing}/tags`, { key: "a", value: "b" }),
      server.call("DELETE", `${missing}/tags`, { key: "a" }),
      server.call("POST", `${missing}/assessments`, { assessment: { assessment_name: "x", feedback: { value: 1 } } }),
      server.call("POST", "/api/2.0/mlflow/traces/link-prompts", { trace_id: ID, prompt_versions: [{ name: "p", version: "1" }] }),
      server.call("POST", "/api/2.0/mlflow/traces/link-to-run", { trace_ids: [ID], run_id: "r" }),
      server.call("PATCH", `/api/2.0/mlflow/traces/${ID}`, { timestamp_ms: 1 }),
      server.call("GET", `/ajax-api/3.0/mlflow/get-trace-artifact?request_id=${ID}`),
    ]);
    for (const answer of answers) expect([answer.status, error(answer).error_code]).toEqual([404, "RESOURCE_DOES_NOT_EXIST"]);
  });

  test("deletes by id and by time, with the attachments", async () => {
    for (let i = 0; i < 4; i += 1) await start(`t${i}`, { request_time: `2026-11-23T09:00:0${i}Z` });
    const attachment = "/api/2.0/mlflow-artifacts/artifacts/0/traces/t0/artifacts/attachments/a1";
    await server.call("PUT", attachment, Buffer.from("x"));
    const remove = (body: unknown): ReturnType<FakeServer["call"]> => server.call("POST", "/api/2.0/mlflow/traces/delete-traces", body);
    expect((await remove({ experiment_id: "0", request_ids: ["t0", "t0", "nothing"] })).json).toEqual({ traces_deleted: 1 });
    expect((await server.call("GET", attachment)).status).toBe(404);
    expect((await remove({ experiment_id: "0", max_timestamp_millis: Date.parse("2026-11-23T09:00:02Z"), max_traces: 1 })).json).toEqual({ traces_deleted: 1 });
    expect((await server.call("GET", "/api/3.0/mlflow/traces/t1")).status).toBe(404);
    expect((await remove({ experiment_id: "0", max_timestamp_millis: Date.parse("2026-11-23T09:00:02Z") })).json).toEqual({ traces_deleted: 1 });
    expect((await server.call("GET", "/api/3.0/mlflow/traces/t3")).status).toBe(200);
    for (const wrong of [
      { experiment_id: "0" },
      { experiment_id: "0", request_ids: ["t3"], max_timestamp_millis: 1 },
      { experiment_id: "0", request_ids: ["t3"], max_traces: 1 },
      { experiment_id: "0", max_timestamp_millis: 1, max_traces: 0 },
      { request_ids: ["t3"] },
    ]) {
      expect([JSON.stringify(wrong), (await remove(wrong)).status]).toEqual([JSON.stringify(wrong), 400]);
    }
    expect((await remove({ experiment_id: "77", request_ids: ["t3"] })).status).toBe(404);
  });

  test("links traces to a run and to prompts, and finds them by it", async () => {
    await start(ID);
    expect((await server.call("POST", "/api/2.0/mlflow/traces/link-to-run", { trace_ids: [ID, OTHER], run_id: "run-1" })).json).toEqual({
      unknown_trace_ids: [OTHER],
    });
    expect((await server.call("POST", "/api/2.0/mlflow/traces/link-prompts", { trace_id: ID, prompt_versions: [{ name: "p", version: "2" }] })).json).toEqual(
      {},
    );
    for (const filter of ["run_id = 'run-1'", "prompt = 'p/2'"]) {
      const answer = await server.call("POST", "/api/3.0/mlflow/traces/search", { locations: [{ mlflow_experiment: { experiment_id: "0" } }], filter });
      expect((answer.json as { traces: Info[] }).traces.map((trace) => trace.trace_id)).toEqual([ID]);
    }
    expect((await server.call("POST", "/api/2.0/mlflow/traces/link-to-run", { trace_ids: Array.from({ length: 101 }, () => ID), run_id: "r" })).status).toBe(
      400,
    );
  });
});
