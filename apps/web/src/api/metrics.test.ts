import type { MetricsAnswer, MetricsPoint } from "@telltale/model/api";
import { expect, test } from "vitest";
import { changeOf, pastOf, sumOf, timelineOf } from "./metrics.ts";

const at = (hour: number): string => `2026-11-23T0${hour}:00:00Z`;
const point = (time: string, group: Record<string, string>, values: MetricsPoint["values"], n: number, rest?: true): MetricsPoint => ({
  time,
  group,
  values,
  n,
  n_missing: 0,
  ...(rest === undefined ? {} : { rest }),
});
const answer = (data: MetricsPoint[]): MetricsAnswer => ({ metric: "latency_ms", unit: "ms", of: "traces", data, partial: false, read_from: at(1) });

test("groups become series over common steps; a step that a group lacks is a gap", () => {
  const { times, series } = timelineOf(
    answer([
      point(at(2), { model: "a" }, { sum: 5 }, 3),
      point(at(1), { model: "a" }, { sum: 4 }, 2),
      point(at(2), { model: "unknown" }, { sum: null }, 1),
      point(at(1), { model: "unknown" }, { sum: 1 }, 9, true),
    ]),
    ["sum"],
  );
  expect(times).toEqual([Date.parse(at(1)), Date.parse(at(2))]);
  expect(series.map(({ key, values, n, isRest }) => ({ key, values, n, isRest }))).toEqual([
    { key: "a", values: [4, 5], n: [2, 3], isRest: false },
    { key: "unknown", values: [null, null], n: [0, 1], isRest: false },
    { key: "rest", values: [1, null], n: [9, 0], isRest: true },
  ]);
});

test("several aggregations are series of their own", () => {
  const { series } = timelineOf(answer([point(at(1), {}, { p50: 10, p95: 20 }, 3)]), ["p50", "p95"]);
  expect(series.map(({ key, values }) => [key, values])).toEqual([
    ["p50", [10]],
    ["p95", [20]],
  ]);
  expect(timelineOf(answer([point(at(1), { route: "x" }, { p50: 10, p95: 20 }, 3)]), ["p50", "p95"]).series.map(({ key }) => key)).toEqual(["x p50", "x p95"]);
});

test("a past of a few traces is nothing to compare with", () => {
  expect(pastOf(point(at(1), {}, { p95: 7 }, 19), "p95")).toBeUndefined();
  expect(pastOf(point(at(1), {}, { p95: 7 }, 20), "p95")).toBe(7);
  expect(pastOf(point(at(1), {}, { p95: null }, 20), "p95")).toBeUndefined();
  expect(pastOf(undefined, "p95")).toBeUndefined();
});

test("counts and sums of steps add up; what is unknown adds nothing, and nothing known is unknown", () => {
  expect(sumOf(answer([point(at(1), {}, { sum: 2 }, 1), point(at(2), {}, { sum: null }, 0), point(at(3), {}, { sum: 3 }, 1)]), "sum")).toBe(5);
  expect(sumOf(answer([point(at(1), {}, { sum: null }, 0)]), "sum")).toBeNull();
});

test("a change needs both values, and something to divide by", () => {
  expect(changeOf(15, 10)).toBe(0.5);
  expect(changeOf(5, 10)).toBe(-0.5);
  expect(changeOf(5, 0)).toBeUndefined();
  expect(changeOf(null, 10)).toBeUndefined();
  expect(changeOf(5, undefined)).toBeUndefined();
});
