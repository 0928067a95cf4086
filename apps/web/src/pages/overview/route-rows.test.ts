import type { MetricsAnswer, MetricsPoint } from "@telltale/model/api";
import { expect, test } from "vitest";
import { routeRows } from "./route-rows.ts";

const answer = (points: [route: string, values: MetricsPoint["values"], n: number][]): MetricsAnswer => ({
  metric: "error_rate",
  unit: "ratio",
  of: "traces",
  data: [
    ...points.map(([route, values, n]): MetricsPoint => ({ time: null, group: { route }, values, n, n_missing: 0 })),
    { time: null, group: {}, rest: true, values: { avg: 1 }, n: 5, n_missing: 0 },
  ],
  partial: false,
  read_from: "2026-11-23T00:00:00Z",
});

test("figures of several answers meet by route; what one lacks, or is not there yet, is unknown", () => {
  const errors = answer([
    ["chat", { avg: 0.1 }, 20],
    ["unknown", { avg: 0 }, 3],
  ]);
  const rows = routeRows(errors, {
    latency: answer([["chat", { p50: 1, p95: 2, p99: 3 }, 20]]),
    cost: answer([["unknown", { sum: 4, avg: 2 }, 2]]),
    ttft: undefined,
    tokens: undefined,
  });
  expect(rows).toEqual([
    { route: "chat", traces: 20, errorRate: 0.1, p50: 1, p95: 2, p99: 3, ttft: null, cost: null, costEach: null, tokens: null },
    { route: "unknown", traces: 3, errorRate: 0, p50: null, p95: null, p99: null, ttft: null, cost: 4, costEach: 2, tokens: null },
  ]);
});
