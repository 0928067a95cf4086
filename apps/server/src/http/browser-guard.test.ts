import { afterAll, beforeAll, expect, test } from "vitest";
import { appUnderTest, type AppUnderTest } from "./app-under-test.ts";
import { isTrustedHost } from "./browser-guard.ts";

let under: AppUnderTest;
beforeAll(async () => {
  under = await appUnderTest({ allowedHosts: ["telltale.example.org"] });
});
afterAll(() => under.app.close());

test.each([
  ["127.0.0.1:4700", true],
  ["localhost", true],
  ["LOCALHOST:4700", true],
  ["[::1]:4700", true],
  ["10.0.0.7:4700", true],
  ["telltale:4700", true],
  ["host.docker.internal:4700", true],
  ["app.localhost", true],
  ["telltale.example.org", true],
  ["telltale.example.org:8443", true],
  ["evil.example", false],
  ["127.0.0.1.evil.example", false],
  ["127.0.0.1.nip.io:4700", false],
  ["localhost.evil.example", false],
  ["evil.example:4700@localhost", false],
  ["", false],
  ["a b", false],
])("Host %j is trusted: %s", (host, expected) => {
  expect(isTrustedHost(host, ["telltale.example.org"])).toBe(expected);
});

test("a rebound name reads nothing", async () => {
  const answer = await under.app.inject({ url: "/api/v1/projects", headers: { host: "rebind.evil.example:4700" } });
  expect([answer.statusCode, answer.json().title]).toEqual([403, "forbidden"]);
});

test("exporters may reach the receiver under any name", async () => {
  const answer = await under.app.inject({
    method: "POST",
    url: "/v1/traces",
    headers: { host: "gateway.example:4700", "content-type": "application/json" },
    payload: "{}",
  });
  expect(answer.statusCode).toBe(200);
});

test.each([
  [{ origin: "https://evil.example" }, 403],
  [{ origin: "null" }, 403],
  [{ origin: "http://localhost:9999" }, 403],
  [{ origin: "http://evil.example:4700", host: "evil.example:4700" }, 403],
  [{ "sec-fetch-site": "cross-site" }, 403],
  [{ origin: "http://localhost:4700" }, 201],
  [{}, 201],
])("a write with %j is answered %i", async (headers, status) => {
  const answer = await under.app.inject({
    method: "POST",
    url: "/api/v1/projects",
    headers: { host: "localhost:4700", ...headers },
    payload: { name: `p${Math.random()}` },
  });
  expect(answer.statusCode).toBe(status);
  expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
});

test("a form of another page cannot write: it has no JSON", async () => {
  const answer = await under.app.inject({ method: "POST", url: "/api/v1/projects", headers: { "content-type": "text/plain" }, payload: '{"name":"x"}' });
  expect(answer.statusCode).toBe(415);
});
