import { expect, test } from "vitest";
import { isAllTime, previousWindow, resolveWindow, windowInterval } from "./time-window.ts";

const end = Date.UTC(2026, 10, 23, 12);

test("a preset gets both ends, and stays open", () => {
  expect(resolveWindow({ range: "1h" }, end, undefined)).toEqual({ from: "2026-11-23T11:00:00.000Z", to: "2026-11-23T12:00:00.000Z", isOpen: true });
});

test("an absolute window is what the URL says, and does not move", () => {
  const window = resolveWindow({ from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z" }, end, undefined);
  expect(window).toEqual({ from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z", isOpen: false });
});

test("all time begins with the oldest trace", () => {
  expect(isAllTime({ range: "all" })).toBe(true);
  expect(isAllTime({ range: "all", to: "2026-01-02T00:00:00Z" })).toBe(false);
  expect(resolveWindow({ range: "all" }, end, "2026-11-01T00:00:00Z").from).toBe("2026-11-01T00:00:00Z");
  expect(resolveWindow({ range: "all" }, end, undefined).from).toBe("2026-08-25T12:00:00.000Z");
});

test("a window that runs backwards in the URL does not reach the API", () => {
  const { from, to } = resolveWindow({ from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }, end, undefined);
  expect(Date.parse(from)).toBeLessThan(Date.parse(to));
});

test("the previous window is as long and ends where this one begins", () => {
  const window = resolveWindow({ range: "7d" }, end, undefined);
  expect(previousWindow(window)).toEqual({ from: "2026-11-09T12:00:00.000Z", to: "2026-11-16T12:00:00.000Z", isOpen: false });
  expect(windowInterval(window)).toBe(windowInterval(previousWindow(window)));
});
