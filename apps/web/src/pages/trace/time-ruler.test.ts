import { expect, test } from "vitest";
import { rulerTicks } from "./time-ruler.ts";

test("ticks stand at round times", () => {
  expect(rulerTicks(0, 1000, 5)).toEqual([0, 200, 400, 600, 800, 1000]);
  expect(rulerTicks(130, 470, 4)).toEqual([200, 300, 400]);
});

test("minutes and hours are counted as clocks do", () => {
  expect(rulerTicks(0, 3_600_000, 4)).toEqual([0, 900_000, 1_800_000, 2_700_000, 3_600_000]);
  expect(rulerTicks(0, 13_740_000, 7)).toEqual([0, 1, 2, 3].map((hours) => hours * 3_600_000));
});

test("a window of nothing has no ticks", () => {
  expect(rulerTicks(5, 5, 8)).toEqual([]);
});

test("never many more than asked for", () => {
  for (const span of [0.003, 1, 7, 99, 12_345, 9e7]) expect(rulerTicks(0, span, 8).length).toBeLessThanOrEqual(9);
});
