import type { SloIndicator, Trace } from "@telltale/model";
import { parseFilter } from "@telltale/model/filter";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedEngine } from "../../engine/embedded.ts";
import { Block, writeBlock } from "../block.ts";
import { openTestEngine } from "./engine.testing.ts";
import { sloCounts, sloQuantiles } from "./slo-counts.ts";
import { addToBlock, makeWorld } from "./world.testing.ts";

let engine: EmbeddedEngine;
let close: () => Promise<void>;
const world = makeWorld(400, 21).map(({ trace }) => trace);
const starts = world.map((trace) => trace.startNs).toSorted((a, b) => (a < b ? -1 : 1));
const fromNs = starts[20] as bigint;
const toNs = starts[380] as bigint;
const scope = { projectIds: ["0"] };
const middle = (values: (number | undefined)[]): number => {
  const known = values.filter((value): value is number => value !== undefined).toSorted((a, b) => a - b);
  return known[Math.floor(known.length / 2)] ?? expect.unreachable();
};
const slow = middle(world.map((trace) => trace.durationMs));
const late = middle(world.map((trace) => trace.ttftMs));

beforeAll(async () => {
  ({ engine, close } = await openTestEngine());
  for (const version of [5n, 6n]) {
    // Twice: a trace that is written again counts once.
    const block = new Block();
    for (const item of makeWorld(400, 21)) addToBlock(block, item, version);
    await writeBlock(engine, block, `b${version}`);
  }
}, 60_000);
afterAll(() => close());

const meaning: Record<string, { indicator: SloIndicator; counted: (trace: Trace) => boolean; bad: (trace: Trace) => boolean }> = {
  latency: { indicator: { kind: "latency", thresholdMs: slow }, counted: (trace) => trace.status !== "in_progress", bad: (trace) => trace.durationMs > slow },
  ttft: { indicator: { kind: "ttft", thresholdMs: late }, counted: (trace) => trace.ttftMs !== undefined, bad: (trace) => (trace.ttftMs ?? 0) > late },
  error_rate: { indicator: { kind: "error_rate" }, counted: (trace) => trace.status !== "in_progress", bad: (trace) => trace.status === "error" },
};

test.each(Object.entries(meaning))("%s: counts per hour and of the newest part are what a plain count gives", async (_, { indicator, counted, bad }) => {
  const filter = parseFilter("environment = 'production' OR has_error = false");
  const question = { scope, filter, indicator, fromNs, toNs };
  const { hours, recent } = await sloCounts(engine, question, [600, 7200]);
  const inside = world.filter(
    (trace) =>
      trace.projectId === "0" &&
      trace.startNs >= fromNs &&
      trace.startNs < toNs &&
      (trace.environment === "production" || !(trace.errorCount > 0 || trace.status === "error")),
  );
  const count = (traces: readonly Trace[]) => ({
    good: traces.filter((trace) => counted(trace) && !bad(trace)).length,
    bad: traces.filter((trace) => counted(trace) && bad(trace)).length,
    excluded: traces.filter((trace) => !counted(trace)).length,
  });
  const hourOf = (trace: Trace): number => Number(trace.startNs / 3_600_000_000_000n) * 3600;
  const expected = [...new Set(inside.map(hourOf))].toSorted((a, b) => a - b);
  expect(hours).toEqual(expected.map((hour) => ({ hour, ...count(inside.filter((trace) => hourOf(trace) === hour)) })));
  expect(count(inside).bad).toBeGreaterThan(0);
  for (const seconds of [600, 7200])
    expect(recent.get(seconds)).toEqual(count(inside.filter((trace) => trace.startNs >= toNs - BigInt(seconds) * 1_000_000_000n)));
});

test("quantiles of the signal, null where there is none", async () => {
  const question = { scope, filter: undefined, indicator: { kind: "latency", thresholdMs: 1 } as const, fromNs, toNs };
  const [half, all] = await sloQuantiles(engine, question, [0.5, 1]);
  const values = world
    .filter((trace) => trace.projectId === "0" && trace.startNs >= fromNs && trace.startNs < toNs && trace.status !== "in_progress")
    .map((trace) => trace.durationMs)
    .toSorted((a, b) => a - b);
  expect(all).toBeCloseTo(values.at(-1) as number, 1);
  expect(half).toBeGreaterThanOrEqual(values[Math.floor(values.length * 0.4)] as number);
  expect(half).toBeLessThanOrEqual(values[Math.ceil(values.length * 0.6)] as number);
  expect(await sloQuantiles(engine, { ...question, filter: parseFilter("name = 'never'") }, [0.5])).toEqual([null]);
  expect(await sloQuantiles(engine, { ...question, indicator: { kind: "error_rate" } }, [0.5])).toEqual([null]);
});
