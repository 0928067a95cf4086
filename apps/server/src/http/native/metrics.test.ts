import { afterEach, beforeEach, expect, test } from "vitest";
import { MetricsAnswer } from "@telltale/model/api";
import { appUnderTest, type AppUnderTest } from "../app-under-test.ts";

let under: AppUnderTest;
beforeEach(async () => {
  under = await appUnderTest();
});
afterEach(() => under.app.close());

const window = { from: "2026-11-23T00:00:00Z", to: "2026-11-24T00:00:00Z" };
const ask = (body: object) => under.app.inject({ method: "POST", url: "/api/v1/metrics/query", payload: { metric: "cost_usd", ...window, ...body } });

test("a question reaches the store as it was asked, and the answer has the shape of the schema", async () => {
  under.store.metricsAnswer = {
    unit: "usd",
    of: "spans",
    points: [
      { timeNs: 1_795_392_000_000_000_000n, group: { model: "unknown" }, isRest: false, values: { sum: null, avg: 0.5 }, n: 2, nMissing: 1 },
      { timeNs: undefined, group: {}, isRest: true, values: { sum: 1 }, n: 3, nMissing: 0 },
    ],
    partial: true,
    readFromNs: 1_795_392_000_000_000_000n,
  };
  const answer = await ask({ project_ids: ["7"], filter: "status = 'ERROR'", interval: "1h", time_zone: "Asia/Tokyo", group_by: ["model", "tags.team"] });
  expect(MetricsAnswer.parse(answer.json())).toEqual({
    metric: "cost_usd",
    unit: "usd",
    of: "spans",
    data: [
      { time: "2026-11-23T00:00:00.000Z", group: { model: "unknown" }, values: { sum: null, avg: 0.5 }, n: 2, n_missing: 1 },
      { time: null, group: {}, rest: true, values: { sum: 1 }, n: 3, n_missing: 0 },
    ],
    partial: true,
    read_from: "2026-11-23T00:00:00.000Z",
  });
  expect(under.store.metricsQuestions[0]).toMatchObject({
    scope: { projectIds: ["7"] },
    metric: "cost_usd",
    interval: "1h",
    timeZone: "Asia/Tokyo",
    groupBy: ["model", "tags.team"],
    filter: { kind: "compare" },
    fromNs: 1_795_392_000_000_000_000n,
  });
});

test.each([
  [{ metric: "money" }, "body.metric"],
  [{ group_by: ["moon"] }, "body.group_by.0"],
  [{ interval: "1y" }, "body.interval"],
  [{ from: "soon" }, "from"],
  [{ limit: 0 }, "body.limit"],
  [{ unknown: 1 }, "body"],
])("%j is refused and the field is named", async (body, field) => {
  const answer = await ask(body);
  expect([answer.statusCode, answer.json().errors?.[0]?.field]).toEqual([400, field]);
});

test("what can be grouped by is said where a query names something else", async () => {
  expect((await ask({ group_by: ["moon"] })).json().errors[0].message).toMatch(/none of project, route.* metadata.<key>/);
});

test("a wrong filter points at the column", async () => {
  expect((await ask({ filter: "status = " })).json()).toMatchObject({ type: "urn:telltale:error:filter_invalid", errors: [{ column: expect.any(Number) }] });
});

test("Accept: text/csv answers rows, with empty cells where nothing is known", async () => {
  under.store.metricsAnswer = {
    unit: "usd",
    of: "spans",
    points: [
      { timeNs: 1_795_392_000_000_000_000n, group: { model: "=cmd" }, isRest: false, values: { sum: null, avg: 0.5 }, n: 2, nMissing: 1 },
      { timeNs: undefined, group: {}, isRest: true, values: { sum: 1, avg: 1 }, n: 3, nMissing: 0 },
    ],
    partial: true,
    readFromNs: 1_795_392_000_000_000_000n,
  };
  const answer = await under.app.inject({
    method: "POST",
    url: "/api/v1/metrics/query?bom=true",
    headers: { accept: "text/csv, application/json;q=0.5" },
    payload: { metric: "cost_usd", group_by: ["model"], ...window },
  });
  expect(answer.headers).toMatchObject({ "content-type": "text/csv; charset=utf-8; header=present", "x-telltale-partial": "true" });
  expect(answer.body).toBe("\uFEFFtime,model,rest,sum,avg,n,n_missing\r\n2026-11-23T00:00:00.000Z,'=cmd,false,,0.5,2,1\r\n,,true,1,1,3,0\r\n");
  const json = await under.app.inject({
    method: "POST",
    url: "/api/v1/metrics/query",
    headers: { accept: "text/csv;q=0" },
    payload: { metric: "cost_usd", ...window },
  });
  expect(json.headers["content-type"]).toMatch(/^application\/json/);
});
