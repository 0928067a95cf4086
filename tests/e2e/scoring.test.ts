import { expect, test } from "vitest";
import { scoreUnderLoad } from "../load/score-under-load.ts";

test("every trace is scored once by every scorer, although the server is killed half way", async () => {
  const report = await scoreUnderLoad({ rate: 20, seconds: 20 });
  expect(report.traces).toBe(400);
  expect(report.wrong).toEqual([]);
  expect(report.sampledByHalf).toBeGreaterThan(140);
  expect(report.sampledByHalf).toBeLessThan(260);
  expect(report.health["half"]?.sampled).toBe(report.sampledByHalf);
  expect(report.judgeCalls).toBeGreaterThanOrEqual(400);
});
