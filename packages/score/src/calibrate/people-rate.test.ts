import { expect, test } from "vitest";
import { peopleRate } from "./people-rate.ts";

const options = { threshold: 0.5, alpha: 0.05, halfWidth: 0.03 };

test("equal chances: Wilson's interval, and the labels that make it narrow enough", () => {
  const rate = peopleRate([{ human: "yes", traces: 90 }, { human: "no", traces: 10 }, { human: "purple", traces: 4 }, { human: undefined, traces: 9 }], options); // prettier-ignore
  expect(rate).toMatchObject({ rate: 0.9, nLabels: 100 });
  expect(rate.ci?.[0]).toBeCloseTo(0.8256, 4);
  expect(rate.ci?.[1]).toBeCloseTo(0.9448, 4);
  // 1.96² · .9 · .1 / .03² = 384, a little more for the half pass and half fail.
  expect(rate.labelsNeeded).toBeGreaterThan(370);
  expect(rate.labelsNeeded).toBeLessThan(410);
});

test("a trace that was drawn with half the chance weighs twice", () => {
  const rate = peopleRate([{ human: "true", inclusion: 0.5, traces: 10 }, { human: "false", inclusion: 1, traces: 10 }], options); // prettier-ignore
  expect(rate.rate).toBeCloseTo(2 / 3, 10);
  expect((rate.ci?.[1] ?? 0) - (rate.ci?.[0] ?? 0)).toBeGreaterThan(0.38); // of 18 labels, not 20
});

test("no labels: nothing is said", () => {
  expect(peopleRate([], options)).toEqual({ rate: undefined, ci: undefined, nLabels: 0, labelsNeeded: undefined });
});
