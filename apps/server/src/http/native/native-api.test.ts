import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AssessmentOut, IngestHealth, ProjectOut, ServerInfo, SpanDetail, TraceDetail, TracePageOut, TraceSummary } from "@telltale/model/api";
import { appUnderTest, type AppUnderTest } from "../app-under-test.ts";
import { fakeSpan, fakeTrace } from "../fake-store.ts";

const ID = "0123456789abcdef0123456789abcdef";
const SPAN = "00f067aa0ba902b7";
let under: AppUnderTest;

beforeEach(async () => {
  under = await appUnderTest();
  under.store.traces.set(ID, fakeTrace(ID));
  under.store.spans.set(ID, [fakeSpan(ID, SPAN), fakeSpan(ID, "00f067aa0ba902b8", { parentSpanId: SPAN, duplicateOf: `${ID}:${SPAN}`, counted: false })]);
});
afterEach(() => under.app.close());

const get = (url: string) => under.app.inject({ url });
const send = (method: "POST" | "PATCH" | "DELETE", url: string, payload?: object) =>
  under.app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });

describe("traces", () => {
  test("a page has the shape of the schema and says null where nothing is known", async () => {
    const answer = await send("POST", "/api/v1/traces/search", { include: ["count", "facets"] });
    expect(answer.statusCode).toBe(200);
    const page = TracePageOut.parse(answer.json());
    expect(page).toMatchObject({ count: 1, partial: true, next_cursor: null, facets: [{ field: "status" }] });
    expect(page.data[0]).toMatchObject({
      trace_id: ID,
      start_time: "2026-11-23T09:08:29.104549065Z",
      cost_usd: null,
      session: null,
      tokens: { total: 8, cache_read: null },
    });
  });

  test("a wrong filter is a 400 that points at the column", async () => {
    const answer = await send("POST", "/api/v1/traces/search", { filter: "status = " });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toMatchObject({ type: "urn:telltale:error:filter_invalid", status: 400, errors: [{ column: expect.any(Number) }] });
  });

  test.each([
    [{ limit: 0 }, "body.limit"],
    [{ unknown: 1 }, "body"],
    [{ from: "soon" }, "from"],
    [{ from: "2026-11-23T10:00:00Z", to: "2026-11-23T09:00:00Z" }, "from"],
  ])("%j is refused and the field is named", async (body, field) => {
    const answer = await send("POST", "/api/v1/traces/search", body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0].field).toBe(field);
  });

  test.each([ID, `tr-${ID}`, `tr-${ID.toUpperCase()}`])("a trace is found as %s", async (id) => {
    const answer = await get(`/api/v1/traces/${id}`);
    const detail = TraceDetail.parse(answer.json());
    expect(detail.trace.trace_id).toBe(ID);
    expect(detail.spans).toHaveLength(2);
    expect(detail.spans[0]).toMatchObject({ model: "gpt-x-2026", prompt: "greet/2", duration_ms: 0.5, cost_usd: null, cost_source: "unknown" });
    expect(detail.spans[1]).toMatchObject({ parent_span_id: SPAN, counted: false, duplicate_of: { trace_id: ID, span_id: SPAN } });
    expect(detail.spans[0]).not.toHaveProperty("inputs");
  });

  test("an unknown trace is a problem with status 404", async () => {
    const answer = await get(`/api/v1/traces/${"f".repeat(32)}`);
    expect([answer.statusCode, answer.json().title]).toEqual([404, "trace not found"]);
  });

  test("one span has its content, raw attributes and numbers as they were sent", async () => {
    const raw = {
      attributes: {
        $map: [
          ["__proto__", "a key"],
          ["big", { $big: "9223372036854775807" }],
        ],
      },
      events: [],
      links: [],
      resource: { attributes: { $map: [["service.name", "shop"]] }, schemaUrl: "" },
    };
    under.store.payloads.set(ID, [{ spanId: SPAN, inputs: '{"n":12345678901234567890}', outputs: "20", raw: JSON.stringify(raw) }]);
    const answer = await get(`/api/v1/traces/${ID}/spans/${SPAN}`);
    expect(answer.body).toContain('"inputs":{"n":12345678901234567890}');
    const span = SpanDetail.parse(answer.json());
    expect(span).toMatchObject({ span_id: SPAN, outputs: "20", resource: { "service.name": "shop" }, input_messages: [{ role: "user" }] });
    expect(answer.body).toContain('"raw_attributes":{"__proto__":"a key","big":"9223372036854775807"}');
    expect((await get(`/api/v1/traces/${ID}/spans/ffffffffffffffff`)).json().title).toBe("span not found");
  });

  test("with payloads each span is whole", async () => {
    under.store.payloads.set(ID, []);
    const detail = (await get(`/api/v1/traces/${ID}?payloads=true`)).json();
    for (const span of detail.spans) SpanDetail.parse(span);
  });

  test("spans come as columns when they are asked for so, beside the same header", async () => {
    const [plain, columns] = [(await get(`/api/v1/traces/${ID}`)).json(), (await get(`/api/v1/traces/${ID}?columns=true`)).json()];
    expect(columns).toEqual({ ...plain, spans: undefined, columns: { span_id: plain.spans.map((span: { span_id: string }) => span.span_id) } });
    const both = await get(`/api/v1/traces/${ID}?columns=true&payloads=true`);
    expect([both.statusCode, both.json().errors[0].field]).toEqual([400, "querystring.columns"]);
  });

  test("a large trace arrives compressed, piece by piece, complete", async () => {
    under.store.spans.set(
      ID,
      Array.from({ length: 1001 }, (_, index) => fakeSpan(ID, index.toString(16).padStart(16, "0"))),
    );
    const answer = await under.app.inject({ url: `/api/v1/traces/${ID}`, headers: { "accept-encoding": "gzip, br" } });
    expect(answer.headers["content-encoding"]).toBe("gzip");
    const { gunzipSync } = await import("node:zlib");
    const ids = JSON.parse(gunzipSync(answer.rawPayload).toString()).spans.map((span: { span_id: string }) => Number.parseInt(span.span_id, 16));
    expect(ids).toEqual(Array.from({ length: 1001 }, (_, index) => index));
  });

  test("tags are set and removed through ingest", async () => {
    const answer = await send("PATCH", `/api/v1/traces/${ID}/tags`, { tags: { team: "blue", release: null } });
    expect(TraceSummary.parse(answer.json()).tags).toEqual({ team: "blue" });
    expect(under.store.commands[0]).toMatchObject({ type: "trace_info", info: { requestId: `tr-${ID}`, deletedTags: ["release"] } });
  });

  test("one trace and all that match a filter are deleted", async () => {
    expect((await send("DELETE", `/api/v1/traces/tr-${ID}`)).statusCode).toBe(204);
    expect(under.store.traces.size).toBe(0);
    const many = Array.from({ length: 3 }, (_, index) => String(index).repeat(32));
    for (const id of many) under.store.traces.set(id, fakeTrace(id, { projectId: id[0] === "2" ? "5" : "0" }));
    expect((await send("POST", "/api/v1/traces/delete", { filter: "status = 'OK'" })).json()).toEqual({ deleted: 3, more: false });
    expect(under.store.commands.slice(1)).toEqual([
      { type: "traces_delete", projectId: "0", traceIds: many.slice(0, 2) },
      { type: "traces_delete", projectId: "5", traceIds: many.slice(2) },
    ]);
  });

  test("deleting everything by mistake is not possible", async () => {
    expect((await send("POST", "/api/v1/traces/delete", {})).statusCode).toBe(400);
    expect((await send("POST", "/api/v1/traces/delete", { filter: "" })).statusCode).toBe(400);
    expect((await send("POST", "/api/v1/traces/delete", { filter: " \n" })).statusCode).toBe(400);
  });
});

describe("assessments", () => {
  const url = `/api/v1/traces/${ID}/assessments`;
  const source = { type: "HUMAN", id: "ann" };

  test("feedback is created, read, changed and deleted", async () => {
    const created = AssessmentOut.parse((await send("POST", url, { name: "helpful", value: 1, source, rationale: "clear" })).json());
    expect(created).toMatchObject({ value: 1, kind: "feedback", span_id: null, valid: true });
    expect(created.assessment_id).toMatch(/^a-[0-9a-f]{32}$/);
    expect(under.store.assessments.get(created.assessment_id)?.valueJson).toBe("1.0");
    expect((await get(url)).json().data).toHaveLength(1);
    const changed = await send("PATCH", `${url}/${created.assessment_id}`, { value: { score: 2 }, rationale: null, metadata: { by: "me" } });
    expect(AssessmentOut.parse(changed.json())).toMatchObject({ value: { score: 2 }, rationale: null, metadata: { by: "me" }, name: "helpful" });
    expect((await send("DELETE", `${url}/${created.assessment_id}`)).statusCode).toBe(204);
    expect((await send("DELETE", `${url}/${created.assessment_id}`)).statusCode).toBe(404);
  });

  test("a failed judge has an error and no value, never a zero", async () => {
    const failed = (await send("POST", url, { name: "safe", source: { type: "LLM_JUDGE", id: "j" }, error: { code: "TIMEOUT", message: "no answer" } })).json();
    expect(failed).toMatchObject({ value: null, error: { code: "TIMEOUT" } });
    expect((await send("POST", url, { name: "safe", source })).statusCode).toBe(400);
  });

  test("deleting an override makes the overridden one valid again", async () => {
    const first = (await send("POST", url, { name: "helpful", value: true, source })).json().assessment_id;
    const second = (await send("POST", url, { name: "helpful", value: false, source })).json().assessment_id;
    const stored = under.store.assessments;
    for (const [id, change] of [
      [first, { valid: false }],
      [second, { overrides: first }],
    ] as const) {
      const before = stored.get(id);
      if (before !== undefined) stored.set(id, { ...before, ...change });
    }
    await send("DELETE", `${url}/${second}`);
    expect(stored.get(first)?.valid).toBe(true);
  });
});

describe("projects", () => {
  test("are created, listed by pages, renamed, archived; Default stays", async () => {
    const created = ProjectOut.parse((await send("POST", "/api/v1/projects", { name: "shop", tags: { team: "a" } })).json());
    expect((await send("POST", "/api/v1/projects", { name: "shop" })).statusCode).toBe(409);
    const first = (await get("/api/v1/projects?limit=1")).json();
    expect([first.data.length, first.next_cursor]).toEqual([1, "0"]);
    expect((await get(`/api/v1/projects?limit=1&cursor=${first.next_cursor}`)).json()).toMatchObject({ data: [{ name: "shop" }], next_cursor: null });
    expect((await send("PATCH", `/api/v1/projects/${created.id}`, { name: "store", tags: { team: null, env: "x" } })).json()).toMatchObject({
      name: "store",
      tags: { env: "x" },
    });
    expect((await send("DELETE", `/api/v1/projects/${created.id}`)).statusCode).toBe(204);
    expect((await get("/api/v1/projects")).json().data).toHaveLength(1);
    expect((await send("DELETE", "/api/v1/projects/0")).statusCode).toBe(400);
    expect((await get("/api/v1/projects/99")).json().title).toBe("project not found");
    expect((await get("/api/v1/projects?cursor=gone")).statusCode).toBe(400);
  });
});

describe("content moved out of spans", () => {
  const hash = "a".repeat(64);
  test.each([
    ["image/png", "image/png", "inline"],
    ["text/plain; charset=latin1", "text/plain; charset=utf-8", "inline"],
    ["audio/wav", "audio/wav", "inline"],
    ["image/svg+xml", "application/octet-stream", "attachment"],
    ["text/html", "application/octet-stream", "attachment"],
    ["application/pdf\r\nx: y", "application/octet-stream", "attachment"],
  ])("%s is served as %s, %s", async (stored, served, disposition) => {
    under.blobs.set(hash, { contentType: stored, bytes: Buffer.from("<svg onload=alert(1)>") });
    const answer = await get(`/api/v1/blobs/${hash}`);
    expect(answer.headers["content-type"]).toBe(served);
    expect(answer.headers["content-disposition"]).toContain(disposition);
    expect(answer.headers["content-security-policy"]).toContain("sandbox");
    expect(answer.headers["x-content-type-options"]).toBe("nosniff");
  });

  test("hashes that are none are refused before any file is touched", async () => {
    expect((await get("/api/v1/blobs/..%2F..%2Fetc%2Fpasswd")).statusCode).toBe(400);
    expect((await get(`/api/v1/blobs/${"b".repeat(64)}`)).statusCode).toBe(404);
  });
});

test("server, ingest health, docs and OpenAPI have their shapes", async () => {
  ServerInfo.parse((await get("/api/v1/server")).json());
  expect(IngestHealth.parse((await get("/api/v1/ingest/health")).json()).totals).toMatchObject({ spans: 7, duplicates: 1, late_spans: 2 });
  expect((await get("/api/v1/docs")).json()).toEqual({ data: [], next_cursor: null });
  expect((await get("/api/v1/docs/..%2Fpackage")).statusCode).toBe(400);
  expect((await get("/api/v1/docs/nothing")).statusCode).toBe(404);
  const openapi = (await get("/api/v1/openapi.json")).json();
  expect(Object.keys(openapi.paths)).toEqual(expect.arrayContaining(["/api/v1/traces/search", "/api/v1/traces/{id}/spans/{span_id}", "/api/v1/projects/{id}"]));
  expect(Object.keys(openapi.paths).filter((path) => !path.startsWith("/api/v1/"))).toEqual([]);
  const page = await get("/api/docs");
  expect(page.body).toContain("/api/v1/traces/search");
  expect(page.body).not.toContain("<script");
});

test("a POST without a body says what an empty object says, and names the fields that are missing", async () => {
  const post = (url: string) => under.app.inject({ method: "POST", url: `/api/v1${url}` });
  expect((await post("/traces/search")).json()).toMatchObject({ data: expect.any(Array) });
  expect((await post("/projects")).json()).toMatchObject({ status: 400, errors: [{ field: "body.name" }] });
});
