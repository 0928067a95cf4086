import { expect, test } from "vitest";
import { fromInputValue, presetOf, resolveRange, toInputValue } from "./time-range.ts";

const now = Date.UTC(2026, 10, 23, 12);

test("a preset is a window that ends now and stays open", () => {
  expect(resolveRange({ range: "1h" }, now)).toEqual({ from: "2026-11-23T11:00:00.000Z" });
});

test("all time has no bounds", () => {
  expect(resolveRange({ range: "all" }, now)).toEqual({});
});

test("an absolute window wins over a preset", () => {
  expect(resolveRange({ range: "1h", from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" }, now)).toEqual({
    from: "2026-01-01T00:00:00Z",
    to: "2026-01-02T00:00:00Z",
  });
});

test("an unknown preset in a URL falls back to the default", () => {
  expect(presetOf({ range: "century" }).key).toBe("7d");
});

test.each(["utc", "local"] as const)("what a person types survives the round trip (%s)", (zone) => {
  const iso = fromInputValue("2026-11-23T09:30", zone);
  expect(toInputValue(iso, zone)).toBe("2026-11-23T09:30");
});

test("a half typed time is no time", () => {
  expect(fromInputValue("", "utc")).toBeUndefined();
  expect(fromInputValue("2026-99-99T00:00", "utc")).toBeUndefined();
});
