import { expect, test } from "vitest";
import { DURATION_STEPS, formatAxis, formatChange, formatMetric, formatShare } from "./metric.ts";

test.each([
  [1204, "count", "1,204"],
  [1_204_000, "count", "1.2M"],
  [0.0241, "ratio", "2.4%"],
  [1240, "ms", "1.24 s"],
  [0.42, "usd", "$0.42"],
  [12_345, "tokens", "12k"],
  [0.8714, "value", "0.871"],
  [null, "usd", "–"],
] as const)("%s in %s reads %s", (value, unit, said) => {
  expect(formatMetric(value, unit)).toBe(said);
});

test.each([
  [0, "0%"],
  [0.00003, "<0.01%"],
  [0.0003, "0.03%"],
  [0.5, "50%"],
  [1, "100%"],
])("a share of %s reads %s", (share, said) => {
  expect(formatShare(share)).toBe(said);
});

test("lines of a duration's axis are whole seconds, minutes and hours", () => {
  expect(DURATION_STEPS).toEqual([...DURATION_STEPS].toSorted((a, b) => a - b));
  expect(new Set(DURATION_STEPS.map((step) => formatAxis(step, "ms"))).size).toBe(DURATION_STEPS.length);
});

test.each([
  [0.123, "+12%"],
  [-0.0341, "−3.4%"],
  [2.2, "×3.2"],
  [99, "×100"],
  [0.00001, "±0%"],
  [-1, "−100%"],
])("a change of %s reads %s", (change, said) => {
  expect(formatChange(change)).toBe(said);
});

test.each([
  [0, "ms", "0"],
  [2000, "ms", "2 s"],
  [1500, "ms", "1.5 s"],
  [250, "ms", "250 ms"],
  [0.5, "ms", "0.5 ms"],
  [90_000, "ms", "1.5 m"],
  [7_200_000, "ms", "2 h"],
  [0.05, "ratio", "5%"],
  [0.002, "usd", "$0.002"],
  [1500, "usd", "$1.5k"],
] as const)("an axis says %s %s as %s", (value, unit, said) => {
  expect(formatAxis(value, unit)).toBe(said);
});
