import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { TelltaleError } from "@telltale/model";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appUnderTest, type AppUnderTest } from "../app-under-test.ts";
import { encodeExportResponse, statusWithRetry } from "./encode-answer.ts";

const PROTOBUF = "application/x-protobuf";
const BODY = Buffer.from("not decoded here");
/** `printf 'hello hello hello hello hello hello' | zstd | base64` */
const ZSTD_HELLO = Buffer.from("KLUv/QRoZQAAMGhlbGxvIAEAuUsRK+Fo5w==", "base64");
let under: AppUnderTest;

beforeEach(async () => {
  under = await appUnderTest({ maxBodyBytes: 100_000 });
});
afterEach(() => under.app.close());

function post(url: string, payload: Buffer, headers: Record<string, string> = {}) {
  return under.app.inject({ method: "POST", url, payload, headers: { "content-type": PROTOBUF, ...headers } });
}

test.each(["/v1/traces", "/v1/logs", "/v1/metrics", "/api/public/otel/v1/traces", "/v1/traces/", "//v1/traces"])(
  "%s takes protobuf and answers protobuf",
  async (url) => {
    const answer = await post(url, BODY, { authorization: "Basic cGs6c2s=", "user-agent": "OTel-OTLP-Exporter-Python/1.40" });
    expect([answer.statusCode, answer.headers["content-type"], answer.rawPayload.length]).toEqual([200, PROTOBUF, 0]);
    expect(under.store.bodies[0]).toMatchObject({ format: "protobuf", body: BODY, project: {}, client: "OTel-OTLP-Exporter-Python/1.40" });
  },
);

test("JSON with parameters is answered in JSON", async () => {
  const answer = await post("/v1/traces", Buffer.from("{}"), { "content-type": "Application/JSON; charset=utf-8" });
  expect([answer.headers["content-type"], answer.body]).toEqual(["application/json", "{}"]);
});

test("what was refused in part is said in the encoding of the request", async () => {
  under.store.answer = () => ({ accepted: 1, rejected: 300, message: "empty span id" });
  const json = await post("/v1/logs", Buffer.from("{}"), { "content-type": "application/json" });
  expect(json.json()).toEqual({ partialSuccess: { rejectedLogRecords: "300", errorMessage: "empty span id" } });
  const protobuf = await post("/v1/traces", BODY);
  expect(protobuf.rawPayload.toString("hex")).toBe(`0a1208ac02120d${Buffer.from("empty span id").toString("hex")}`);
  expect(under.problems.problems()[0]).toMatchObject({ code: "partial_success", message: "empty span id", hint: expect.stringContaining("was stored") });
});

test.each([
  ["gzip", gzipSync(BODY)],
  ["x-gzip", gzipSync(BODY)],
  ["GZIP", gzipSync(BODY)],
  ["deflate", deflateSync(BODY)],
  ["deflate", deflateRawSync(BODY)],
  ["identity", BODY],
])("Content-Encoding %s is undone", async (encoding, body) => {
  expect((await post("/v1/traces", body, { "content-encoding": encoding })).statusCode).toBe(200);
  expect(under.store.bodies[0]?.body.toString()).toBe(BODY.toString());
});

test("zstd is undone", async () => {
  await post("/v1/traces", ZSTD_HELLO, { "content-encoding": "zstd" });
  expect(under.store.bodies[0]?.body.toString()).toBe("hello hello hello hello hello hello");
});

test("an empty body is a valid empty message in both encodings", async () => {
  expect((await post("/v1/traces", Buffer.alloc(0))).statusCode).toBe(200);
  expect((await post("/v1/traces", Buffer.alloc(0), { "content-type": "application/json" })).statusCode).toBe(200);
  expect(under.store.bodies.map((input) => input.body.toString())).toEqual(["", "{}"]);
});

test.each([
  ["a content type that is none of OTLP's", { "content-type": "text/plain" }, BODY, 415, 3],
  ["no content type", { "content-type": "" }, BODY, 415, 3],
  ["garbage as content type", { "content-type": ";;;\u00ff" }, BODY, 415, 3],
  ["an unknown encoding", { "content-encoding": "br" }, BODY, 415, 3],
  ["two encodings", { "content-encoding": "gzip, gzip" }, gzipSync(gzipSync(BODY)), 415, 3],
  ["gzip that is none", { "content-encoding": "gzip" }, BODY, 400, 3],
  ["gzip that is cut off", { "content-encoding": "gzip" }, gzipSync(BODY).subarray(0, 20), 400, 3],
  ["zstd that is none", { "content-encoding": "zstd" }, BODY, 400, 3],
  ["zstd that is cut off", { "content-encoding": "zstd" }, ZSTD_HELLO.subarray(0, 12), 400, 3],
  ["a body over the limit", {}, Buffer.alloc(100_001), 413, 3],
  ["a gzip bomb", { "content-encoding": "gzip" }, gzipSync(Buffer.alloc(200_000)), 413, 3],
  ["a deflate bomb", { "content-encoding": "deflate" }, deflateRawSync(Buffer.alloc(200_000)), 413, 3],
  ["an experiment that is no integer", { "x-mlflow-experiment-id": "abc" }, BODY, 400, 3],
  ["an experiment beyond int32", { "x-mlflow-experiment-id": "2147483648" }, BODY, 400, 3],
])("%s is refused as google.rpc.Status", async (_name, headers, body, status, code) => {
  const answer = await post("/v1/traces", body, headers);
  expect(answer.statusCode).toBe(status);
  if (answer.headers["content-type"] === "application/json") expect(answer.json()).toMatchObject({ code });
  else expect([...answer.rawPayload.subarray(0, 2)]).toEqual([8, code]);
  expect(under.store.bodies).toHaveLength(0);
  expect(under.problems.totals.rejectedRequests).toBe(1);
  expect(under.inFlight.held).toBe(0);
});

test("a zstd frame that promises gigabytes is refused before anything is allocated", async () => {
  // Single segment, 8-byte content size of 1 GiB, one raw last block of one byte.
  const lying = Buffer.from("28b52ffde0000000400000000009000041", "hex");
  expect((await post("/v1/traces", lying, { "content-encoding": "zstd" })).statusCode).toBe(413);
  // Window descriptor of 3.75 TiB.
  expect((await post("/v1/traces", Buffer.from("28b52ffd00ff09000041", "hex"), { "content-encoding": "zstd" })).statusCode).toBe(413);
});

/** The header of an RLE block of 100,000 zero bytes. */
function block(last: number): Buffer {
  const header = Buffer.alloc(4);
  header.writeUIntLE((100_000 << 3) | (1 << 1) | last, 0, 3);
  return header;
}

test("a zstd bomb of repeated bytes stops at the limit", async () => {
  // Three RLE blocks of 100,000 bytes each, in a frame without a content size and a window of 1 MiB.
  const bomb = Buffer.concat([Buffer.from("28b52ffd0050", "hex"), block(0), block(0), block(1)]);
  expect((await post("/v1/traces", bomb, { "content-encoding": "zstd" })).statusCode).toBe(413);
});

test("project, run and client travel with the body", async () => {
  await post("/v1/traces", BODY, { "x-mlflow-experiment-id": "7", "x-mlflow-run-id": "r1" });
  await post("/v1/traces", BODY, { "x-telltale-project": Buffer.from("Börse").toString("latin1") });
  expect(under.store.bodies.map(({ project, runId }) => [project, runId])).toEqual([
    [{ experimentId: "7" }, "r1"],
    [{ projectName: "Börse" }, undefined],
  ]);
});

test.each([
  ["overloaded", 429, 8],
  ["disk_full", 503, 14],
] as const)("%s tells the client to come back", async (code, status, rpc) => {
  under.store.answer = () => {
    throw new TelltaleError(code, "later", { retryAfterS: 2.2 });
  };
  const answer = await post("/v1/traces", Buffer.from("{}"), { "content-type": "application/json" });
  expect([answer.statusCode, answer.headers["retry-after"], answer.json()]).toEqual([status, "3", { code: rpc, message: "later" }]);
  expect(under.problems.totals).toMatchObject({ refusedOverload: 1, rejectedRequests: 0 });
});

test("MLflow's client gets errors in its own shape", async () => {
  under.store.answer = () => {
    throw new TelltaleError("project_not_found", "No Experiment with id=99 exists");
  };
  const answer = await post("/v1/traces", BODY, { "user-agent": "mlflow-python-client/3.18.0", "x-mlflow-experiment-id": "99" });
  expect([answer.statusCode, answer.json()]).toEqual([404, { detail: "No Experiment with id=99 exists" }]);
});

test("an error of ours is a 500 without its message, and is logged", async () => {
  under.store.answer = () => {
    throw new Error("secret inner state");
  };
  const answer = await post("/v1/traces", Buffer.from("{}"), { "content-type": "application/json" });
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain("secret");
  expect(under.logged.join()).toContain("secret inner state");
});

test("a wrong method is a 405 that names the right one", async () => {
  const answer = await under.app.inject({ url: "/v1/traces" });
  expect([answer.statusCode, answer.headers.allow]).toEqual([405, "POST"]);
});

test.each([
  ["/v1/trace", /\/v1\/traces/],
  ["/api/v1/traces", /\/v1\/traces/],
  ["/v1/traces/v1/traces", /twice/],
  ["/", /\/v1\/traces/],
  ["/opentelemetry.proto.collector.trace.v1.TraceService/Export", /gRPC/],
  ["/api/v2/spans", /Zipkin/],
])("a body sent to %s is a 404 and a hint", async (url, hint) => {
  const answer = await post(url, BODY);
  expect([404, 405]).toContain(answer.statusCode);
  expect(under.problems.problems()[0]).toMatchObject({ code: "wrong_path", hint: expect.stringMatching(hint) });
});

test("pages of configured origins may send, others may not", async () => {
  const other = await appUnderTest({ otlpCorsOrigins: ["https://shop.example"] });
  const from = (origin: string, method: "POST" | "OPTIONS") =>
    other.app.inject({ method, url: "/v1/traces", headers: { origin, "content-type": PROTOBUF }, ...(method === "POST" ? { payload: BODY } : {}) });
  expect((await from("https://shop.example", "OPTIONS")).headers).toMatchObject({
    "access-control-allow-origin": "https://shop.example",
    "access-control-allow-methods": "POST",
  });
  expect((await from("https://shop.example", "POST")).statusCode).toBe(200);
  const refused = await from("https://evil.example", "POST");
  expect([refused.statusCode, refused.headers["access-control-allow-origin"]]).toEqual([403, undefined]);
  await other.app.close();
});

test("answers are valid protobuf", () => {
  const url = "type.googleapis.com/google.rpc.RetryInfo";
  const duration = "08011080cab5ee01"; // 1 s and 500,000,000 ns
  const details = "0a28" + Buffer.from(url).toString("hex") + "120a0a08" + duration;
  expect(statusWithRetry(8, "no", 1.5).toString("hex")).toBe(`080812026e6f1a36${details}`);
  expect(encodeExportResponse("traces", "protobuf", { accepted: 5, rejected: 0, message: "" })).toHaveLength(0);
});
