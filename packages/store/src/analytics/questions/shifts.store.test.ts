import type { RawLog } from "@telltale/model";
import { parseFilter } from "@telltale/model/filter";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedEngine } from "../../engine/embedded.ts";
import type { PeriodFigures, TraceQuestions } from "../../store.ts";
import { Block, writeBlock } from "../block.ts";
import { openTestEngine } from "./engine.testing.ts";
import { traceQuestions } from "./index.ts";
import { quantile } from "./metrics/metrics-oracle.testing.ts";
import { matches } from "./oracle.testing.ts";
import { moverFields, type MoverField } from "./shifts.ts";
import { addToBlock, makeWorld, type WorldTrace } from "./world.testing.ts";

const HOUR = 3_600_000_000_000n;
const START = 1_795_424_400_000_000_000n; // 2026-11-23T09:00Z, where the world begins
const world = makeWorld(400, 8);
let engine: EmbeddedEngine;
let close: () => Promise<void>;
let questions: TraceQuestions;

beforeAll(async () => {
  ({ engine, close } = await openTestEngine());
  questions = traceQuestions(engine, { unpackLog: (raw) => ({ eventName: raw }) as RawLog });
  for (const version of [1n, 2n]) {
    const block = new Block();
    // Everything is written twice, first as failures.
    for (const item of world) addToBlock(block, version === 1n ? { ...item, trace: { ...item.trace, status: "error" } } : item, version);
    await writeBlock(engine, block, `shifts-${version}`);
  }
}, 60_000);
afterAll(() => close());

function valuesOf({ trace }: WorldTrace, field: MoverField): string[] {
  const texts: Record<MoverField, string[]> = {
    route: [trace.name],
    version: [trace.appVersion],
    environment: [trace.environment],
    user: [trace.userId],
    model: trace.models,
    tool: trace.tools,
    prompt: trace.prompts,
  };
  const known = texts[field].filter((text) => text !== "");
  // A trace that called no tool lacks nothing; one without a version does.
  return known.length === 0 && texts[field].length > 0 ? ["unknown"] : known;
}

function figuresOf(items: readonly WorldTrace[]): PeriodFigures {
  const priced = items.flatMap(({ trace }) => trace.costUsd ?? []);
  const times = items.map(({ trace }) => trace.durationMs);
  const level = (share: number) => (times.length === 0 ? undefined : (expect.closeTo(quantile(times, share)) as number));
  return {
    traces: items.length,
    failed: items.filter(({ trace }) => trace.status === "error").length,
    p90Ms: level(0.9),
    p95Ms: level(0.95),
    p98Ms: level(0.98),
    costUsd: expect.closeTo(priced.reduce((sum, cost) => sum + cost, 0)) as number,
    priced: priced.length,
  };
}

test.each([undefined, "environment = 'production'"])("both periods, by every value of every field, of traces with %s", async (text) => {
  const filter = text === undefined ? undefined : parseFilter(text);
  const window = { fromNs: START + 20n * HOUR, toNs: START + 36n * HOUR };
  const period = (items: readonly WorldTrace[], fromNs: bigint, toNs: bigint) => items.filter(({ trace }) => trace.startNs >= fromNs && trace.startNs < toNs);
  const shiftOf = (items: readonly WorldTrace[]) => ({
    now: figuresOf(period(items, window.fromNs, window.toNs)),
    before: figuresOf(period(items, START + 4n * HOUR, window.fromNs)),
  });
  const wanted = world.filter((item) => filter === undefined || matches(filter, item, world));
  const { all, values } = await questions.shifts({ scope: { projectIds: "all" }, filter, ...window });
  expect(all).toEqual(shiftOf(wanted));
  const expected = moverFields.flatMap((field) => {
    const names = new Set(wanted.flatMap((item) => valuesOf(item, field)));
    return [...names].flatMap((value) => {
      const shift = shiftOf(wanted.filter((item) => valuesOf(item, field).includes(value)));
      return shift.now.traces + shift.before.traces < 20 ? [] : [{ field, value, ...shift }];
    });
  });
  const byName = (a: { field: string; value: string }, b: { field: string; value: string }): number =>
    `${a.field} ${a.value}`.localeCompare(`${b.field} ${b.value}`);
  expect(values.toSorted(byName)).toEqual(expected.toSorted(byName));
  expect(expected.length).toBeGreaterThan(10);
});

test("without any trace everything is nothing", async () => {
  const { all, values } = await questions.shifts({ scope: { projectIds: ["nobody"] }, fromNs: START, toNs: START + HOUR });
  expect(values).toEqual([]);
  expect(all.now).toEqual({ traces: 0, failed: 0, p90Ms: undefined, p95Ms: undefined, p98Ms: undefined, costUsd: 0, priced: 0 });
});
