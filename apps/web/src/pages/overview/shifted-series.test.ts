import { expect, test } from "vitest";
import type { MetricsTimeline } from "../../api/metrics.ts";
import { shiftedSeries } from "./shifted-series.ts";

const past = (times: number[], values: (number | null)[]): MetricsTimeline => ({
  times,
  series: [{ key: "p95", group: {}, aggregation: "p95", isRest: false, values, n: values.map(() => 2) }],
});

test("the period before lies under this one, step under step", () => {
  expect(shiftedSeries(past([0, 10, 20], [1, null, 3]), [30, 40, 50], 10, "p95")).toEqual([
    { key: "p95 before", label: "p95 before", values: [1, null, 3], n: [2, 2, 2], previousOf: "p95" },
  ]);
});

test("a step more falls off at the beginning, a step less leaves a gap there", () => {
  expect(shiftedSeries(past([0, 10, 20, 30], [1, 2, 3, 4]), [40, 50, 60], 10, "p95")[0]?.values).toEqual([2, 3, 4]);
  expect(shiftedSeries(past([20, 30], [3, 4]), [40, 50, 60], 10, "p95")[0]?.values).toEqual([null, 3, 4]);
});

test("without a period before there is no line", () => {
  expect(shiftedSeries({ times: [], series: [] }, [40], 10, "p95")).toEqual([]);
});
