import { expect, test } from "vitest";
import type { MetricsAnswer, MetricsPoint } from "@telltale/model/api";
import { restsOn, rowsOf, seriesOf } from "./tile-figures.ts";

const answer = (metric: MetricsAnswer["metric"], unit: MetricsAnswer["unit"], data: MetricsPoint[]): MetricsAnswer => ({
  metric,
  unit,
  of: "traces",
  data,
  partial: false,
  read_from: "2026-11-23T00:00:00.000Z",
});
const point = (time: string | null, group: Record<string, string>, values: MetricsPoint["values"], n = 1): MetricsPoint => ({
  time,
  group,
  values,
  n,
  n_missing: 0,
});
const [one, two] = ["2026-11-23T00:00:00.000Z", "2026-11-23T01:00:00.000Z"];

test("lines of several queries share their steps, and say what they are", () => {
  const { times, series } = seriesOf([
    { query: { metric: "input_tokens", label: "In" }, answer: answer("input_tokens", "tokens", [point(one, {}, { sum: 1 }), point(two, {}, { sum: null })]) },
    { query: { metric: "trace_count", group_by: ["status"] }, answer: answer("trace_count", "count", [point(two, { status: "error" }, { count: 4 })]) },
  ]);
  expect(times).toEqual([Date.parse(one), Date.parse(two)]);
  expect(series.map(({ label, values }) => [label, values])).toEqual([
    ["In", [1, null]],
    ["error, Traces", [null, 4]],
  ]);
  expect(series[1]?.color).toBe("chart-error");
});

test("one query with one figure names its lines by group alone; what is left over is grey", () => {
  const { series } = seriesOf([
    {
      query: { metric: "cost_usd", group_by: ["model"] },
      answer: answer("cost_usd", "usd", [point(one, { model: "gpt-x" }, { sum: 1 }), { ...point(one, {}, { sum: 2 }), rest: true }]),
    },
  ]);
  expect(series.map(({ label, color }) => [label, color])).toEqual([
    ["gpt-x", undefined],
    ["All others", "chart-rest"],
  ]);
});

test("a table has a row for each group and a column for each figure; no answer is not a zero", () => {
  const { fields, columns, rows } = rowsOf([
    {
      query: { metric: "cost_usd", group_by: ["model"] },
      answer: answer("cost_usd", "usd", [point(null, { model: "a" }, { sum: 3 }), point(null, { model: "b" }, { sum: null })]),
    },
    {
      query: { metric: "latency_ms", aggregations: ["p50", "p95"], group_by: ["model"], label: "Time" },
      answer: answer("latency_ms", "ms", [point(null, { model: "a" }, { p50: 1, p95: 2 })]),
    },
  ]);
  expect(fields).toEqual(["model"]);
  expect(columns.map(({ label }) => label)).toEqual(["Cost", "Time, p50", "Time, p95"]);
  expect(rows.map(({ group, values }) => [group["model"], Object.values(values)])).toEqual([
    ["a", [3, 1, 2]],
    ["b", [null]],
  ]);
});

test("figures say what they rest on", () => {
  expect(restsOn({ n: 1, n_missing: 0 }, "traces")).toBe("1 trace");
  expect(restsOn({ n: 1204, n_missing: 7 }, "spans")).toBe("1,204 spans, 7 more unknown");
});
