import { readFileSync } from "node:fs";
import type { MetricsPoint } from "@telltale/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fakeServer, type Answer, type FakeServer } from "./mlflow-app.fake.ts";

let server: FakeServer;
beforeEach(async () => {
  server = await fakeServer();
});
afterEach(() => server.close());

interface Recorded {
  request_body: Record<string, unknown>;
  status: number;
  response_body: { data_points?: unknown[] };
}

/** What the real client sent and its server answered. */
function recorded(name: string): Recorded {
  const file = readFileSync(new URL(`../../../../../tests/fixtures/mlflow/metrics_${name}.json`, import.meta.url), "utf8");
  return (JSON.parse(file) as { exchanges: [Recorded] }).exchanges[0];
}

const ask = (body: object): Promise<Answer> => server.call("POST", "/api/3.0/mlflow/traces/metrics", body);
const point = (changes: Partial<MetricsPoint>): MetricsPoint => ({ timeNs: undefined, group: {}, isRest: false, values: {}, n: 1, nMissing: 0, ...changes });

describe("what the recorded server refused is refused in the same words", () => {
  test.each(["badagg", "badinterval", "badmetric"])("%s", async (name) => {
    const { request_body: body, status, response_body: said } = recorded(name);
    const answer = await ask(body);
    expect([answer.status, answer.json]).toEqual([status, said]);
    expect(server.store.metricsQuestions).toEqual([]);
  });
});

describe("what the client asks is asked of the metrics, and answered in MLflow's form", () => {
  test.each<[string, object, MetricsPoint[]]>([
    [
      "latency",
      {
        metric: "latency_ms",
        aggregations: ["avg", "p50", "p95"],
        interval: "3600s",
        groupBy: [],
        fromNs: 1_795_339_165_103_000_000n,
        toNs: 1_795_425_566_104_000_000n,
      },
      [
        point({ timeNs: 1_795_420_800_000_000_000n, n: 0 }),
        point({ timeNs: 1_795_424_400_000_000_000n, values: { avg: 23.105263157894736, p50: 1, p95: 93.09999999999977 } }),
      ],
    ],
    ["tokens", { metric: "tokens", aggregations: ["sum", "avg"] }, [point({ values: { sum: 53, avg: 17.666666666666668 } })]],
    ["sessions", { metric: "session_count", aggregations: ["count"] }, [point({ values: { count: 1 } })]],
    [
      "spans_cost",
      { metric: "cost_usd", perCall: true, groupBy: ["model", "provider"] },
      [
        point({ group: { model: "unknown", provider: "openai" }, values: { sum: 3 } }),
        point({ group: { model: "gpt-4o-mini", provider: "openai" }, values: { sum: 4.5e-6 } }),
      ],
    ],
    [
      "filtered",
      { metric: "trace_count", filter: { kind: "and", items: [{ field: { entity: "trace", name: "status" } }, { field: { entity: "metadata" } }] } },
      [point({ values: { count: 1 } })],
    ],
    ["filtered_span", { metric: "span_count", filter: undefined, which: [{ field: "span_type", value: "TOOL" }] }, [point({ values: { count: 1 } })]],
  ])("%s", async (name, question, points) => {
    const { request_body: body, response_body: said } = recorded(name);
    server.store.metricsPoints = points;
    const answer = await ask(body);
    expect([answer.status, answer.json]).toEqual([200, said]);
    expect(server.store.metricsQuestions[0]).toMatchObject({ scope: { projectIds: ["1"] }, ...question });
  });

  test("groups are dimensions, with MLflow's words for a status", async () => {
    server.store.metricsPoints = [point({ group: { route: "a", status: "in_progress" }, values: { count: 4 } })];
    expect((await ask(recorded("trace_count").request_body)).json).toEqual({
      data_points: [{ metric_name: "trace_count", dimensions: { trace_name: "a", trace_status: "IN_PROGRESS" }, values: { COUNT: 4 } }],
    });
  });
});

test("points come page by page", async () => {
  server.store.metricsPoints = ["c", "a", "b"].map((route) => point({ group: { route }, values: { count: 1 } }));
  const body = {
    experiment_ids: ["1"],
    view_type: "TRACES",
    metric_name: "trace_count",
    aggregations: [{ aggregation_type: "COUNT" }],
    dimensions: ["trace_name"],
  };
  const first = (await ask({ ...body, max_results: 2 })).json as { data_points: { dimensions: object }[]; next_page_token: string };
  expect(first.data_points.map(({ dimensions }) => dimensions)).toEqual([{ trace_name: "a" }, { trace_name: "b" }]);
  const second = (await ask({ ...body, max_results: 2, page_token: first.next_page_token })).json;
  expect(second).toEqual({ data_points: [{ metric_name: "trace_count", dimensions: { trace_name: "c" }, values: { COUNT: 1 } }] });
});

test.each([
  [{ view_type: "MOONS" }, /view_type must be one of/],
  [{ dimensions: ["span_name"] }, /invalid dimension/],
  [{ filters: ["span.type = 'TOOL'"] }, /for view_type TRACES/],
  [{ filters: ["trace.status != 'OK'"] }, /only field = 'value'/],
  [{ page_token: "x" }, /page_token/],
])("%j is refused", async (changes, message) => {
  const answer = await ask({ ...recorded("trace_count").request_body, ...changes });
  expect([answer.status, (answer.json as { message: string }).message]).toEqual([400, expect.stringMatching(message)]);
});
