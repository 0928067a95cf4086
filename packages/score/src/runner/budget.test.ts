import { expect, test } from "vitest";
import { mayJudge, rateWithinBudget } from "./budget.ts";

const HOUR_MS = 3_600_000;

test("the rate is lowered when the day's spending would pass the budget, and is 0 at the budget", () => {
  expect(rateWithinBudget(0.5, undefined, 100, 0)).toBe(0.5);
  expect(rateWithinBudget(0.5, 10, 2, 12 * HOUR_MS)).toBe(0.5);
  // Six in twelve hours: six more are expected, four are left.
  expect(rateWithinBudget(0.5, 10, 6, 12 * HOUR_MS)).toBeCloseTo(0.5 * (4 / 6), 9);
  expect(rateWithinBudget(0.5, 10, 10, 12 * HOUR_MS)).toBe(0);
});

test("judgements side by side are counted at the dearest price before they are paid", () => {
  const budget = { leftUsd: 1, dearestUsd: 0.25, hasEnded: true };
  expect([1, 4, 5].map((inFlight) => mayJudge(budget, inFlight))).toEqual(["yes", "yes", "wait"]);
  expect(mayJudge({ ...budget, leftUsd: 0.2 }, 1)).toBe("spent");
  expect(mayJudge({ ...budget, leftUsd: 0 }, 1)).toBe("spent");
});

test("before the first price of a day one goes ahead alone; judges without a price are not held up", () => {
  const unknown = { leftUsd: 1, dearestUsd: undefined, hasEnded: false };
  expect([1, 2].map((inFlight) => mayJudge(unknown, inFlight))).toEqual(["yes", "wait"]);
  expect(mayJudge({ ...unknown, hasEnded: true }, 32)).toBe("yes");
});
