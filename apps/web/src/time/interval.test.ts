import { expect, test } from "vitest";
import { intervalMs, pickInterval } from "./interval.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

test.each([
  ["15 minutes", HOUR / 4, "1m", 15],
  ["an hour", HOUR, "1m", 60],
  ["six hours", 6 * HOUR, "5m", 72],
  ["a day", DAY, "15m", 96],
  ["a week", 7 * DAY, "2h", 84],
  ["30 days", 30 * DAY, "6h", 120],
  ["90 days", 90 * DAY, "1d", 90],
  ["a year", 365 * DAY, "1w", 52.14],
])("%s is shown in steps that leave 15 to 120 points", (_, span, interval, points) => {
  expect(pickInterval(0, span)).toBe(interval);
  expect(span / intervalMs(interval)).toBeCloseTo(points, 1);
});

test("however long the window, the API's limit of steps is kept", () => {
  expect(pickInterval(0, 0)).toBe("1m");
  const span = 400 * 365 * DAY;
  expect(span / intervalMs(pickInterval(0, span))).toBeLessThan(2000);
});

test("an interval that is none is said to be none", () => {
  expect(() => intervalMs("5x")).toThrow("no interval");
});
