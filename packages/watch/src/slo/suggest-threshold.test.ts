import fc from "fast-check";
import { expect, test } from "vitest";
import { suggestThreshold } from "./suggest-threshold.ts";

test.each([
  [2_100, 2_500],
  [90, 100],
  [91, 120],
  [950, 1_200],
  [0.04, 0.05],
  [36_000, 40_000],
  [null, null],
  [0, null],
])("%j suggests %j", (quantile, expected) => {
  expect(suggestThreshold(quantile)).toBe(expected);
});

test("leaves a tenth of room and at most doubles", () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1e7, noNaN: true }), (quantile) => {
      const threshold = suggestThreshold(quantile) ?? expect.unreachable();
      expect(threshold).toBeGreaterThanOrEqual(quantile * 1.0999);
      expect(threshold).toBeLessThanOrEqual(quantile * 1.1 * 1.34);
    }),
  );
});
