import { describe, expect, test } from "vitest";
import { timeSteps } from "./time-steps.ts";

const at = (text: string): number => Date.parse(text) / 1000;
const steps = (interval: string, zone: string, from: string, to: string): string[] =>
  timeSteps(interval, zone, at(from), at(to)).edges.map((edge) => new Date(edge * 1000).toISOString().slice(0, 16));

describe("steps of a window", () => {
  test("begin with the calendar, before the window if need be", () => {
    expect(steps("15m", "UTC", "2026-11-23T09:20:00Z", "2026-11-23T10:00:00Z")).toEqual(["2026-11-23T09:15", "2026-11-23T09:30", "2026-11-23T09:45"]);
    expect(steps("1h", "Asia/Kolkata", "2026-11-23T09:00:00Z", "2026-11-23T10:31:00Z")).toEqual(["2026-11-23T08:30", "2026-11-23T09:30", "2026-11-23T10:30"]);
    expect(steps("1w", "UTC", "2026-11-25T00:00:00Z", "2026-12-01T00:00:00Z")).toEqual(["2026-11-23T00:00", "2026-11-30T00:00"]);
    expect(steps("1d", "Europe/Berlin", "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z")).toEqual(["2026-11-22T23:00", "2026-11-23T23:00"]);
  });

  test("a day is a day when the clock changes", () => {
    expect(steps("1d", "Europe/Berlin", "2026-03-28T00:00:00Z", "2026-03-30T12:00:00Z")).toEqual(["2026-03-27T23:00", "2026-03-28T23:00", "2026-03-29T22:00"]);
    expect(timeSteps("1d", "Europe/Berlin", at("2026-03-28T00:00:00Z"), at("2026-03-30T12:00:00Z")).lengthS).toBeUndefined();
    expect(timeSteps("1d", "Europe/Berlin", at("2026-03-01T00:00:00Z"), at("2026-03-20T12:00:00Z")).lengthS).toBe(86_400);
    expect(steps("6h", "America/New_York", "2026-11-01T04:00:00Z", "2026-11-01T18:00:00Z")).toEqual([
      "2026-11-01T04:00",
      "2026-11-01T11:00",
      "2026-11-01T17:00",
    ]);
  });

  test("the hour that a clock shows twice is two steps, the one that it skips none", () => {
    expect(steps("1h", "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T03:00:00Z")).toEqual(["2026-10-25T00:00", "2026-10-25T01:00", "2026-10-25T02:00"]);
    expect(steps("1h", "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T03:00:00Z")).toEqual(["2026-03-29T00:00", "2026-03-29T01:00", "2026-03-29T02:00"]);
    // Lord Howe moves by half an hour: the hour that begins at the change has half its length.
    expect(steps("1h", "Australia/Lord_Howe", "2026-04-04T14:00:00Z", "2026-04-04T17:00:00Z")).toEqual([
      "2026-04-04T14:00",
      "2026-04-04T15:00",
      "2026-04-04T15:30",
      "2026-04-04T16:30",
    ]);
  });

  test("a day without a midnight begins where its clock begins", () => {
    expect(steps("1d", "Africa/Cairo", "2026-04-22T22:00:00Z", "2026-04-24T22:00:00Z")).toEqual(["2026-04-22T22:00", "2026-04-23T22:00", "2026-04-24T21:00"]);
  });

  test("decades of weeks are found in no time", () => {
    const begun = performance.now();
    expect(timeSteps("4w", "Europe/Berlin", 0, at("2070-01-01T00:00:00Z")).edges.length).toBeGreaterThan(1_000);
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});
