import { parseFilter } from "@telltale/model/filter";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { badTracesFilter } from "./bad-traces.ts";
import { errorBudget, noCounts } from "./budget.ts";
import { burnDown } from "./burn-down.ts";
import { burning, burnRate, burnThresholds, type BurnWindow } from "./burn-rate.ts";
import { type HourCounts, projectExhaustion } from "./projection.ts";
import { sloStatus, type SloMeasure } from "./slo-status.ts";
import { worstHours } from "./worst-hours.ts";

const nowMs = Date.UTC(2026, 10, 25, 12);
const hourAgo = (hours: number): number => nowMs / 1000 - hours * 3600;
const hour = (ago: number, good: number, bad: number): HourCounts => ({ hour: hourAgo(ago), good, bad, excluded: 0 });
const none: SloMeasure["recent"] = { "5m": noCounts, "30m": noCounts, "1h": noCounts, "6h": noCounts, "3d": noCounts };
const month = { target: 0.99, windowDays: 30 as const };

describe("error budget", () => {
  test("99 % of 10,000 traces allow 100 bad ones", () => {
    expect(errorBudget({ good: 9_970, bad: 30 }, 0.99)).toMatchObject({ total: 10_000, attained: 0.997, bad: 30 });
    expect(errorBudget({ good: 9_970, bad: 30 }, 0.99).allowed).toBeCloseTo(100, 9);
    expect(errorBudget({ good: 9_970, bad: 30 }, 0.99).remaining).toBeCloseTo(0.7, 9);
    expect(errorBudget({ good: 9_800, bad: 200 }, 0.99).remaining).toBeCloseTo(-1, 9);
  });

  test("without traffic nothing is known: not 100 %, not 0", () => {
    expect(errorBudget({ good: 0, bad: 0 }, 0.99)).toEqual({ total: 0, attained: null, allowed: 0, bad: 0, consumed: null, remaining: null });
  });
});

describe("burn rate", () => {
  test("1 uses up the budget in exactly the window", () => {
    expect(burnRate("1h", { good: 990, bad: 10 }, 0.99).rate).toBeCloseTo(1, 9);
    expect(burnRate("1h", { good: 856, bad: 144 }, 0.99).rate).toBeCloseTo(14.4, 9);
    expect(burnRate("5m", { good: 0, bad: 0 }, 0.99).rate).toBeNull();
  });

  test("thresholds are those of the SRE workbook for 30 days, and keep their share of the budget for others", () => {
    expect(burnThresholds(30).map(({ long, threshold }) => [long, Math.round(threshold * 1e6) / 1e6])).toEqual([["1h", 14.4], ["6h", 6], ["3d", 1]]); // prettier-ignore
    expect(burnThresholds(7).map(({ threshold }) => Math.round(threshold * 1e6) / 1e6)).toEqual([3.36, 1.4, 1]);
  });

  const rates = (counts: Partial<Record<BurnWindow, [good: number, bad: number]>>) =>
    Object.fromEntries(
      (["5m", "30m", "1h", "6h", "3d"] as const).map((window) => {
        const [good, bad] = counts[window] ?? [0, 0];
        return [window, burnRate(window, { good, bad }, 0.99)];
      }),
    ) as Record<BurnWindow, ReturnType<typeof burnRate>>;

  test.each<[string, Parameters<typeof rates>[0], "fast" | "slow" | undefined]>([
    ["nothing bad", { "5m": [10, 0], "1h": [100, 0], "6h": [600, 0], "3d": [9000, 0] }, undefined],
    ["2 % of the budget within an hour, and still going on", { "5m": [8, 2], "1h": [856, 144] }, "fast"],
    ["the same an hour ago, over by now", { "5m": [10, 0], "1h": [856, 144] }, undefined],
    ["5 % within six hours", { "30m": [94, 6], "6h": [940, 60] }, "fast"],
    ["10 % within three days", { "6h": [98, 2], "3d": [9_900, 100] }, "slow"],
    ["two bad ones of three: too few to say", { "5m": [0, 2], "1h": [1, 2], "30m": [0, 2], "6h": [1, 2], "3d": [1, 2] }, undefined],
    ["no traffic", {}, undefined],
  ])("%s", (_, counts, expected) => {
    expect(burning(rates(counts), 30)).toBe(expected);
  });
});

describe("projection", () => {
  const pace = (good: number, bad: number) => ({ good, bad, hours: 6 });

  test("no traffic, used up, lasting", () => {
    expect(projectExhaustion([], pace(0, 0), month, nowMs)).toEqual({ kind: "no_data" });
    expect(projectExhaustion([hour(5, 90, 10)], pace(90, 10), month, nowMs)).toEqual({ kind: "exhausted" });
    expect(projectExhaustion([hour(5, 1000, 1)], pace(600, 0), month, nowMs)).toEqual({ kind: "lasts" });
  });

  test("steady traffic that burns at 2 from a full budget of 30 days runs out about halfway", () => {
    const hours = Array.from({ length: 720 }, (_, index) => hour(720 - index, 1000, 0));
    const result = projectExhaustion(hours, { good: 5880, bad: 120, hours: 6 }, month, nowMs);
    expect(result).toEqual({ kind: "runs_out", atMs: nowMs + 360 * 3_600_000 });
  });

  test("steady burning at 1 lasts: old bad traces leave as new ones come", () => {
    const hours = Array.from({ length: 720 }, (_, index) => hour(720 - index, 996, 4));
    expect(projectExhaustion(hours, { good: 5_976, bad: 24, hours: 6 }, month, nowMs)).toEqual({ kind: "lasts" });
  });

  test("a bad hour that leaves the window tomorrow gives the budget back in time", () => {
    const old = hour(719, 0, 6_000);
    const hours = [old, ...Array.from({ length: 700 }, (_, index) => hour(700 - index, 1_000, 0))];
    expect(projectExhaustion(hours, { good: 5_970, bad: 30, hours: 6 }, month, nowMs)).toEqual({ kind: "lasts" });
    const recent = [...hours.slice(1), hour(0, 0, 6_000)];
    expect(projectExhaustion(recent, { good: 5_880, bad: 120, hours: 6 }, month, nowMs)).toMatchObject({ kind: "runs_out" });
  });
});

test("the burn-down covers the window without holes, falls with every bad trace and ends at what is left", () => {
  const traffic = fc.array(fc.record({ ago: fc.integer({ min: 1, max: 167 }), good: fc.nat(50), bad: fc.nat(5) }), { maxLength: 80 });
  fc.assert(
    fc.property(traffic, fc.constantFrom(7, 28, 30), (items, windowDays) => {
      const hours = [...new Map(items.map(({ ago, good, bad }) => [ago, hour(ago, good, bad)])).values()];
      const points = burnDown(hours, { target: 0.95, windowDays }, nowMs);
      const counts = hours.reduce((sum, item) => ({ good: sum.good + item.good, bad: sum.bad + item.bad }), { good: 0, bad: 0 });
      const { remaining } = errorBudget(counts, 0.95);
      expect(points.at(-1)?.toMs).toBe(nowMs);
      expect(points.reduce((sum, point) => sum + point.good + point.bad, 0)).toBe(counts.good + counts.bad);
      for (const [index, point] of points.entries()) {
        if (index > 0) expect(point.fromMs).toBe(points[index - 1]?.toMs);
        if (remaining === null) expect(point.remaining).toBeNull();
        else expect(point.remaining).toBeLessThanOrEqual(points[index - 1]?.remaining ?? 1);
      }
      if (remaining !== null) expect(points.at(-1)?.remaining).toBeCloseTo(remaining, 9);
    }),
  );
});

test("the worst hours come first and say what they took; good hours are not among them", () => {
  expect(worstHours([hour(3, 10, 1), hour(2, 10, 4), hour(1, 10, 0)], 10)).toEqual([
    { ...hour(2, 10, 4), consumed: 0.4 },
    { ...hour(3, 10, 1), consumed: 0.1 },
  ]);
});

test("the state says the worst that is true", () => {
  const healthy = sloStatus(month, { hours: [hour(2, 1000, 1)], recent: { ...none, "6h": { good: 1000, bad: 1, excluded: 0 } } }, nowMs);
  expect(healthy).toMatchObject({ state: "healthy", projection: { kind: "lasts" }, budget: { total: 1001 } });
  expect(sloStatus(month, { hours: [], recent: none }, nowMs)).toMatchObject({ state: "no_data", budget: { remaining: null }, worst: [] });
  expect(sloStatus(month, { hours: [hour(2, 90, 10)], recent: none }, nowMs).state).toBe("exhausted");
  const fast = { ...none, "5m": { good: 5, bad: 5, excluded: 0 }, "1h": { good: 50, bad: 50, excluded: 0 } };
  expect(sloStatus(month, { hours: [hour(100, 100_000, 0), hour(1, 50, 50)], recent: fast }, nowMs).state).toBe("burning_fast");
  const slow = { ...none, "6h": { good: 97, bad: 3, excluded: 0 }, "3d": { good: 970, bad: 30, excluded: 1 } };
  expect(sloStatus(month, { hours: [hour(100, 100_000, 0), hour(10, 970, 30)], recent: slow }, nowMs).state).toBe("burning_slow");
});

test("the filter for the bad traces keeps theirs whole", () => {
  const text = badTracesFilter({ filter: "name = 'a' OR name = 'b'", indicator: { kind: "latency", thresholdMs: 2000 } });
  expect(text).toBe("(name = 'a' OR name = 'b') AND duration_ms > 2000 AND status != 'IN_PROGRESS'");
  expect(parseFilter(text)).toBeDefined();
  expect(badTracesFilter({ filter: " ", indicator: { kind: "ttft", thresholdMs: 800.5 } })).toBe("ttft_ms > 800.5 AND ttft_ms IS NOT NULL");
  expect(badTracesFilter({ filter: "", indicator: { kind: "error_rate" } })).toBe("status = 'ERROR' AND status != 'IN_PROGRESS'");
  expect(() => badTracesFilter({ filter: "nope = 1", indicator: { kind: "error_rate" } })).toThrow(
    expect.objectContaining({ code: "filter_invalid" }) as Error,
  );
});
