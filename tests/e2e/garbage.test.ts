import { randomBytes } from "node:crypto";
import { Socket } from "node:net";
import { deflateSync, gzipSync } from "node:zlib";
import { Client as GrpcClient, credentials } from "@grpc/grpc-js";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Client } from "../load/client.ts";
import { type RunningServer, startServer } from "../load/server.ts";
import { encodeRequest, encodeSpans, fixed64, makeTrace, text } from "../load/spans.ts";

let server: RunningServer;
let client: Client;
beforeAll(async () => {
  server = await startServer();
  client = new Client(server.url);
});
afterAll(async () => server.dispose());

// Whatever was thrown at it: the process lives, answers, and still takes a trace.
afterEach(async () => {
  expect(server.isRunning, server.output).toBe(true);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  expect((await client.send(encodeRequest([makeTrace()]))).status).toBe(200);
});

const good = encodeRequest([makeTrace()]);
const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;

test.each<[what: string, body: Buffer | string, headers: Record<string, string>, statuses: number[]]>([
  ["random bytes as protobuf", randomBytes(4096), {}, [400]],
  ["a cut message", good.subarray(0, good.length - 7), {}, [400]],
  ["a length that lies", Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x01]), {}, [400]],
  ["no JSON", "{ resourceSpans: [", {}, [400]],
  ["JSON of another shape", '{"resourceSpans": 7}', {}, [400]],
  ["JSON that is an array", "[]", {}, [400]],
  ["deep JSON", deep, {}, [400]],
  ["invalid UTF-8 in JSON", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), { "content-type": "application/json" }, [200, 400]],
  ["a content type nobody speaks", good, { "content-type": "image/png" }, [415]],
  ["an encoding nobody speaks", good, { "content-encoding": "br" }, [415]],
  ["no gzip although it says so", good, { "content-encoding": "gzip" }, [400]],
  ["cut gzip", gzipSync(good).subarray(0, 300), { "content-encoding": "gzip" }, [400]],
  ["no deflate although it says so", randomBytes(300), { "content-encoding": "deflate" }, [400]],
  ["no zstd although it says so", randomBytes(300), { "content-encoding": "zstd" }, [400]],
  ["a gzip bomb", gzipSync(Buffer.alloc(300 << 20)), { "content-encoding": "gzip" }, [413]],
  ["a deflate bomb", deflateSync(Buffer.alloc(300 << 20)), { "content-encoding": "deflate" }, [413]],
  ["a body over the limit", Buffer.alloc(70 << 20), {}, [413]],
  ["an unknown experiment", good, { "x-mlflow-experiment-id": "987654" }, [404]],
  ["an experiment id that is none", good, { "x-mlflow-experiment-id": "../../etc" }, [400, 404]],
])("%s is refused with a clear answer", async (_what, body, headers, statuses) => {
  const answer = await client.send(body, headers);
  expect(statuses, `${answer.status} ${answer.text.slice(0, 200)}`).toContain(answer.status);
  if (answer.status >= 400) expect(answer.text.length).toBeGreaterThan(0);
});

test("odd spans in a good request: what is wrong is rejected by itself, the rest is kept", async () => {
  const ok = makeTrace();
  const at = fixed64(BigInt(Date.now()) * 1_000_000n);
  const span = { traceId: randomBytes(16), spanId: randomBytes(8), name: "odd", startTimeUnixNano: at, endTimeUnixNano: at };
  const odd = [
    { ...span, traceId: Buffer.alloc(16) },
    { ...span, spanId: Buffer.alloc(0) },
    { ...span, traceId: randomBytes(5) },
  ];
  const answer = await client.send(encodeSpans([...ok.spans, ...odd]));
  expect(answer.status).toBe(200);
  const { trace } = await client.trace(ok.traceId);
  expect(trace.span_count).toBe(ok.spanIds.length);
});

test("absurd times, 10,000 attributes and a parent that is itself are stored without harm", async () => {
  const traceId = randomBytes(16);
  const spanId = randomBytes(8);
  const attributes = Array.from({ length: 10_000 }, (_, index) => text(`key.${index}`, "value"));
  const spans = [
    { traceId, spanId, parentSpanId: spanId, name: "own parent", startTimeUnixNano: fixed64(0n), endTimeUnixNano: fixed64((1n << 64n) - 1n), attributes },
    { traceId, spanId: randomBytes(8), parentSpanId: spanId, name: "ends first", startTimeUnixNano: fixed64(2_000_000_000n), endTimeUnixNano: fixed64(1n) },
  ];
  const answer = await client.send(encodeSpans(spans));
  expect([200, 400]).toContain(answer.status);
});

test.each([
  "\r\n\r\n",
  "GET / HTTP/9.9\r\n\r\n",
  "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
  `GET /${"a".repeat(100_000)} HTTP/1.1\r\n\r\n`,
])("raw bytes %j on every port", async (bytes) => {
  for (const port of ports()) await throwBytes(port, Buffer.from(bytes));
});

test("random bytes on every port", async () => {
  for (const port of ports()) for (let round = 0; round < 20; round += 1) await throwBytes(port, randomBytes(1 + round * 400));
});

test("a connection that sends half a request and stays silent does no harm", async () => {
  const half = Buffer.from("POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-protobuf\r\nContent-Length: 100000\r\n\r\nabc");
  const sockets = await Promise.all(ports().map(async (port) => open(port)));
  for (const socket of sockets) socket.write(half);
  expect((await client.send(good)).status).toBe(200);
  for (const socket of sockets) socket.destroy();
});

test("gRPC garbage gets a status, not a dead server", async () => {
  const grpc = new GrpcClient(server.grpc, credentials.createInsecure());
  const call = async (method: string, body: Buffer): Promise<number> =>
    await new Promise((resolve) =>
      grpc.makeUnaryRequest(
        method,
        (message: Buffer) => message,
        (message) => message,
        body,
        (error) => resolve(error?.code ?? 0),
      ),
    );
  const invalidArgument = 3;
  const unimplemented = 12;
  expect(await call("/opentelemetry.proto.collector.trace.v1.TraceService/Export", randomBytes(3000))).toBe(invalidArgument);
  expect(await call("/opentelemetry.proto.collector.trace.v1.TraceService/Export", good.subarray(0, 50))).toBe(invalidArgument);
  expect(await call("/no.such.Service/Export", good)).toBe(unimplemented);
  expect(await call("/opentelemetry.proto.collector.trace.v1.TraceService/Export", good)).toBe(0);
  grpc.close();
});

test.each([
  ["POST", "/api/v1/traces/search", "{", 400],
  ["POST", "/api/v1/traces/search", '{"filter":"status = "}', 400],
  ["POST", "/api/v1/traces/search", '{"filter":"colour = \'red\'"}', 400],
  ["POST", "/api/v1/traces/search", '{"limit":100000}', 400],
  ["POST", "/api/v1/traces/search", '{"cursor":"bm9uc2Vuc2U"}', 400],
  ["POST", "/api/v1/traces/search", '{"fliter":"x"}', 400],
  ["GET", "/api/v1/traces/zzz", undefined, 404],
  ["GET", `/api/v1/traces/${"0".repeat(32)}`, undefined, 404],
  ["GET", "/api/v1/no-such-thing", undefined, 404],
  ["GET", "/v1/traces", undefined, 405],
  ["PUT", "/api/v1/traces/search", "{}", 405],
  ["GET", "/api/v1/projects/%00", undefined, 404],
  ["GET", "/%2e%2e/%2e%2e/etc/passwd", undefined, 404],
  ["GET", "/assets/../../package.json", undefined, 404],
])("%s %s %s answers %i", async (method, path, body, status) => {
  const response = await fetch(server.url + path, { method, ...(body === undefined ? {} : { body, headers: { "content-type": "application/json" } }) });
  const answer = await response.text();
  expect(response.status, answer.slice(0, 300)).toBe(status);
  if (path.startsWith("/api/v1/")) expect(response.headers.get("content-type")).toContain("application/problem+json");
});

test("a filter's mistake is named with its column", async () => {
  const response = await fetch(`${server.url}/api/v1/traces/search`, {
    method: "POST",
    body: JSON.stringify({ filter: "status = 'OK' AND cots_usd > 1" }),
    headers: { "content-type": "application/json" },
  });
  const problem = (await response.json()) as { detail: string; errors?: { column?: number }[] };
  expect(problem.detail).toMatch(/cots_usd.*cost_usd/);
  expect(JSON.stringify(problem)).toMatch(/"column":18/);
});

test("what was refused can be read under ingest health", async () => {
  const health = await client.get<{ totals: { rejected_requests: number }; problems: { route: string; message: string; count: number }[] }>(
    "/api/v1/ingest/health",
  );
  expect(health.totals.rejected_requests).toBeGreaterThan(10);
  expect(health.problems.some(({ route }) => route.includes("/v1/traces"))).toBe(true);
  expect(health.problems.every(({ message }) => message !== "")).toBe(true);
});

function ports(): number[] {
  return [server.url, server.ready.otlp_http ?? "", `http://${server.grpc}`].map((url) => Number(new URL(url).port));
}

async function open(port: number): Promise<Socket> {
  const socket = new Socket();
  socket.on("error", () => {}); // the server may hang up at any moment: that is an answer too
  await new Promise<void>((resolve) => socket.connect(port, "127.0.0.1", resolve));
  return socket;
}

/** Sends the bytes, reads for a moment; whatever is answered must not be a server error. */
async function throwBytes(port: number, bytes: Buffer): Promise<void> {
  const socket = await open(port);
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
  socket.write(bytes);
  await new Promise((resolve) => setTimeout(resolve, 60));
  socket.destroy();
  expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
}
