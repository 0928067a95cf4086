import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appUnderTest, type AppUnderTest } from "./app-under-test.ts";

let under: AppUnderTest;
let port: number;
beforeAll(async () => {
  under = await appUnderTest();
  await under.app.listen({ port: 0, host: "127.0.0.1" });
  port = (under.app.server.address() as AddressInfo).port;
});
afterAll(() => under.app.close());

/** Sends bytes as they are and returns all that comes back until the server closes. */
function sendRaw(bytes: Buffer | string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    const received: Buffer[] = [];
    socket.on("data", (chunk) => received.push(chunk));
    socket.on("close", () => resolve(Buffer.concat(received).toString("latin1")));
    socket.on("error", (error: NodeJS.ErrnoException) => (error.code === "ECONNRESET" ? resolve(Buffer.concat(received).toString("latin1")) : reject(error)));
    socket.write(bytes);
  });
}

const TLS_HELLO = Buffer.from("16030100c8010000c40303", "hex");

test.each([
  ["noise", Buffer.from("\u0000\u0001\u0002 nothing like HTTP\r\n\r\n"), 400],
  ["a TLS hello", Buffer.concat([TLS_HELLO, Buffer.alloc(200, 7)]), 400],
  ["HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400],
  ["huge headers", `GET / HTTP/1.1\r\nhost: localhost\r\nx: ${"a".repeat(100_000)}\r\n\r\n`, 431],
  ["two lengths", "POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello", 400],
  ["length and chunks", "POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 400],
  ["a negative length", "POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-length: -5\r\n\r\n", 400],
  [
    "a chunk that is none",
    "POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-protobuf\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    400,
  ],
  ["no host", "GET /api/v1/projects HTTP/1.1\r\nconnection: close\r\n\r\n", 400],
  ["an unknown method", "BREW /v1/traces HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", 400],
  ["a broken escape", "GET /api/v1/traces/%ZZ HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", 400],
  ["an absolute path upwards", "GET /../../../etc/passwd HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", 404],
  ["a NUL in the path", "GET /api/v1/traces/a%00b HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n", 404],
  ["an id that is too long", `GET /api/v1/traces/${"a".repeat(2000)} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`, 400],
  ["CONNECT", "CONNECT example.org:443 HTTP/1.1\r\nhost: example.org\r\n\r\n", 0],
])("%s is answered 4xx and the server lives", async (_name, bytes, status) => {
  const answer = await sendRaw(bytes);
  if (status === 0) expect(answer).not.toMatch(/^HTTP\/1\.1 [25]/);
  else expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect((await under.app.inject({ url: "/health" })).json()).toEqual({ status: "ok" });
});

test("TLS and gRPC on this port are named in ingest health", () => {
  const hints = under.problems.problems().map((problem) => problem.hint);
  expect(hints).toEqual(expect.arrayContaining([expect.stringContaining("TLS"), expect.stringContaining("gRPC")]));
});

test.each([
  ["POST", "/api/v1/traces/search", "{", 400],
  ["POST", "/api/v1/traces/search", "", 400],
  ["POST", "/api/v1/traces/search", '{"__proto__":{"x":1}}', 400],
  ["POST", "/api/v1/traces/search", "[]", 400],
  ["POST", "/api/v1/traces/search", "null", 400],
  ["POST", "/api/v1/traces/search", `{"filter":"${"(".repeat(19_000)}"}`, 400],
  ["POST", "/api/v1/traces/search", JSON.stringify({ filter: "x".repeat(3_000_000) }), 413],
  ["PUT", "/api/v1/projects", "{}", 405],
  ["DELETE", "/api/v1/server", undefined, 405],
  ["GET", "/api/v1/nothing", undefined, 404],
  ["GET", "/api/9.0/mlflow/x", undefined, 404],
])("%s %s with %.40j is a problem with status %i", async (method, url, payload, status) => {
  const answer = await under.app.inject({
    method: method as "GET",
    url,
    ...(payload === undefined ? {} : { payload, headers: { "content-type": "application/json" } }),
  });
  expect([answer.statusCode, answer.headers["content-type"]]).toEqual([status, "application/problem+json; charset=utf-8"]);
  expect(answer.json()).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
});

test("a body that ends early holds no memory", async () => {
  const socket = connect(port, "127.0.0.1");
  socket.write("POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/x-protobuf\r\ncontent-length: 1000\r\n\r\nabc");
  await expect.poll(() => under.inFlight.held).toBe(3);
  socket.destroy();
  await expect.poll(() => under.inFlight.held).toBe(0);
});

test.each([
  ["by its length", "/v1/traces", 70, false],
  ["in chunks", "/v1/traces", 70, true],
  ["by its length", "/api/v1/traces/search", 8, false],
  ["in chunks", "/api/v1/traces/search", 8, true],
  ["by its length", "/nothing", 8, false],
])("who sends too much, %s, to %s and then hangs up reads why it was refused", async (_how, path, mebibytes, chunked) => {
  const socket = connect(port, "127.0.0.1");
  const said: Buffer[] = [];
  const broken = new Promise<Error | undefined>((resolve) => socket.once("error", resolve).once("end", () => resolve(undefined)));
  const body = Buffer.alloc(mebibytes * 1024 * 1024, 32);
  const length = chunked ? "transfer-encoding: chunked" : `content-length: ${body.length}`;
  socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\n${length}\r\n\r\n`);
  const wrapped = chunked ? [Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n0\r\n\r\n")] : [body];
  for (const part of wrapped) await new Promise((sent) => socket.write(part, sent));
  socket.on("data", (chunk) => said.push(chunk));
  await expect.poll(() => Buffer.concat(said).toString()).toMatch(/^HTTP\/1.1 413 /);
  socket.end();
  expect(await broken).toBeUndefined();
});

test("more at once than memory allows is told to come back, and later requests are served", async () => {
  const tight = await appUnderTest();
  tight.inFlight.take(tight.inFlight.limitBytes - 10);
  const request = { method: "POST" as const, url: "/v1/traces", payload: "{}         ", headers: { "content-type": "application/json" } };
  const refused = await tight.app.inject(request);
  expect([refused.statusCode, refused.headers["retry-after"]]).toEqual([429, "1"]);
  tight.inFlight.giveBack(tight.inFlight.limitBytes - 10);
  expect((await tight.app.inject(request)).statusCode).toBe(200);
  expect(tight.inFlight.held).toBe(0);
  await tight.app.close();
});

test("connections that send slowly or nothing do not stay for ever", () => {
  expect(under.app.server).toMatchObject({ headersTimeout: 20_000, requestTimeout: 120_000, keepAliveTimeout: 72_000, maxConnections: 4096 });
});
