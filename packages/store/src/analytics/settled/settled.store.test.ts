import type { RawLog } from "@telltale/model";
import type { MetricName } from "@telltale/model/api";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedEngine } from "../../engine/embedded.ts";
import type { Engine } from "../../engine/engine.ts";
import type { TraceQuestions } from "../../store.ts";
import { Block, writeBlock } from "../block.ts";
import { deleteTraces, moveTraces } from "../delete-traces.ts";
import { plainCostly, plainOf } from "../questions/cost/costly-oracle.testing.ts";
import { costQuestions } from "../questions/cost/index.ts";
import { openTestEngine } from "../questions/engine.testing.ts";
import { traceQuestions } from "../questions/index.ts";
import { plainRows } from "../questions/metrics/metrics-oracle.testing.ts";
import { recountSpans, repriceSpans } from "../rewrite-spans.ts";
import { addToBlock, makeWorld, type WorldTrace } from "../questions/world.testing.ts";
import { settleHours } from "./settle-hours.ts";
import { sweepSettled } from "./sweep-settled.ts";

const HOUR_NS = 3_600_000_000_000n;
const START_NS = 1_795_424_400_000_000_000n;
const window = { fromNs: START_NS - 100n * HOUR_NS, toNs: START_NS + 100n * HOUR_NS };
let engine: EmbeddedEngine;
let close: () => Promise<void>;
let reads: string[] = [];
let watched: Engine;
let questions: TraceQuestions;
/** A clock far ahead: every hour is quiet, and no two builds are of one moment. */
let nowMs = Date.UTC(2030, 0, 1);
let version = 10n;

beforeAll(async () => {
  ({ engine, close } = await openTestEngine());
  watched = Object.assign(Object.create(engine) as Engine, {
    query: (sql: string, ...rest: [never, never]) => (reads.push(sql), engine.query(sql, ...rest)),
  });
  questions = traceQuestions(watched, { unpackLog: (raw) => ({ eventName: raw }) as RawLog });
}, 60_000);
afterAll(() => close());

const settle = (): Promise<number> => settleHours(engine, { now: () => (nowMs += 10), quietMs: 0, maxTraces: 1_000 });
async function settleAll(): Promise<void> {
  for (let count = await settle(); count > 0; count = await settle());
}

async function store(items: readonly WorldTrace[]): Promise<void> {
  version += 1n;
  const block = new Block();
  for (const item of items) addToBlock(block, item, version);
  await writeBlock(engine, block, `p${version}`);
}

const figures: [MetricName, string[]][] = [
  ["trace_count", []],
  ["error_rate", ["environment"]],
  ["latency_ms", ["user"]],
  ["cost_usd", []],
  ["cost_usd", ["model", "provider"]],
  ["tokens", ["kind"]],
  ["span_count", ["span_name", "tags.env"]],
  ["trace_count", ["error_type"]],
  ["trace_count", ["tool"]],
  ["assessment_value", ["scorer", "model"]],
  ["scored_rate", []],
];

/** What the store answers for a project, and what the traces add up to, summed up in the plainest way. */
async function compare(projectId: string, world: readonly WorldTrace[]): Promise<void> {
  for (const [metric, groupBy] of figures) {
    const aggregations = metric.endsWith("_count") ? (["count"] as const) : (["sum"] as const);
    const { points } = await questions.queryMetrics({ ...window, scope: { projectIds: [projectId] }, metric, groupBy, aggregations, limit: 1000 });
    const told = points.map((point) => [groupBy.map((field) => point.group[field]).join("|"), point.n, point.nMissing, rounded(point.values)]);
    const sums = new Map<string, [n: number, missing: number, sum: number]>(groupBy.length === 0 ? [["", [0, 0, 0]]] : []);
    for (const { group, value } of plainRows(world, metric, groupBy)) {
      const [n, missing, sum] = sums.get(group.join("|")) ?? [0, 0, 0];
      sums.set(group.join("|"), value === undefined ? [n, missing + 1, sum] : [n + 1, missing, sum + value]);
    }
    const expected = [...sums].map(([label, [n, missing, sum]]) => [
      label,
      n,
      missing,
      rounded(aggregations[0] === "count" ? { count: n } : { sum: n === 0 && missing > 0 ? null : sum }),
    ]);
    expect([metric, groupBy, told.toSorted(byLabel)]).toEqual([metric, groupBy, expected.toSorted(byLabel)]);
  }
  const limits = { dearest: 3, sessions: 2, tracesOfSession: 4, spans: 7 };
  expect(plainOf(await costQuestions(engine).costlySteps({ ...window, scope: { projectIds: [projectId] } }, limits))).toEqual(plainCostly(world, limits));
}

/** Money to the nano-dollar: the plain sum is of floats. */
function rounded(values: Partial<Record<string, number | null>>): Record<string, number | null> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, value === null || value === undefined ? null : Math.round(value * 1e9) / 1e9]),
  );
}

function byLabel(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}

const pool = makeWorld(400, 5).filter(({ trace }) => trace.traceId !== "");

type Step =
  | { does: "write" | "again" | "replace" | "delete" | "recount" | "reprice"; which: number[] }
  | { does: "late"; which: number[]; hours: number }
  | { does: "settle" | "settle while writing" | "sweep"; which: number[] };

const which = fc.array(fc.nat(7), { minLength: 1, maxLength: 4 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ does: fc.constantFrom("write", "again", "replace", "delete", "recount", "reprice"), which }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("late"), which, hours: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ does: fc.constantFrom("settle", "settle while writing", "sweep"), which }) },
) as fc.Arbitrary<Step>;

test("whatever is written, again, late, counted anew, priced anew or deleted, settled hours say what the rows say", async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 10 }), async (steps) => {
      const projectId = `p${(run += 1)}`;
      const mine = pool.slice((run * 8) % 320, ((run * 8) % 320) + 8).map((item, index) => atItsOwnTime(ownedBy(item, projectId), index));
      const stored = new Map<string, WorldTrace>();
      const put = async (items: readonly WorldTrace[]): Promise<void> => {
        await store(items);
        for (const item of items) stored.set(item.trace.traceId, item);
      };
      for (const one of steps) {
        const items = [...new Set(one.which)].flatMap((index) => mine[index] ?? []);
        const present = items.flatMap((item) => stored.get(item.trace.traceId) ?? []);
        if (one.does === "write") await put(items);
        if (one.does === "again") await put(present);
        if (one.does === "replace") await put(present.map((item) => ({ ...item, trace: { ...item.trace, status: "error", costUsd: 7, userId: "other" } })));
        if (one.does === "late")
          for (const item of present) {
            const moved = await startEarlier(item, one.hours);
            // From now on it begins there, as the pipeline knows too.
            mine[mine.findIndex(({ trace }) => trace.traceId === moved.trace.traceId)] = moved;
            await put([moved]);
          }
        if (one.does === "recount") for (const item of present) stored.set(item.trace.traceId, await recounted(item));
        if (one.does === "reprice") for (const item of present) stored.set(item.trace.traceId, await repriced(item));
        if (one.does === "delete") {
          version += 1n;
          await deleteTraces(
            engine,
            projectId,
            items.map((item) => item.trace.traceId),
            version,
          );
          for (const item of items) stored.delete(item.trace.traceId);
        }
        if (one.does === "settle") await settleAll();
        if (one.does === "settle while writing") await Promise.all([settleAll(), put(items)]);
        if (one.does === "sweep") await sweepSettled(engine, nowMs + 3_600_000);
        await compare(projectId, [...stored.values()]);
      }
    }),
    { numRuns: 5, endOnFailure: true },
  );
}, 120_000);

function ownedBy({ trace, spans, assessments, spansBucket }: WorldTrace, projectId: string): WorldTrace {
  return { trace: { ...trace, projectId }, spans, assessments: assessments.map((one) => ({ ...one, projectId })), spansBucket };
}

/** Which of two turns that begin at once is the first, nobody knows. */
function atItsOwnTime(item: WorldTrace, index: number): WorldTrace {
  return { ...item, trace: { ...item.trace, startNs: item.trace.startNs + BigInt(index) } };
}

/** A late span begins earlier: the trace moves to another hour, its spans stay where they are. */
async function startEarlier(item: WorldTrace, hours: number): Promise<WorldTrace> {
  const { projectId, traceId, startNs } = item.trace;
  version += 1n;
  await moveTraces(engine, [{ projectId, traceId, bucket: Number(startNs / HOUR_NS) * 3600 }], version);
  return { ...item, trace: { ...item.trace, startNs: startNs - BigInt(hours) * HOUR_NS } };
}

/** De-duplication changed its mind about the first span. */
async function recounted(item: WorldTrace): Promise<WorldTrace> {
  const [first, ...others] = item.spans;
  if (first === undefined) return item;
  const counted = !first.span.counted;
  const { projectId, traceId } = item.trace;
  version += 1n;
  await recountSpans(
    engine,
    [{ projectId, traceId, bucket: item.spansBucket, spanId: first.span.spanId, counted, duplicateOf: counted ? "" : "x:y" }],
    version,
  );
  return { ...item, spans: [{ ...first, span: { ...first.span, counted } }, ...others] };
}

/** Another price, or none. */
async function repriced(item: WorldTrace): Promise<WorldTrace> {
  const [first, ...others] = item.spans;
  if (first === undefined) return item;
  const cost = { ...first.span.cost, usd: first.span.cost.usd === undefined ? 0.125 : undefined, source: "computed" as const };
  const { projectId, traceId } = item.trace;
  version += 1n;
  await repriceSpans(engine, [{ projectId, traceId, bucket: item.spansBucket, spanId: first.span.spanId, ...cost }], version);
  return { ...item, spans: [{ ...first, span: { ...first.span, cost } }, ...others] };
}

test("a settled hour is read from its copy until something is written to it", async () => {
  const projectId = "once";
  const items = pool.slice(330, 350).map((item) => ownedBy(item, projectId));
  await store(items);
  const ask = async (): Promise<string> => {
    reads = [];
    await questions.queryMetrics({ ...window, scope: { projectIds: [projectId] }, metric: "cost_usd", groupBy: ["model"] });
    return reads.join("\n");
  };
  expect(await ask()).not.toContain("FROM settled_spans");
  await settleAll();
  const settled = await ask();
  expect(settled).toContain("FROM settled_spans");
  expect(settled).not.toContain("FROM spans FINAL");
  await store(items.slice(0, 1));
  const both = await ask();
  expect(both).toContain("FROM settled_spans");
  expect(both).toContain("FROM spans FINAL");
});

test("steps of dear traces are read from their texts once their hour is settled", async () => {
  const items = pool.slice(300, 330).map((item, index) => atItsOwnTime(ownedBy(item, "steps"), index));
  await store(items);
  const limits = { dearest: 10, sessions: 5, tracesOfSession: 10, spans: 100 };
  const ask = async () => {
    reads = [];
    const answer = await costQuestions(watched).costlySteps({ ...window, scope: { projectIds: ["steps"] } }, limits);
    return { answer: plainOf(answer), read: reads.join("\n") };
  };
  const before = await ask();
  expect(before.answer).toEqual(plainCostly(items, limits));
  expect(before.read).toContain("FROM spans FINAL");
  await settleAll();
  const after = await ask();
  expect(after.answer).toEqual(before.answer);
  expect(after.read).toContain("FROM settled_steps");
  expect(after.read).not.toContain("FROM spans FINAL");
});

test("an hour is left alone until it is quiet", async () => {
  await settleAll();
  await store([ownedBy(pool[360] as WorldTrace, "busy")]);
  expect(await settleHours(engine, { now: Date.now, quietMs: 60_000, maxTraces: 1_000 })).toBe(0);
  expect(await settle()).toBeGreaterThan(0);
});

test("an hour that rests on a busy one is copied once, and then waits for it", async () => {
  const [first, second] = pool.slice(380, 382).map((item) => ownedBy(item, "split"));
  if (first === undefined || second === undefined) throw new Error("the world is too small");
  const busyHour = Number(second.trace.startNs / HOUR_NS) * 3600;
  await settleAll();
  await store([{ ...first, trace: { ...first.trace, startNs: second.trace.startNs - 3n * HOUR_NS }, spansBucket: busyHour }]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  const quietUntil = Date.now();
  const busy: Engine = Object.assign(Object.create(engine) as Engine, {
    query: (...asked: Parameters<Engine["query"]>) => engine.query(...asked),
    command: async (sql: string, ...rest: [never, never]) => {
      if (sql.startsWith("INSERT INTO settled_spans")) await store([{ ...second, spansBucket: busyHour }]);
      return engine.command(sql, ...rest);
    },
  });
  const attempt = (by: Engine): Promise<number> => settleHours(by, { now: () => quietUntil, quietMs: 0, maxTraces: 1_000 });
  expect(await attempt(busy)).toBeGreaterThan(0);
  expect(await attempt(engine)).toBe(0);
  await settleAll();
  const { points } = await questions.queryMetrics({ ...window, scope: { projectIds: ["split"] }, metric: "span_count" });
  expect(points[0]?.n).toBe(first.spans.length + second.spans.length);
});

test("a sweep takes the copies that no longer stand, and only those", async () => {
  const item = ownedBy(pool[370] as WorldTrace, "swept");
  await store([item]);
  await settleAll();
  version += 1n;
  await deleteTraces(engine, "swept", [item.trace.traceId], version);
  await settleAll();
  const rows = async (): Promise<number[]> =>
    (
      await engine.query<{ mine: string; others: string }>(
        "SELECT countIf(project_id = 'swept') AS mine, countIf(project_id != 'swept') AS others FROM settled_traces",
      )
    ).flatMap(({ mine, others }) => [Number(mine), Number(others)]);
  const [, others = 0] = await rows();
  expect((await rows())[0]).toBe(1);
  expect(await sweepSettled(engine, nowMs + 3_600_000)).toBeGreaterThan(0);
  await expect.poll(async () => (await rows())[0], { timeout: 10_000 }).toBe(0);
  expect(others).toBeGreaterThan(0);
  await compare("swept", []);
});
