import { expect, test } from "vitest";
import { lonelyPoints, seriesColors, stack, summarise, trendOf } from "./chart-data.ts";

test("layers stand on each other; a gap adds nothing and stays one where nothing is", () => {
  expect(
    stack([
      [1, null, null],
      [2, 3, null],
      [null, 1, null],
    ]),
  ).toEqual([
    [1, null, null],
    [3, 3, null],
    [3, 4, null],
  ]);
});

test("a point between gaps is found", () => {
  expect(lonelyPoints([1, null, 2, 3, null, 4])).toEqual([0, 5]);
  expect(lonelyPoints([null, undefined])).toEqual([]);
});

test("the past of a series has its colour, and takes none of the palette", () => {
  const colors = seriesColors([
    { key: "a", label: "A", values: [] },
    { key: "a before", label: "A before", values: [], previousOf: "a" },
    { key: "e", label: "E", values: [], color: "chart-error" },
    { key: "b", label: "B", values: [] },
  ]);
  expect(Object.fromEntries(colors)).toEqual({ a: "chart-1", "a before": "chart-1", e: "chart-error", b: "chart-2" });
});

test("the summary says lowest, highest, last and where it goes", () => {
  const text = summarise(
    [
      { key: "p95", label: "p95", values: [1, null, 2, 4] },
      { key: "x", label: "Old", values: [9], previousOf: "p95" },
      { key: "none", label: "p99", values: [null, null] },
      { key: "flat", label: "p50", values: [3, 3] },
    ],
    (value) => `${value} s`,
  );
  expect(text).toBe("p95: lowest 1 s, highest 4 s, last 4 s, rising. p99: no values. p50: 3 s throughout.");
});

test.each([
  [[1, 1, 1, 1.05], "steady"],
  [[1, 1, 2, 2], "rising"],
  [[4, 4, 1], "falling"],
  [[0, 0], "steady"],
  [[5], "steady"],
] as const)("%j is %s", (values, trend) => {
  expect(trendOf(values)).toBe(trend);
});
