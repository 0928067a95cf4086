import { expect, test } from "vitest";
import { formatAgo, formatExact, formatMinute, formatMoment, instantMs, relativeMs } from "./instant.ts";

test("keeps what lies below the millisecond", () => {
  expect(instantMs("2026-11-23T09:00:00.123456789Z")).toBeCloseTo(Date.UTC(2026, 10, 23, 9, 0, 0, 123) + 0.456789, 3);
  expect(instantMs("2026-11-23T09:00:00Z")).toBe(Date.UTC(2026, 10, 23, 9));
  expect(instantMs("2026-11-23T09:00:00.5Z")).toBe(Date.UTC(2026, 10, 23, 9, 0, 0, 500));
});

test("times relative to a trace's start are exact to the nanosecond", () => {
  const since = relativeMs("2026-11-23T09:00:00.999999999Z");
  expect(since("2026-11-23T09:00:01.000000999Z")).toBeCloseTo(0.001, 9);
  expect(since("2026-11-23T09:00:00.999Z")).toBeCloseTo(-0.999999, 9);
  expect(since("2026-11-23T09:01:00Z")).toBeCloseTo(59_000.000001, 6);
});

test("says when, in the zone asked for", () => {
  const now = Date.UTC(2026, 10, 23, 10);
  expect(formatMoment("2026-11-23T09:00:00.123Z", "utc", now)).toBe("23 Nov 09:00:00.123");
  expect(formatMinute("2026-11-23T09:00:00.123Z", "utc", now)).toBe("23 Nov 09:00");
  expect(formatMoment("2024-02-01T09:00:00Z", "utc", now)).toBe("01 Feb 2024 09:00:00.000");
  expect(formatExact("2026-11-23T09:00:00.123456789Z", "utc")).toBe("23 Nov 2026, 09:00:00.123 UTC");
});

test.each([
  ["2026-11-23T09:59:59.500Z", "just now"],
  ["2026-11-23T09:59:48Z", "12 s ago"],
  ["2026-11-23T09:55:00Z", "5 min ago"],
  ["2026-11-22T09:00:00Z", "1 d ago"],
  ["2026-11-23T10:05:00Z", "in 5 min"],
])("%s is %s", (text, said) => {
  expect(formatAgo(text, Date.UTC(2026, 10, 23, 10))).toBe(said);
});

test("text that is no time is shown as it is", () => {
  expect(formatMoment("yesterday", "utc", 0)).toBe("yesterday");
});
