import { type MetricName, metricNames } from "@telltale/model/api";
import { type RawLog, TelltaleError } from "@telltale/model";
import { parseFilter } from "@telltale/model/filter";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { EmbeddedEngine } from "../../../engine/embedded.ts";
import type { Engine } from "../../../engine/engine.ts";
import type { TraceQuestions } from "../../../store.ts";
import { Block, writeBlock } from "../../block.ts";
import { settleHours } from "../../settled/settle-hours.ts";
import { deleteTraces } from "../../delete-traces.ts";
import { openTestEngine } from "../engine.testing.ts";
import { traceQuestions } from "../index.ts";
import { matches } from "../oracle.testing.ts";
import { addToBlock, makeWorld, type WorldTrace } from "../world.testing.ts";
import { aggregationsOf, defaultAggregations, metrics } from "./metric-catalogue.ts";
import { distinctRows, plainRows, type PlainRow, quantile } from "./metrics-oracle.testing.ts";
import type { MetricsPoint, MetricsQuestion } from "./query-metrics.ts";

const all = { projectIds: "all" } as const;
const NS = 1_000_000_000n;
const FROM = 1_795_424_400n * NS; // 2026-11-23T09:00Z, where the world begins
const window = { scope: all, fromNs: FROM + 1n, toNs: FROM + 38n * 3600n * NS };
let engine: EmbeddedEngine;
let close: () => Promise<void>;
let questions: TraceQuestions;
let world: WorldTrace[];

beforeAll(async () => {
  ({ engine, close } = await openTestEngine());
  questions = traceQuestions(engine, { unpackLog: (raw) => ({ eventName: raw }) as RawLog });
  const made = makeWorld(250, 21);
  // Everything arrives twice, first with other figures, and some of it is deleted: none of that may be counted.
  await store(
    made.map((item) => ({ ...item, trace: { ...item.trace, costUsd: 99, status: "error" as const, durationMs: 1e6 } })),
    1n,
  );
  await store(made, 2n);
  const gone = new Set(made.filter((_, index) => index % 7 === 0).map((item) => item.trace.traceId));
  await deleteTraces(engine, "0", [...gone], 3n);
  // Half of the hours are settled: every figure rests on both sorts of rows.
  const settled = await settleHours(engine, { now: () => Date.UTC(2030, 0, 1), quietMs: 0, maxTraces: made.length });
  expect(settled).toBeGreaterThan(15);
  world = made.filter((item) => item.trace.projectId !== "0" || !gone.has(item.trace.traceId));
}, 60_000);
afterAll(() => close());

async function store(list: readonly WorldTrace[], version: bigint): Promise<void> {
  const block = new Block();
  for (const item of list) addToBlock(block, item, version);
  await writeBlock(engine, block, `m${version}`);
}

const inWindow = ({ startNs }: { startNs: bigint }): boolean => startNs >= window.fromNs && startNs < window.toNs;

function rowsOf(metric: MetricName, groups: string[]): PlainRow[] {
  const rows = plainRows(world, metric, groups).filter(inWindow);
  return metrics[metric].isDistinct === true ? distinctRows(rows) : rows;
}

function byLabel(rows: readonly PlainRow[]): Map<string, PlainRow[]> {
  const found = new Map<string, PlainRow[]>();
  for (const row of rows) found.set(row.group.join("|"), [...(found.get(row.group.join("|")) ?? []), row]);
  return found;
}

function expectFigures(point: MetricsPoint | undefined, rows: readonly PlainRow[], unit: string): void {
  const known = rows.flatMap(({ value }) => (value === undefined ? [] : [value]));
  const sum = known.reduce((total, value) => total + value, 0);
  expect(point).toMatchObject({ n: known.length, nMissing: rows.length - known.length });
  for (const [name, value] of Object.entries(point?.values ?? {}) as [string, number | null][]) {
    const oracle: Record<string, () => number | null> = {
      count: () => known.length,
      sum: () => (known.length === 0 && rows.length > 0 ? null : sum),
      avg: () => (known.length === 0 ? null : sum / known.length),
      min: () => (known.length === 0 ? null : Math.min(...known)),
      max: () => (known.length === 0 ? null : Math.max(...known)),
      p50: () => (known.length === 0 ? null : quantile(known, 0.5)),
      p90: () => (known.length === 0 ? null : quantile(known, 0.9)),
      p95: () => (known.length === 0 ? null : quantile(known, 0.95)),
      p99: () => (known.length === 0 ? null : quantile(known, 0.99)),
      "p33.3": () => quantile(known, 0.333),
    };
    const expected = oracle[name]?.();
    if (expected === undefined) throw new Error(`no oracle for ${name}`);
    if (expected === null || unit === "count" || unit === "tokens") expect([name, value]).toEqual([name, expected]);
    else expect(value, name).toBeCloseTo(expected, 6);
  }
}

describe("every metric", () => {
  test.each(metricNames)("%s as a whole, with all its aggregations", async (metric) => {
    const { points, unit, partial, of } = await questions.queryMetrics({ ...window, metric, aggregations: aggregationsOf(metric) });
    expect([points.length, unit, partial, of]).toEqual([1, metrics[metric].unit, false, metrics[metric].rows]);
    expect(points[0]).toMatchObject({ timeNs: undefined, group: {}, isRest: false });
    expectFigures(points[0], rowsOf(metric, []), unit);
  });

  const traceGroups = ["project", "route", "service", "environment", "version", "status", "user", "session", "label", "tags.a.b", "metadata.custom"];
  const spanGroups = ["model", "provider", "tool", "agent", "kind", "span_name", "prompt", "error_type"];
  const assessmentGroups = ["scorer", "source", "value"];
  test.each(metricNames)(
    "%s by every group, alone and together",
    async (metric) => {
      const fields = [...traceGroups, ...spanGroups, ...(metrics[metric].rows === "assessments" ? assessmentGroups : [])];
      const choices = [...fields.map((field) => [field]), ["model", "provider"], ["label", "kind", "environment"], ["session", "agent"]];
      for (const groupBy of choices) {
        const rows = byLabel(plainRows(world, metric, groupBy).filter(inWindow));
        const { points, unit } = await questions.queryMetrics({ ...window, metric, groupBy, limit: 1000 });
        const labels = points.map(({ group }) => groupBy.map((field) => group[field]).join("|"));
        expect([groupBy, labels.toSorted()]).toEqual([groupBy, [...rows.keys()].toSorted()]);
        for (const [index, point] of points.entries()) {
          const own = rows.get(labels[index] ?? "") ?? [];
          expectFigures(point, metrics[metric].isDistinct === true ? distinctRows(own) : own, unit);
        }
      }
    },
    60_000,
  );
});

test("money and tokens by model, provider and prompt add up to what all calls cost", async () => {
  for (const metric of ["cost_usd", "input_tokens", "tokens"] as const) {
    const total = plainRows(world, metric, ["kind"])
      .filter(inWindow)
      .reduce((sum, { value = 0 }) => sum + value, 0);
    for (const field of ["model", "provider", "prompt", "tool", "agent"]) {
      const { points } = await questions.queryMetrics({ ...window, metric, groupBy: [field] });
      expect(points.reduce((sum, { values }) => sum + (values.sum ?? 0), 0)).toBeCloseTo(total, 9);
    }
  }
});

test.each(["status = 'error'", "feedback.score IS NOT NULL OR model = 'gpt-4o'", "text ~ 'refund'", "NOT span.name = 'root'", "tags.env = 'prod'"])(
  "of the traces that match %s",
  async (text) => {
    const filter = parseFilter(text);
    const wanted = world.filter((item) => filter !== undefined && matches(filter, item, world));
    for (const metric of ["latency_ms", "cost_usd", "span_count", "assessment_count"] as const) {
      const { points, unit } = await questions.queryMetrics({ ...window, metric, filter, groupBy: ["environment"] });
      const rows = plainRows(wanted, metric, ["environment"]).filter(inWindow);
      for (const point of points)
        expectFigures(
          point,
          rows.filter(({ group }) => group[0] === point.group.environment),
          unit,
        );
      expect(points.reduce((sum, { n, nMissing }) => sum + n + nMissing, 0)).toBe(rows.length);
    }
  },
);

describe("steps", () => {
  test("are all there, empty ones too, for each group and for the rest", async () => {
    const question: MetricsQuestion = { ...window, metric: "latency_ms", interval: "6h", timeZone: "Asia/Kathmandu", groupBy: ["user", "version"], limit: 3 };
    const { points } = await questions.queryMetrics({ ...question, aggregations: ["p50", "max", "count"], orderBy: "count" });
    const steps = [...new Set(points.map(({ timeNs }) => timeNs))];
    // 09:00Z is 14:45 in Kathmandu: the step that began at 12:00 there.
    expect(steps[0]).toBe(1_795_414_500n * NS);
    expect(steps).toHaveLength(7);
    expect(points).toHaveLength(7 * 4);
    expect(points.slice(-7).every(({ isRest }) => isRest)).toBe(true);
    const rows = plainRows(world, "latency_ms", ["user", "version"]).filter(inWindow);
    const shown = [...new Set(points.filter(({ isRest }) => !isRest).map(({ group }) => `${group.user}|${group.version}`))];
    for (const point of points) {
      const startNs = point.timeNs ?? 0n;
      const inStep = rows.filter((row) => row.startNs >= startNs && row.startNs < startNs + 6n * 3600n * NS);
      const label = `${point.group.user}|${point.group.version}`;
      expectFigures(
        point,
        inStep.filter(({ group }) => (point.isRest ? !shown.includes(group.join("|")) : group.join("|") === label)),
        "ms",
      );
    }
  });

  test("a step without data counts 0 and knows nothing else", async () => {
    const empty = { ...window, fromNs: FROM - 86_400n * NS, toNs: FROM - 79_200n * NS, interval: "1h" };
    const { points } = await questions.queryMetrics({ ...empty, metric: "cost_usd", aggregations: ["sum", "avg", "p95", "count"] });
    expect(points.map(({ values, n }) => [values, n])).toEqual([
      [{ sum: 0, avg: null, p95: null, count: 0 }, 0],
      [{ sum: 0, avg: null, p95: null, count: 0 }, 0],
    ]);
    expect((await questions.queryMetrics({ ...empty, metric: "trace_count", groupBy: ["model"] })).points).toEqual([]);
  });

  test("days of 23 and 25 hours keep their traces", async () => {
    const day = { ...window, interval: "1d", timeZone: "Pacific/Chatham", metric: "trace_count" as const };
    const { points } = await questions.queryMetrics(day);
    expect(points.reduce((sum, { n }) => sum + n, 0)).toBe(plainRows(world, "trace_count", []).filter(inWindow).length);
  });
});

test("rows that count are narrowed, and any percentile is computed, for MLflow's own surface", async () => {
  const ofType = await questions.queryMetrics({
    ...window,
    metric: "span_latency_ms",
    aggregations: ["p33.3", "avg"],
    groupBy: ["span_type"],
    which: [{ field: "span_status", value: "ERROR" }],
  });
  const spans = world.filter(({ trace }) => inWindow(trace)).flatMap((item) => item.spans);
  for (const point of ofType.points) {
    const own = spans.filter(
      ({ span }) => (span.attributes.get("mlflow.spanType")?.replaceAll('"', "") ?? span.kind) === point.group.span_type && span.status === "error",
    );
    expectFigures(
      point,
      own.map(({ span }) => ({ startNs: 0n, value: Number(span.endNs - span.startNs) / 1e6, group: [] })),
      "ms",
    );
  }
  expect(ofType.points.map(({ group }) => group.span_type).toSorted()).toContain("CHAT_MODEL");
  const perCall = await questions.queryMetrics({ ...window, metric: "cost_usd", perCall: true });
  expect(perCall.of).toBe("spans");
  expectFigures(perCall.points[0], plainRows(world, "cost_usd", ["kind"]).filter(inWindow), "usd");
  const named = await questions.queryMetrics({
    ...window,
    metric: "assessment_count",
    groupBy: ["assessment_json"],
    which: [{ field: "assessment_name", value: "score" }],
  });
  const scores = world
    .filter(({ trace }) => inWindow(trace))
    .flatMap((item) => item.assessments.filter((one) => one.valid && one.name === "score" && one.kind !== "issue"));
  expect(named.points.reduce((sum, { n }) => sum + n, 0)).toBe(scores.length);
  expect(named.points.every(({ group }) => scores.some(({ valueJson }) => (valueJson ?? "null") === group.assessment_json))).toBe(true);
});

test.each([["sum", "min", "max", "avg"], ["p95"]] as const)("the rest of few groups has its steps too (%s)", async (...aggregations) => {
  const { points } = await questions.queryMetrics({
    ...window,
    metric: "latency_ms",
    aggregations,
    orderBy: "avg",
    groupBy: ["version", "status"],
    interval: "12h",
    limit: 2,
  });
  const rows = plainRows(world, "latency_ms", ["version", "status"]).filter(inWindow);
  const shown = new Set(points.filter(({ isRest }) => !isRest).map(({ group }) => `${group.version}|${group.status}`));
  expect(shown.size).toBe(2);
  for (const point of points) {
    const startNs = point.timeNs ?? 0n;
    const inStep = rows.filter((row) => row.startNs >= startNs && row.startNs < startNs + 12n * 3600n * NS);
    const label = `${point.group.version}|${point.group.status}`;
    expectFigures(
      point,
      inStep.filter(({ group }) => (point.isRest ? !shown.has(group.join("|")) : group.join("|") === label)),
      "ms",
    );
  }
});

test("the rest sums up what the limit left out", async () => {
  const { points } = await questions.queryMetrics({ ...window, metric: "cost_usd", groupBy: ["session"], limit: 2 });
  expect(points.map(({ isRest }) => isRest)).toEqual([false, false, true]);
  const [first, second] = points.map(({ values }) => values.sum ?? 0);
  expect(first).toBeGreaterThanOrEqual(second ?? 0);
  expectFigures(
    points[2],
    plainRows(world, "cost_usd", ["session"])
      .filter(inWindow)
      .filter(({ group }) => !points.some((point) => point.group.session === group[0])),
    "usd",
  );
});

test("a limit of time or memory makes the answer partial: the newest hours, and from when", async () => {
  let failures = 1;
  const limited: Engine = Object.assign(Object.create(engine) as Engine, {
    query: async (sql: string, ...rest: [never, never]) => {
      if (sql.includes("AS total") && failures-- > 0) throw new TelltaleError("query_limit", "limit");
      return engine.query(sql, ...rest);
    },
  });
  const asked = traceQuestions(limited, { unpackLog: (raw) => ({ eventName: raw }) as RawLog });
  const question: MetricsQuestion = { ...window, metric: "trace_count", interval: "1h" };
  const answer = await asked.queryMetrics(question);
  expect(answer.partial).toBe(true);
  expect(answer.readFromNs).toBeGreaterThan(window.fromNs);
  expect(answer.points[0]?.timeNs).toBe(answer.readFromNs);
  for (const point of answer.points) {
    const startNs = point.timeNs ?? 0n;
    expectFigures(
      point,
      plainRows(world, "trace_count", [])
        .filter(inWindow)
        .filter((row) => row.startNs >= startNs && row.startNs < startNs + 3600n * NS),
      "count",
    );
  }
  failures = 99;
  await expect(asked.queryMetrics(question)).rejects.toThrow(/even for the newest hours/);
});

test.each<[RegExp, Partial<MetricsQuestion>]>([
  [/earlier than to/, { toNs: FROM }],
  [/trace_count has no avg to rank by: choose of count, sum/, { orderBy: "avg" }],
  [/assessment metrics only/, { groupBy: ["scorer"] }],
  [/twice/, { groupBy: ["user", "user"] }],
  [/more than 2,000 steps/, { interval: "1m", toNs: FROM + 86_400n * 30n * NS }],
  [/more than 100,000 points/, { interval: "1h", groupBy: ["user"], limit: 1000, toNs: FROM + 86_400n * 30n * NS }],
  [/IANA name such as Europe\/Berlin/, { interval: "1h", timeZone: "Mars/Olympus" }],
  [/at most 366d/, { interval: "999d" }],
])("what cannot be answered is refused in one sentence: %s", async (message, changes) => {
  await expect(questions.queryMetrics({ ...window, metric: "trace_count", ...changes })).rejects.toThrow(message);
});

const everyAggregation = ["count", "sum", "avg", "min", "max", "p50", "p90", "p95", "p99"] as const;

test.each(metricNames)("%s answers every aggregation, and what a count does not have with null", async (metric) => {
  const { points, unit } = await questions.queryMetrics({ ...window, metric, aggregations: everyAggregation, groupBy: ["route"], limit: 1000 });
  const rows = byLabel(plainRows(world, metric, ["route"]).filter(inWindow));
  expect(points.length).toBe(rows.size);
  for (const point of points) {
    const { count = null, sum = null, ...others } = point.values;
    if (unit === "count") expect(Object.values(others)).toEqual(Array(7).fill(null));
    const own = rows.get(point.group["route"] ?? "") ?? [];
    const counted = metrics[metric].isDistinct === true ? distinctRows(own) : own;
    expectFigures({ ...point, values: unit === "count" ? { count, sum } : point.values }, counted, unit);
  }
});

test("defaults fit the metric", () => {
  expect(defaultAggregations("latency_ms")).toEqual(["p50", "p95", "p99"]);
  expect(defaultAggregations("error_rate")).toEqual(["avg"]);
  expect(defaultAggregations("cost_usd")).toEqual(["sum"]);
  expect(defaultAggregations("detection_count")).toEqual(["count"]);
});
