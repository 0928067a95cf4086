import { expect, test } from "vitest";
import { scoreUnderLoad } from "../load/score-under-load.ts";

test("every trace is scored once by every scorer, although the server is killed half way", async () => {
  const report = await scoreUnderLoad({ rate: 20, seconds: 20 });
  expect(report.traces).toBe(400);
  expect(report.wrong).toEqual([]);
  expect([report.missing, report.duplicates, report.tasks.open]).toEqual([0, 0, 0]);
  expect(report.tasks.terminal).toBe(report.pairs);
  const half = report.scored["half"] ?? 0;
  expect(half).toBeGreaterThan(140);
  expect(half).toBeLessThan(260);
  expect(report.health["half"]?.sampled).toBe(half);
  expect(report.judgeCalls).toBeGreaterThanOrEqual(400);
});
