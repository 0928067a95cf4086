import { expect, test } from "vitest";
import type { Engine } from "../../engine/engine.ts";
import { cutWindows, TraceHistogram } from "./trace-histogram.ts";

const open = { from: undefined, to: undefined };
const buckets = [5, 4, 3, 2, 1].map((hour) => ({ bucket: hour * 3600, rows: 10 }));
const hour = (count: number): number => count * 3600;

test("windows touch, grow and stay open at the outer ends", () => {
  expect(cutWindows(buckets, open, "DESC", { firstRows: 10, growth: 2 })).toEqual([
    { from: hour(5), to: undefined },
    { from: hour(3), to: hour(5) },
    { from: undefined, to: hour(3) },
  ]);
  expect(cutWindows(buckets.toReversed(), { from: hour(1), to: hour(6) }, "ASC", { firstRows: 15, growth: 10 })).toEqual([
    { from: hour(1), to: hour(3) },
    { from: hour(3), to: hour(6) },
  ]);
  expect(cutWindows([], open, "DESC", { firstRows: 1, growth: 2 })).toEqual([open]);
});

test("counts are asked once, again in the background after seconds, and kept per scope", async () => {
  let asked = 0;
  let nowMs = 0;
  const engine = { query: async () => ((asked += 1), [{ at: hour(asked), rows: "1" }]) } as unknown as Engine;
  const histogram = new TraceHistogram(engine, () => nowMs, 1);
  const windows = (projectIds: string[]): Promise<unknown> => histogram.windows({ projectIds }, open, "DESC", { firstRows: 1, growth: 2 });
  await windows(["0"]);
  await windows(["0"]);
  expect(asked).toBe(1);
  await windows(["1"]);
  expect(asked).toBe(2);
  nowMs = 6_000;
  await windows(["0"]);
  await windows(["0"]);
  expect(asked).toBe(3);
  nowMs = 1_000_000;
  await windows(["0"]);
  expect(asked).toBe(4);
});
