import { expect, test } from "vitest";
import { killDuringIngest } from "../load/kill-during-ingest.ts";

test("three kills -9 during ingest: nothing acknowledged is lost, nothing is counted twice", async () => {
  const report = await killDuringIngest(3);
  expect(report.acknowledgedTraces).toBeGreaterThan(50);
  expect(report.lostTraces).toBe(0);
  expect(report.wrongTraces).toEqual([]);
  expect(report.unknownTraces).toBe(0);
});
