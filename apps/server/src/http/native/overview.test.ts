import { MoversOut, ReleasesOut } from "@telltale/model/api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { appUnderTest, type AppUnderTest } from "../app-under-test.ts";

let under: AppUnderTest;
beforeEach(async () => {
  under = await appUnderTest();
});
afterEach(() => under.app.close());

const window = "from=2026-11-23T00:00:00Z&to=2026-11-24T00:00:00Z";
const get = (path: string) => under.app.inject({ method: "GET", url: `/api/v1${path}` });
const askMovers = (body: object) => under.app.inject({ method: "POST", url: "/api/v1/overview/movers", payload: body });
const times = { from: "2026-11-23T00:00:00Z", to: "2026-11-24T00:00:00Z" };

test("releases: what the store found, in the shape of the schema", async () => {
  under.store.releasesAnswer = {
    releases: [
      {
        projectId: "3",
        kind: "version",
        value: "1.1",
        firstNs: 1_795_392_000_000_000_001n,
        firstTraceId: "ab",
        traces: 7,
        replaces: undefined,
        isInitial: false,
      },
    ],
    hasMore: true,
  };
  const answer = await get(`/releases?${window}&project_ids=3,4&limit=1`);
  expect(ReleasesOut.parse(answer.json())).toEqual({
    data: [{ project_id: "3", kind: "version", value: "1.1", time: "2026-11-23T00:00:00.000000001Z", trace_id: "ab", n: 7, replaces: null, initial: false }],
    has_more: true,
  });
  expect(under.store.releasesQuestions).toEqual([
    { scope: { projectIds: ["3", "4"] }, fromNs: 1_795_392_000_000_000_000n, toNs: 1_795_478_400_000_000_000n, limit: 1 },
  ]);
});

test("movers: the window and its filter are asked for, the ranking is answered", async () => {
  const figures = { traces: 1000, failed: 20, p90Ms: 800, p95Ms: 900, p98Ms: 1000, costUsd: 5, priced: 1000 };
  under.store.shiftsAnswer = {
    all: { now: figures, before: figures },
    values: [{ field: "route", value: "chat", now: { ...figures, traces: 400, failed: 120 }, before: { ...figures, traces: 400, failed: 8 } }],
  };
  const answer = await askMovers({ ...times, filter: "environment = 'production'" });
  expect(MoversOut.parse(answer.json())).toMatchObject({
    data: [
      {
        metric: "error_rate",
        aggregation: "avg",
        field: "route",
        value: "chat",
        now: 0.3,
        before: 0.02,
        compared_with: "itself",
        predecessor: null,
        n: 400,
        n_before: 400,
      },
    ],
    n: 1000,
    n_before: 1000,
    before_from: "2026-11-22T00:00:00.000Z",
  });
  expect(under.store.shiftsQuestions[0]).toMatchObject({ scope: { projectIds: "all" }, filter: { kind: "compare" } });
});

test.each([
  ["/releases?from=soon&to=2026-11-24T00:00:00Z", "from"],
  ["/releases?from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z", "from"],
  [`/releases?${window}&limit=0`, "querystring.limit"],
])("%s is refused and the field is named", async (path, field) => {
  const answer = await get(path);
  expect([answer.statusCode, answer.json().errors?.[0]?.field]).toEqual([400, field]);
});

test.each([
  [{ to: times.to }, "body.from"],
  [{ ...times, from: times.to }, "from"],
  [{ ...times, limit: 51 }, "body.limit"],
  [{ ...times, metric: "cost_usd" }, "body"],
])("movers of %j are refused and the field is named", async (body, field) => {
  const answer = await askMovers(body);
  expect([answer.statusCode, answer.json().errors?.[0]?.field]).toEqual([400, field]);
});

test("a wrong filter points at the column", async () => {
  expect((await askMovers({ ...times, filter: "status" })).json()).toMatchObject({
    type: "urn:telltale:error:filter_invalid",
    errors: [{ column: expect.any(Number) }],
  });
});
