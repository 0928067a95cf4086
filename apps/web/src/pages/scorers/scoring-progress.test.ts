import { expect, test } from "vitest";
import { progressOf } from "./scoring-progress.ts";

const quiet = { waiting: 3, running: 2, sampled: 500, backfill: null };
const past = { from: "2026-11-01T00:00:00Z", to: "2026-11-02T00:00:00Z" };

test("a backfill is shown by its own figures, whatever else waits", () => {
  const backfill = { ...past, state: "running", added: 1000, done: 40 } as const;
  expect(progressOf({ ...quiet, waiting: 960, backfill })).toEqual({ label: "Backfill", done: 40, total: 1000, isGrowing: true });
  expect(progressOf({ ...quiet, backfill: { ...backfill, state: "done", done: 999 } })).toMatchObject({ done: 999, isGrowing: false });
});

test("without one a queue is shown when it is worth it", () => {
  expect(progressOf(quiet)).toBeUndefined();
  expect(progressOf({ ...quiet, waiting: 98 })).toEqual({ label: "Scoring", done: 400, total: 500, isGrowing: false });
  expect(progressOf({ ...quiet, backfill: { ...past, state: "done", added: 9, done: 9 } })).toBeUndefined();
});
