import type { ScorerTryResult } from "@telltale/model/api";
import { expect, test } from "vitest";
import { coverageOf, coverageText, kindText, measuredText, reasonText, stateReason, summariseTry, troubleText } from "./scorer-text.ts";

test("coverage is a share of what could have been scored, never more than all of it, and unknown where nothing could", () => {
  expect(coverageOf({ eligible: 200, scored: 150 })).toBe(0.75);
  expect(coverageOf({ eligible: 10, scored: 12 })).toBe(1);
  expect(coverageOf({ eligible: null, scored: 12 })).toBeUndefined();
  expect(coverageOf({ eligible: 0, scored: 0 })).toBeUndefined();
  expect(coverageText({ eligible: 200, scored: 150, eligible_is_partial: true })).toBe("≤ 75%");
  expect(coverageText({ eligible: null, scored: 1, eligible_is_partial: false })).toBe("–");
});

test("a scorer is named by what it is", () => {
  expect(kindText({ kind: "builtin", class: "Safety", level: "trace" })).toBe("Safety");
  expect(kindText({ kind: "instructions", class: null, level: "session" })).toBe("Own judge, conversations");
});

test("a reason that is not known stays readable", () => {
  expect(reasonText("nothing_to_judge")).toBe("nothing to judge in it");
  expect(reasonText("http_418")).toBe("http 418");
});

test("a pause is told in words, with what the provider said", () => {
  expect(stateReason("unauthorized: gateway:/a: Incorrect API key.")).toBe("The key is refused: gateway:/a: Incorrect API key.");
  expect(stateReason("this version does not know it")).toBe("this version does not know it.");
});

test("a scorer that waits for its provider says so; one that only has work does not", () => {
  const reasons = [
    { state: "skipped", reason: "nothing_to_judge", count: 9 },
    { state: "waiting", reason: "unavailable", count: 2 },
  ];
  expect(troubleText({ reasons })).toMatch(/^2 traces wait: the provider was not available\./);
  expect(troubleText({ reasons: reasons.slice(0, 1) })).toBeUndefined();
});

const entry = (outcome: "scored" | "failed" | "skipped", ms: number, usd: number | null): ScorerTryResult["data"][number] => ({
  trace_id: "0".repeat(32),
  outcome,
  reason: null,
  scores: [],
  duration_ms: ms,
  cost_usd: usd,
});

test("a try's price counts every trace of the traffic, also those that are skipped for nothing", () => {
  const data = [entry("scored", 100, 0.002), entry("scored", 300, 0.004), entry("failed", 900, 0.002), entry("skipped", 1, null)];
  expect(summariseTry(data, true)).toEqual({ scored: 2, failed: 1, skipped: 1, medianMs: 300, usdPer1000: 2 });
});

test("a judgement without a price leaves the price unknown; code costs nothing", () => {
  expect(summariseTry([entry("scored", 100, null)], true).usdPer1000).toBeUndefined();
  expect(summariseTry([entry("scored", 1, null)], false).usdPer1000).toBe(0);
  expect(summariseTry([], true)).toMatchObject({ medianMs: undefined, usdPer1000: undefined });
});

test("a measured share stands with its interval", () => {
  expect(measuredText({ value: 0.881, low: 0.866, high: 0.895 })).toBe("0.88 (0.87–0.90)");
});
