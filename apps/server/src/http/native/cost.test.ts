import { expect, test } from "vitest";
import { appUnderTest } from "../app-under-test.ts";

test("every question about cost answers for an empty window, with its times", async () => {
  const { app } = await appUnderTest();
  for (const [path, empty] of [
    ["summary", { groups: [], classes: [], total: { cost_usd: null } }],
    ["models", { data: [] }],
    ["unpriced", { data: [], calls: 0, share_of_calls: null }],
    ["identities", { data: [], reports: 0 }],
    ["patterns", { patterns: [], dearest: [], examined: { traces: 0 } }],
  ] as const) {
    const answer = await app.inject({ url: `/api/v1/cost/${path}?from=2026-11-01T00:00:00Z&to=2026-11-02T00:00:00Z&project_ids=1,2` });
    expect(answer.statusCode, `${path}: ${answer.body}`).toBe(200);
    expect(answer.json()).toMatchObject({ from: "2026-11-01T00:00:00.000Z", to: "2026-11-02T00:00:00.000Z", partial: false, ...empty });
  }
});

test.each([
  ["summary?from=yesterday", /from must be an RFC 3339 time/],
  ["patterns?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z", /from must be earlier than to/],
  ["unpriced?filter=model%20%3D", /column/i],
  ["summary?group_by=nonsense", /group_by/],
])("%s is refused with one sentence", async (path, message) => {
  const { app } = await appUnderTest();
  const answer = await app.inject({ url: `/api/v1/cost/${path}` });
  expect(answer.statusCode).toBe(400);
  expect(answer.json().detail).toMatch(message);
});

test("repricing says what is wrong with a question, and that a run is not there", async () => {
  const { app } = await appUnderTest();
  const post = (body: unknown) =>
    app.inject({ method: "POST", url: "/api/v1/reprice", headers: { "content-type": "application/json" }, payload: JSON.stringify(body) });
  expect((await post({ filter: "model =" })).json().type).toBe("urn:telltale:error:filter_invalid");
  expect((await post({ form: "x" })).statusCode).toBe(400);
  expect((await app.inject({ url: "/api/v1/reprice/7" })).statusCode).toBe(404);
  expect((await app.inject({ url: "/api/v1/reprice" })).json()).toEqual({ data: [], next_cursor: null });
});

test("the API's description names them all", async () => {
  const { app } = await appUnderTest();
  const { paths } = (await app.inject({ url: "/api/v1/openapi.json" })).json();
  for (const path of ["/cost/summary", "/cost/models", "/cost/unpriced", "/cost/identities", "/cost/patterns", "/prices", "/reprice", "/reprice/{id}"])
    expect(paths[`/api/v1${path}`], path).toBeDefined();
});
