import type { MoverField, PeriodFigures, Shifts } from "@telltale/store";
import { expect, test } from "vitest";
import { rankMovers } from "./rank-movers.ts";

const period = (traces: number, changes: Partial<PeriodFigures> = {}): PeriodFigures => ({
  traces,
  failed: Math.round(traces * 0.02),
  p90Ms: (changes.p95Ms ?? 1000) * 0.9,
  p95Ms: 1000,
  p98Ms: (changes.p95Ms ?? 1000) * 1.1,
  costUsd: traces * 0.01,
  priced: traces,
  ...changes,
});
const shifts = (values: [MoverField, string, PeriodFigures, PeriodFigures][], now = period(10_000), before = period(10_000)): Shifts => ({
  all: { now, before },
  values: values.map(([field, value, nowFigures, beforeFigures]) => ({ field, value, now: nowFigures, before: beforeFigures })),
});
const named = (all: Shifts, limit = 10): string[] =>
  rankMovers(all, limit).map(({ metric, field, value, comparedWith }) => `${metric} ${field} ${value}${comparedWith === "all" ? " (all)" : ""}`);

test("when nothing moved, nothing is said", () => {
  expect(rankMovers(shifts([["route", "a", period(5000), period(5000)]]), 10)).toEqual([]);
});

test("a new version is compared with what all traces did before", () => {
  const bad = period(3000, { failed: 300, p95Ms: 1900 });
  expect(named(shifts([["version", "2.0", bad, period(0, { p95Ms: undefined })]]))).toEqual(["error_rate version 2.0 (all)", "latency_ms version 2.0 (all)"]);
  const [worst] = rankMovers(shifts([["version", "2.0", bad, period(0)]]), 1);
  // 300 failed where 60 were expected of 200 in all.
  expect(worst).toMatchObject({ now: 0.1, before: 0.02, traces: 3000, tracesBefore: 0 });
  expect(worst?.contribution).toBeCloseTo(1.2);
});

test("a new version of a prompt is compared with the one it replaced; a new model with nothing", () => {
  const slow = period(900, { p95Ms: 3000 });
  const values = shifts([
    ["prompt", "reply/2", slow, period(0)],
    ["prompt", "reply/1", period(0), period(800, { p95Ms: 1500 })],
    ["prompt", "title/4", period(0), period(2000, { p95Ms: 90 })],
    ["model", "new", slow, period(0)],
  ]);
  const rates = rankMovers(values, 10).filter(({ metric }) => metric === "latency_ms");
  expect(rates).toMatchObject([{ value: "reply/2", now: 3000, before: 1500, comparedWith: { predecessor: "reply/1" } }]);
});

test("values of the same traces are named once", () => {
  const worse = period(3000, { failed: 400 });
  const values = shifts([
    ["model", "m", worse, period(3000)],
    ["route", "chat", worse, period(3010)],
    ["prompt", "chat/1", period(2990, { failed: 399 }), period(3000)],
  ]);
  expect(named(values)).toEqual(["error_rate route chat"]);
});

test("the larger contribution comes first, better or worse", () => {
  const all = shifts([
    ["route", "small", period(200, { failed: 40 }), period(200)],
    ["route", "large", period(4000, { failed: 0 }), period(4000, { failed: 400 })],
  ]);
  expect(named(all)).toEqual(["error_rate route large", "error_rate route small"]);
  expect(rankMovers(all, 10)[0]?.contribution).toBeCloseTo(-2);
});

test("chance is not a mover: few traces, or a difference within the noise", () => {
  expect(named(shifts([["user", "u", period(20, { failed: 20, p95Ms: 9000 }), period(20)]]))).toEqual([]);
  expect(named(shifts([["route", "a", period(500, { failed: 16 }), period(500)]]))).toEqual([]);
  expect(named(shifts([["route", "a", period(90, { p95Ms: 9000 }), period(90)]]))).toEqual([]);
  // One in fifteen is slow now, one in twenty was: p95 fell off the edge between fast and slow.
  expect(named(shifts([["route", "a", period(4000, { p90Ms: 300, p95Ms: 60_000 }), period(4000)]]))).toEqual([]);
  expect(named(shifts([["route", "a", period(4000, { p90Ms: 1200, p95Ms: 60_000 }), period(4000)]]))).toEqual(["latency_ms route a"]);
  expect(named(shifts([["route", "a", period(4000, { p95Ms: 500, p98Ms: 900 }), period(4000)]]))).toEqual(["latency_ms route a"]);
});

test("cost and traffic count what a value added to the total, not that it grew with it", () => {
  const all = shifts(
    [
      ["model", "opus", period(400, { costUsd: 120 }), period(400, { costUsd: 4 })],
      ["route", "chat", period(12_000), period(6000)],
      ["route", "digest", period(4000), period(400)],
    ],
    period(20_000, { costUsd: 260 }),
    period(10_000, { costUsd: 100 }),
  );
  expect(named(all)).toEqual(["cost_usd model opus", "cost_usd route chat", "cost_usd route digest", "trace_count route digest"]);
  expect(rankMovers(all, 10)[0]?.contribution).toBeCloseTo(1.16);
});

test("the one that drives the total is named, though the total grew as it did", () => {
  const all = shifts(
    [["model", "opus", period(400, { costUsd: 95 }), period(400, { costUsd: 50 })]],
    period(10_000, { costUsd: 105 }),
    period(10_000, { costUsd: 60 }),
  );
  expect(named(all)).toEqual(["cost_usd model opus"]);
});

test("a version that replaced another brings no news by its traffic and its cost", () => {
  const all = shifts([
    ["version", "1.0", period(0), period(9000)],
    ["version", "1.1", period(9000), period(0)],
  ]);
  expect(named(all)).toEqual([]);
});

test("a value of nearly all traces is the total by another name", () => {
  const worse = period(10_000, { failed: 900 });
  expect(named(shifts([["environment", "production", period(9900, { failed: 890 }), period(9900)]], worse))).toEqual([]);
});

test("without a period before there is nothing to compare", () => {
  expect(named(shifts([["route", "a", period(5000, { failed: 4000 }), period(0)]], period(9000), period(0)))).toEqual([]);
});

test("at most as many as asked, and no metric crowds out the others", () => {
  const values = Array.from({ length: 9 }, (_, index): [MoverField, string, PeriodFigures, PeriodFigures] => [
    "route",
    `r${index}`,
    period(1000, { failed: 500, ...(index === 0 ? { p95Ms: 3000 } : {}) }),
    period(1000),
  ]);
  expect(named(shifts(values)).filter((name) => name.startsWith("error_rate"))).toHaveLength(3);
  expect(named(shifts(values))).toContain("latency_ms route r0");
  expect(named(shifts(values), 2)).toHaveLength(2);
});
