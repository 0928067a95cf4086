import fc from "fast-check";
import { expect, test } from "vitest";
import { isSampled, samplingPoint } from "./sampling.ts";

test("a higher rate picks everything that a lower one picked", () => {
  fc.assert(
    fc.property(fc.string(), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (id, a, b) => {
      const [low, high] = a < b ? [a, b] : [b, a];
      return !isSampled(id, low) || isSampled(id, high);
    }),
  );
});

test("rate 0 picks nothing, rate 1 everything, and a tenth about a tenth", () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => `trace-${index}`);
  expect(ids.filter((id) => isSampled(id, 0))).toEqual([]);
  expect(ids.every((id) => isSampled(id, 1))).toBe(true);
  expect(ids.filter((id) => isSampled(id, 0.1)).length).toBeGreaterThan(1_850);
  expect(ids.filter((id) => isSampled(id, 0.1)).length).toBeLessThan(2_150);
});

test("the point of an id never changes: a restart or a new version samples the same traces", () => {
  expect(samplingPoint("00000000000000000000000000000001")).toBeCloseTo(0.8781224839, 9);
  expect(samplingPoint("a")).toBe(samplingPoint("a"));
});
