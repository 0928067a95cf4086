import { connect } from "node:net";
import { Client, credentials, Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { TelltaleError } from "@telltale/model";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProblemLog } from "../health/problem-log.ts";
import { FakeStore } from "../http/fake-store.ts";
import { InFlightBytes } from "../http/in-flight-bytes.ts";
import { startOtlpGrpc, type RunningGrpc } from "./otlp-grpc-server.ts";

const TRACES = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";
let store: FakeStore;
let problems: ProblemLog;
let inFlight: InFlightBytes;
let server: RunningGrpc;
let client: Client;
const logged: string[] = [];

beforeEach(async () => {
  store = new FakeStore();
  problems = new ProblemLog();
  inFlight = new InFlightBytes(10 * 1024 * 1024);
  server = await startOtlpGrpc(
    { ingest: store.ingest, problems, inFlight, maxBodyBytes: 100_000, log: { error: (_fields, message) => logged.push(message) } },
    "127.0.0.1",
    0,
  );
  client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure());
});
afterEach(async () => {
  client.close();
  await server.close(1000);
});

const pass = (bytes: Buffer) => bytes;

function call(body: Buffer, options: { path?: string; metadata?: Record<string, string>; gzip?: boolean } = {}): Promise<Buffer> {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(options.metadata ?? {})) metadata.set(key, value);
  const sender =
    options.gzip === true ? new Client(`127.0.0.1:${server.port}`, credentials.createInsecure(), { "grpc.default_compression_algorithm": 2 }) : client;
  return new Promise((resolve, reject) => {
    sender.makeUnaryRequest(options.path ?? TRACES, pass, pass, body, metadata, (error: ServiceError | null, answer?: Buffer) =>
      error === null ? resolve(answer ?? Buffer.alloc(0)) : reject(error),
    );
  });
}

const refusal = (promise: Promise<unknown>): Promise<ServiceError> =>
  promise.then(
    () => expect.unreachable("the call was accepted"),
    (error: ServiceError) => error,
  );

test.each(["trace.v1.TraceService", "logs.v1.LogsService", "metrics.v1.MetricsService"])("%s takes bytes and answers an empty message", async (service) => {
  const answer = await call(Buffer.from("spans"), {
    path: `/opentelemetry.proto.collector.${service}/Export`,
    metadata: { "x-telltale-project": "shop", "x-mlflow-run-id": "r" },
  });
  expect(answer).toHaveLength(0);
  expect(store.bodies[0]).toMatchObject({
    body: Buffer.from("spans"),
    format: "protobuf",
    project: { projectName: "shop" },
    runId: "r",
    client: expect.stringContaining("grpc-node"),
  });
  expect(inFlight.held).toBe(0);
});

test("gzip is undone; a part that was refused is said", async () => {
  store.answer = () => ({ accepted: 1, rejected: 2, message: "no" });
  const answer = await call(Buffer.from("spans ".repeat(100)), { gzip: true });
  expect(store.bodies[0]?.body.toString()).toBe("spans ".repeat(100));
  expect(answer.toString("hex")).toBe("0a06080212026e6f");
});

test("overload is RESOURCE_EXHAUSTED with the time to wait", async () => {
  store.answer = () => {
    throw new TelltaleError("overloaded", "later", { retryAfterS: 2 });
  };
  const error = await refusal(call(Buffer.from("x")));
  expect([error.code, error.details]).toEqual([status.RESOURCE_EXHAUSTED, "later"]);
  const details = error.metadata.get("grpc-status-details-bin")[0];
  expect(details?.toString()).toContain("google.rpc.RetryInfo");
  expect(problems.totals.refusedOverload).toBe(1);
});

test.each([
  ["body_malformed", status.INVALID_ARGUMENT],
  ["project_not_found", status.NOT_FOUND],
  ["disk_full", status.UNAVAILABLE],
] as const)("%s is gRPC's code %i", async (code, expected) => {
  store.answer = () => {
    throw new TelltaleError(code, "half a pair \ud800");
  };
  expect((await refusal(call(Buffer.from("x")))).code).toBe(expected);
});

test("our own error is INTERNAL without its message, and logged", async () => {
  store.answer = () => {
    throw new Error("secret");
  };
  const error = await refusal(call(Buffer.from("x")));
  expect([error.code, error.details.includes("secret")]).toEqual([status.INTERNAL, false]);
  expect(logged).toContain("receiving failed");
});

test("an experiment that is no integer, an unknown method and a large message are refused", async () => {
  expect((await refusal(call(Buffer.from("x"), { metadata: { "x-mlflow-experiment-id": "abc" } }))).code).toBe(status.INVALID_ARGUMENT);
  expect((await refusal(call(Buffer.from("x"), { path: "/a.B/C" }))).code).toBe(status.UNIMPLEMENTED);
  expect((await refusal(call(Buffer.alloc(100_001)))).code).toBe(status.INVALID_ARGUMENT);
  expect((await refusal(call(Buffer.alloc(200_000), { gzip: true }))).code).toBe(status.INVALID_ARGUMENT);
  expect(problems.problems()).toContainEqual(expect.objectContaining({ code: "body_too_large", hint: expect.stringContaining("--max-body-mib") }));
});

test("gzip that is none is the caller's mistake", async () => {
  const { connect: http2 } = await import("node:http2");
  const session = http2(`http://127.0.0.1:${server.port}`);
  const stream = session.request({ ":method": "POST", ":path": TRACES, "content-type": "application/grpc", te: "trailers", "grpc-encoding": "gzip" });
  const body = Buffer.concat([Buffer.from("0100000005", "hex"), Buffer.from("hello")]);
  const code = await new Promise((resolve) => {
    stream.on("response", (headers) => resolve(headers["grpc-status"]));
    stream.on("trailers", (headers) => resolve(headers["grpc-status"]));
    stream.end(body);
  });
  session.destroy();
  expect(Number(code)).toBe(status.INVALID_ARGUMENT);
});

test("more calls at once than allowed are told to come back, and the bound is free again afterwards", async () => {
  const waiting: (() => void)[] = [];
  store.answer = async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return { accepted: 1, rejected: 0, message: "" };
  };
  const calls = Array.from({ length: 70 }, () =>
    call(Buffer.from("x")).then(
      () => "ok",
      (error: ServiceError) => error.code,
    ),
  );
  await expect.poll(() => problems.totals.refusedOverload).toBe(6);
  for (const release of waiting) release();
  store.answer = () => ({ accepted: 1, rejected: 0, message: "" });
  const outcomes = await Promise.all(calls);
  expect(outcomes.filter((outcome) => outcome === "ok")).toHaveLength(64);
  expect(outcomes.filter((outcome) => outcome === status.RESOURCE_EXHAUSTED)).toHaveLength(6);
  await expect(Promise.all(Array.from({ length: 64 }, () => call(Buffer.from("x"))))).resolves.toHaveLength(64);
});

test.each([
  ["noise", Buffer.from("nothing like HTTP/2\r\n\r\n".repeat(20))],
  ["TLS", Buffer.concat([Buffer.from("16030100c8010000c40303", "hex"), Buffer.alloc(200, 7)])],
  ["HTTP/1.1", Buffer.from("POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n")],
  ["a broken preface", Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0005\u00ff\u00ff\u0000\u0000\u0000\u0001hello".repeat(3))],
])("%s on the gRPC port does not hurt it", async (_name, bytes) => {
  await new Promise<void>((resolve) => {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => undefined); // being cut off is the point
    socket.on("close", () => resolve());
    socket.write(bytes);
    setTimeout(() => socket.destroy(), 200);
  });
  expect(await call(Buffer.from("x"))).toHaveLength(0);
});

test("a taken port rejects", async () => {
  await expect(
    startOtlpGrpc({ ingest: store.ingest, problems, inFlight, maxBodyBytes: 1, log: { error: () => undefined } }, "127.0.0.1", server.port),
  ).rejects.toThrow(/EADDRINUSE|No address added/);
});
