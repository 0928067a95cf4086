import fc from "fast-check";
import { expect, test } from "vitest";
import { expectClose, readVectors } from "../vectors/vectors.ts";
import { isotonic } from "./isotonic.ts";
import { logistic } from "./logistic.ts";

const vectors = readVectors<{ score: number[]; y: number[]; query: number[]; isotonic: number[]; logistic_unregularised: number[]; coef: [number, number] }>(
  "score_calibration",
);

test.each(vectors.cases.map((sample, index) => [index, sample] as const))("calibration, vector %i", (_index, { score, y, query, ...expected }) => {
  expectClose(isotonic(score, y).predict(query), expected.isotonic, vectors.rel_tol, "isotonic");
  const fitted = logistic(score, y);
  expectClose(fitted.predict(query), expected.logistic_unregularised, vectors.rel_tol, "logistic");
  expectClose(fitted.coef, expected.coef, vectors.rel_tol, "coef");
  expect(fitted.isConverged).toBe(true);
});

test("one score or a list, called or through predict", () => {
  const curve = isotonic([0, 1], [0, 1]);
  expect(curve(0.25)).toBe(0.25);
  expect(curve([0.25, 2])).toEqual([0.25, 1]);
  expect(curve.predict(0.25)).toBe(0.25);
  expect(curve(Number.NaN)).toBeNaN();
});

test("an isotonic curve never falls and stays within what it saw", () => {
  const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(points, (pairs) => {
      const y = pairs.map(([, value]) => value);
      const curve = isotonic(
        pairs.map(([x]) => x),
        y,
      );
      const values = curve(Array.from({ length: 45 }, (_, i) => i / 2 - 1));
      for (const [i, value] of values.entries()) expect(value).toBeGreaterThanOrEqual((values[i - 1] ?? -Infinity) - 1e-12);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(Math.min(...y) - 1e-12);
      expect(Math.max(...values)).toBeLessThanOrEqual(Math.max(...y) + 1e-12);
    }),
  );
});

test("without overlap the slope is steep and says so; without variation the base rate is all there is", () => {
  const apart = logistic([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]);
  expect(apart.isConverged).toBe(false);
  expect(apart(0.1)).toBeLessThan(0.01);
  expect(apart(0.9)).toBeGreaterThan(0.99);
  expect(logistic([0.5, 0.5, 0.5, 0.5], [0, 1, 1, 1])(0.9)).toBeCloseTo(0.75, 12);
  expect(logistic([0.1, 0.9], [1, 1])(0.5)).toBe(1);
  expect(logistic([0.1, 0.9], [0, 0])(0.5)).toBe(0);
});

test("nothing, and what is neither 0 nor 1, is refused", () => {
  expect(() => isotonic([], [])).toThrow(RangeError);
  expect(() => logistic([], [])).toThrow(RangeError);
  expect(() => logistic([0.1, 0.2], [0, 0.5])).toThrow("number 2 is 0.5");
  expect(() => isotonic([0.1], [0, 1])).toThrow("the same length");
});
