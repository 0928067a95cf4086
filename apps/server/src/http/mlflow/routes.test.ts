import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fakeServer, type FakeServer } from "./mlflow-app.fake.ts";

let server: FakeServer;
beforeEach(async () => {
  server = await fakeServer();
});
afterEach(() => server.close());

const proxy = "/api/2.0/mlflow-artifacts/artifacts";

test("the version is plain text: it decides whether the client sends spans at all", async () => {
  const answer = await server.call("GET", "/version");
  expect([answer.text, answer.headers["content-type"]]).toEqual(["3.18.0", "text/plain; charset=utf-8"]);
});

test("both bases answer alike", async () => {
  const [api, ajax] = await Promise.all([server.call("GET", "/api/3.0/mlflow/server-info"), server.call("GET", "/ajax-api/3.0/mlflow/server-info")]);
  expect(api.json).toEqual(ajax.json);
  expect(api.json).toMatchObject({ workspaces_enabled: false, multipart_uploads_enabled: false, artifact_serving_enabled: true });
});

test.each([
  "/api/2.0/mlflow/nope",
  "/api/3.0/mlflow/gateway/none",
  "/api/4.0/mlflow/traces/1/info",
  "/ajax-api/3.0/nope",
  "/ajax-api/2.0/mlflow-artifacts/mpu/create/x",
  "/api/3.0/mlflow/traces/a/b/c/d",
])("%s is a JSON 404 with ENDPOINT_NOT_FOUND, whatever the method", async (url) => {
  for (const method of ["GET", "POST", "DELETE"] as const) {
    const answer = await server.call(method, url, method === "GET" ? undefined : "{bad");
    expect([answer.status, (answer.json as { error_code: string }).error_code]).toEqual([404, "ENDPOINT_NOT_FOUND"]);
  }
});

test("leaves the native API alone", async () => {
  const answer = await server.call("GET", "/api/v1/traces");
  expect(answer.json).not.toHaveProperty("error_code");
});

test.each([
  ["GET", "/api/3.0/mlflow/traces/search", "POST"],
  ["DELETE", "/api/3.0/mlflow/traces/get", "GET"],
  ["PUT", "/api/2.0/mlflow/experiments/create", "POST"],
  ["POST", `${proxy}/0/x`, "PUT, GET, DELETE"],
] as const)("%s %s is a JSON 405 that says what is possible", async (method, url, allow) => {
  const answer = await server.call(method, url);
  expect([answer.status, answer.headers["allow"], (answer.json as { error_code: string }).error_code]).toEqual([405, allow, "ENDPOINT_NOT_FOUND"]);
});

describe("bad bodies", () => {
  test.each([
    ["malformed JSON", "{bad"],
    ["no object", "[1]"],
    ["a bare value", "42"],
    ["invalid UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ["nesting without end", "[".repeat(100_000)],
  ])("%s: 400, never 500", async (_what, body) => {
    for (const url of ["/api/3.0/mlflow/traces", "/api/3.0/mlflow/traces/search", "/api/2.0/mlflow/experiments/create"]) {
      const answer = await server.call("POST", url, body);
      expect([answer.status, (answer.json as { error_code: string }).error_code]).toEqual([400, "INVALID_PARAMETER_VALUE"]);
    }
  });

  test("the content type does not matter, an empty body is an empty message", async () => {
    const named = await server.call("POST", "/api/2.0/mlflow/experiments/create", '{"name":"plain"}', { "content-type": "text/plain" });
    expect(named.json).toEqual({ experiment_id: "1" });
    const empty = await server.call("POST", "/api/2.0/mlflow/experiments/create");
    expect(empty.json).toMatchObject({
      message: "Missing value for required parameter 'name'. See the API docs for more information about request parameters.",
    });
  });

  test("a body over the limit is 413", async () => {
    const answer = await server.call("POST", "/api/3.0/mlflow/traces", Buffer.alloc(16 * 1024 * 1024 + 1, 32));
    expect(answer.status).toBe(413);
    expect(answer.json).toHaveProperty("error_code");
  });
});

test("workspaces are refused, not ignored", async () => {
  const answer = await server.call("GET", "/api/2.0/mlflow/experiments/get?experiment_id=0", undefined, { "x-mlflow-workspace": "team-a" });
  expect([answer.status, (answer.json as { error_code: string }).error_code]).toEqual([400, "FEATURE_DISABLED"]);
});

describe("artifacts", () => {
  test("an attachment comes back as it was sent, and no browser runs it", async () => {
    const bytes = Buffer.from([0, 255, 60, 115, 99, 114]);
    const url = `${proxy}/0/traces/tr-1/artifacts/attachments/11c5b5cf`;
    expect((await server.call("PUT", url, bytes, { "content-type": "text/html" })).json).toEqual({});
    const response = await server.app.inject({ method: "GET", url });
    expect([response.rawPayload, response.headers["content-type"], response.headers["x-content-type-options"]]).toEqual([
      bytes,
      "application/octet-stream",
      "nosniff",
    ]);
    expect((await server.call("GET", `${proxy}?path=0/traces/tr-1/artifacts`)).json).toEqual({ files: [{ path: "attachments", is_dir: true }] });
    expect((await server.call("GET", `${proxy}?path=0/traces/tr-1/artifacts/attachments`)).json).toEqual({
      files: [{ path: "11c5b5cf", is_dir: false, file_size: 6 }],
    });
    expect((await server.call("DELETE", url)).json).toEqual({});
    expect((await server.call("GET", url)).status).toBe(404);
  });

  test.each(["0/../../etc/passwd", "0/%2e%2e/%2e%2e/x", "0/%252e%252e/x", "0/..%2f..%2fx", "0/a%00b", "0//x", "%2fetc/passwd"])(
    "%s never leaves the store",
    async (path) => {
      for (const [method, body] of [
        ["PUT", Buffer.from("x")],
        ["GET", undefined],
        ["DELETE", undefined],
      ] as const) {
        const answer = await server.call(method, `${proxy}/${path}`, body);
        expect([400, 404]).toContain(answer.status);
        expect(answer.json).toHaveProperty("error_code");
      }
    },
  );

  test("belongs to an experiment that exists", async () => {
    expect((await server.call("PUT", `${proxy}/77/x`, Buffer.from("x"))).status).toBe(404);
    expect((await server.call("GET", `${proxy}?path=77`)).status).toBe(404);
  });

  test("an upload without length that grows too large is 413 and leaves nothing", async () => {
    const endless = Readable.from(
      (function* () {
        for (let i = 0; i < 40; i += 1) yield Buffer.alloc(64 * 1024);
      })(),
    );
    const response = await server.app.inject({
      method: "PUT",
      url: `${proxy}/0/big`,
      payload: endless,
      headers: { "content-type": "application/octet-stream" },
    });
    expect(response.statusCode).toBe(413);
    expect((await server.call("GET", `${proxy}?path=0`)).json).toEqual({ files: [] });
  });

  test("a traces.json that is none is 400 and is not kept as a file", async () => {
    const url = `${proxy}/0/traces/tr-0123456789abcdef0123456789abcdef/artifacts/traces.json`;
    expect((await server.call("PUT", url, "{bad")).status).toBe(400);
    expect((await server.call("GET", url)).status).toBe(404);
  });
});
