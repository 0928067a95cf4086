import type { RawLog } from "@telltale/model";
import { parseFilter, parseOrderBy } from "@telltale/model/filter";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedEngine } from "../../engine/embedded.ts";
import type { TraceQuery, TraceQuestions } from "../../store.ts";
import { Block, writeBlock } from "../block.ts";
import { writeLogRow } from "../rows/log-row.ts";
import { openTestEngine } from "./engine.testing.ts";
import { traceQuestions } from "./index.ts";
import { addToBlock, makeWorld, type WorldTrace } from "./world.testing.ts";

const all = { projectIds: "all" } as const;
let engine: EmbeddedEngine;
let close: () => Promise<void>;
let questions: TraceQuestions;
let world: WorldTrace[];
const extra = makeWorld(300, 99);

beforeAll(async () => {
  ({ engine, close } = await openTestEngine());
  questions = traceQuestions(engine, { unpackLog: (raw) => ({ eventName: raw }) as RawLog, windowRows: 40 });
  world = makeWorld(300, 11);
  await store(world, 5n);
}, 60_000);
afterAll(() => close());

async function store(list: readonly WorldTrace[], version: bigint): Promise<void> {
  const block = new Block();
  for (const item of list) addToBlock(block, item, version);
  await writeBlock(engine, block, `b${version}`);
}

const key = (trace: { projectId: string; traceId: string }): string => `${trace.projectId}/${trace.traceId}`;

async function allPages(query: Omit<TraceQuery, "cursor">, betweenPages?: (page: number) => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 500; page += 1) {
    const { traces, nextCursor } = await questions.searchTraces({ ...query, cursor });
    expect(traces.length).toBeLessThanOrEqual(query.limit);
    seen.push(...traces.map(key));
    if (nextCursor === null) return seen;
    expect(traces).toHaveLength(query.limit);
    cursor = nextCursor;
    await betweenPages?.(page);
  }
  throw new Error("paging does not end");
}

const newestFirst = (a: WorldTrace, b: WorldTrace): number =>
  Number(b.trace.startNs - a.trace.startNs) ||
  (a.trace.traceId < b.trace.traceId ? -1 : a.trace.traceId > b.trace.traceId ? 1 : a.trace.projectId < b.trace.projectId ? -1 : 1);

test("pages by time are newest first and whole, equal start times included", async () => {
  expect(await allPages({ scope: all, limit: 7 })).toEqual(world.toSorted(newestFirst).map(({ trace }) => key(trace)));
});

test.each<[string, (item: WorldTrace) => string | number | undefined]>([
  ["duration_ms", ({ trace }) => trace.durationMs],
  ["cost_usd", ({ trace }) => trace.costUsd],
  ["tags.env", ({ trace }) => trace.tags.get("env")],
  ["metadata.`a.b`", ({ trace }) => trace.metadata.get("a.b")],
  ["user", ({ trace }) => trace.userId || undefined],
  ["run_id", ({ trace }) => trace.runIds[0]],
  ["timestamp_ms", ({ trace }) => Number(trace.startNs / 1000n)],
])("sorted by %s: NULL last both ways, then newest first", async (field, value) => {
  for (const direction of ["ASC", "DESC"]) {
    const sorted = world.toSorted((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x === y) return newestFirst(a, b);
      if (x === undefined || y === undefined) return x === undefined ? 1 : -1;
      return (x < y ? -1 : 1) * (direction === "ASC" ? 1 : -1);
    });
    expect(await allPages({ scope: all, limit: 40, orderBy: parseOrderBy([`${field} ${direction}`]) })).toEqual(sorted.map(({ trace }) => key(trace)));
  }
});

test("a filter, a text and a time range narrow the same page", async () => {
  const fromNs = 1_795_424_400_000_000_000n + 3_600_000_000_000n * 3n;
  const toNs = fromNs + 3_600_000_000_000n * 20n + 1_500_000n;
  const expected = world.filter(
    ({ trace, spans }) =>
      trace.startNs >= fromNs && trace.startNs < toNs && trace.status !== "ok" && spans.some((span) => /refund/i.test(`${span.inputs} ${span.outputs}`)),
  );
  expect(expected.length).toBeGreaterThan(3);
  const query = { scope: all, filter: parseFilter("status != 'OK'"), text: "refund", fromNs, toNs };
  expect(await allPages({ ...query, limit: 3 })).toEqual(expected.toSorted(newestFirst).map(({ trace }) => key(trace)));
  expect(await questions.countTraces({ ...query, limit: 3 })).toEqual({ count: expected.length, partial: false });
});

test("what is stored comes back: every field of a trace, its spans, contents and assessments", async () => {
  for (const item of world.slice(0, 25)) {
    const { projectId, traceId } = item.trace;
    const scope = { projectIds: [projectId] };
    expect(await questions.findTraces(scope, [traceId, "unknown"])).toEqual([{ ...item.trace, updatedNs: 5n }]);
    const spans = await questions.spansOf(scope, traceId);
    expect(spans).toEqual(
      item.spans.map(({ span }) => {
        const { inputs: _inputs, outputs: _outputs, ...rest } = span;
        return { ...rest, projectId };
      }),
    );
    expect(await questions.payloadsOf(scope, traceId)).toEqual(
      item.spans.map(({ span, inputs, outputs, raw }) => ({ spanId: span.spanId, inputs, outputs, raw })),
    );
    expect(await questions.payloadsOf(scope, traceId, ["span1"])).toHaveLength(item.spans.length > 1 ? 1 : 0);
    expect(await questions.assessmentsOf(scope, [traceId])).toEqual(item.assessments.toSorted((a, b) => (a.assessmentId < b.assessmentId ? -1 : 1)));
    for (const one of item.assessments) expect(await questions.findAssessment(scope, traceId, one.assessmentId)).toEqual(one);
    const other = { projectIds: [projectId === "0" ? "1" : "0"] };
    expect(await questions.findTraces(other, [traceId])).toEqual([]);
    expect(await questions.spansOf(other, traceId)).toEqual([]);
    expect(await questions.payloadsOf(other, traceId)).toEqual([]);
    expect(await questions.assessmentsOf(other, [traceId])).toEqual([]);
  }
});

test("log records of a trace come in time order, unpacked by the caller's reader", async () => {
  const block = new Block();
  for (const [index, timeNs] of [30n, 10n, 20n].entries()) {
    writeLogRow(
      block.logs,
      "0",
      1_795_424_400,
      { traceId: "t-logs", spanId: "s", logId: `${index}`, timeNs, eventName: "e", severity: 9, body: "b", raw: `raw ${timeNs}` },
      1n,
    );
  }
  await writeBlock(engine, block, "logs");
  expect((await questions.logsOf({ projectIds: ["0"] }, "t-logs")).map((log) => log.eventName)).toEqual(["raw 10", "raw 20", "raw 30"]);
  expect(await questions.logsOf({ projectIds: ["1"] }, "t-logs")).toEqual([]);
});

test("facets count traces by value, largest first", async () => {
  const { facets, partial } = await questions.facets({ scope: all, limit: 1, filter: parseFilter("complete") });
  expect(partial).toBe(false);
  const complete = world.filter(({ trace }) => trace.complete);
  const counted = (values: (item: WorldTrace) => string[]): { value: string; count: number }[] => {
    const counts = new Map<string, number>();
    for (const value of complete.flatMap(values)) if (value !== "") counts.set(value, (counts.get(value) ?? 0) + 1);
    return [...counts].map(([value, count]) => ({ value, count })).toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  };
  const of = (field: string): unknown => facets.find((facet) => facet.field === field)?.values;
  expect(facets.map((facet) => facet.field)).toEqual([
    "status",
    "environment",
    "version",
    "service",
    "model",
    "provider",
    "tool",
    "failed_tool",
    "agent",
    "label",
    "user",
  ]);
  expect(of("status")).toEqual(counted(({ trace }) => [trace.status]));
  expect(of("user")).toEqual(counted(({ trace }) => [trace.userId]));
  expect(of("failed_tool")).toEqual(counted(({ trace }) => trace.failedTools));
  expect(of("label")).toEqual(counted(({ trace }) => trace.labels));
});

/** `lanes`: that of every window that was read. */
function watchedQuestions(): { watched: TraceQuestions; lanes: (string | undefined)[] } {
  const lanes: (string | undefined)[] = [];
  const recording: Pick<EmbeddedEngine, "query"> = {
    query: async (sql, params, options) => {
      if (sql.includes("ORDER BY sort_0")) lanes.push(options?.lane);
      return await engine.query(sql, params, options);
    },
  };
  return { watched: traceQuestions(recording as EmbeddedEngine, { unpackLog: () => ({}) as RawLog, windowRows: 40 }), lanes };
}

test.each(["text ~ 'nowhere'", "name = 'none'", "environment = 'production'"])(
  "a search that is asked again reads in one window what took several, and finds the same: %s",
  async (filter) => {
    const { watched, lanes } = watchedQuestions();
    const query = { scope: all, limit: 20, filter: parseFilter(filter) };
    const first = await watched.searchTraces(query);
    const windows = lanes.length;
    expect(windows).toBeGreaterThan(1);
    expect(await watched.searchTraces(query)).toEqual(first);
    expect(lanes.length - windows).toBe(1);
  },
);

test.each([
  ["text LIKE '%nowhere at all%'", ["page", "search"]],
  ["span.attributes.top_k = 'none'", ["page", "search"]],
  ["status = 'ERROR' AND name = 'none'", ["page"]],
  ["text ~ 'nowhere'", ["page"]],
])("a search that must read every text leaves the connections of pages after its first window: %s", async (filter, expected) => {
  const { watched, lanes } = watchedQuestions();
  expect((await watched.searchTraces({ scope: all, limit: 20, filter: parseFilter(filter) })).traces).toEqual([]);
  expect(lanes.length).toBeGreaterThan(1);
  expect([...new Set(lanes)]).toEqual(expected);
});

test("the facet of a filtered field counts its alternatives, every other one what the filter lets through", async () => {
  const { facets } = await questions.facets({ scope: all, limit: 1, filter: parseFilter("status = 'ERROR' AND complete") });
  const of = (field: string): unknown => facets.find((facet) => facet.field === field)?.values;
  const unfiltered = await questions.facets({ scope: all, limit: 1, filter: parseFilter("complete") });
  expect(of("status")).toEqual(unfiltered.facets.find((facet) => facet.field === "status")?.values);
  const failed = new Map<string, number>();
  for (const { trace } of world)
    if (trace.complete && trace.status === "error" && trace.environment !== "") failed.set(trace.environment, (failed.get(trace.environment) ?? 0) + 1);
  expect(failed.size).toBeGreaterThan(0);
  expect(new Map((of("environment") as { value: string; count: number }[]).map(({ value, count }) => [value, count]))).toEqual(failed);
});

test("a count that runs out of time says what it has and that it is partial", async () => {
  let nowMs = 0;
  const impatient = traceQuestions(engine, { unpackLog: () => ({}) as RawLog, windowRows: 2, now: () => (nowMs += 2_000) });
  const { count, partial } = await impatient.countTraces({ scope: all, limit: 1 });
  expect(partial).toBe(true);
  expect(count).toBeGreaterThan(0);
  expect(count).toBeLessThan(world.length);
});

test("ids before a time, oldest first", async () => {
  const endMs = 1_795_424_400_000 + 3_600_000 * 5;
  const expected = world
    .filter(({ trace }) => trace.projectId === "0" && Number(trace.startNs / 1_000_000n) <= endMs)
    .toSorted((a, b) => Number(a.trace.startNs - b.trace.startNs) || (a.trace.traceId < b.trace.traceId ? -1 : 1));
  expect(await questions.traceIdsBefore({ projectIds: ["0"] }, endMs, 5)).toEqual(expected.slice(0, 5).map(({ trace }) => trace.traceId));
  for (const endless of [Number.MAX_SAFE_INTEGER, Infinity]) expect(await questions.traceIdsBefore({ projectIds: ["0"] }, endless, 3)).toHaveLength(3);
  expect(await questions.traceIdsBefore({ projectIds: ["0"] }, -5, 3)).toEqual([]);
});

test.each(["", "!", "abc", "e30", Buffer.from("null").toString("base64url"), Buffer.from('{"o":"x","s":[]}').toString("base64url"), "A".repeat(20_000)])(
  "a cursor %# that we did not make is refused",
  async (cursor) => {
    await expect(questions.searchTraces({ scope: all, limit: 5, cursor })).rejects.toMatchObject({ code: "cursor_invalid" });
  },
);

test("a cursor of another order is refused, also one with changed values", async () => {
  const { nextCursor } = await questions.searchTraces({ scope: all, limit: 5 });
  expect(nextCursor).not.toBeNull();
  const cursor = nextCursor ?? "";
  await expect(questions.searchTraces({ scope: all, limit: 5, cursor, orderBy: parseOrderBy(["name"]) })).rejects.toMatchObject({ code: "cursor_invalid" });
  const content = JSON.parse(Buffer.from(cursor, "base64url").toString()) as { o: string; s: unknown[] };
  for (const value of [null, 5, "x", {}, "99999999999999999999"]) {
    const forged = Buffer.from(JSON.stringify({ ...content, s: [value, ...content.s.slice(1)] })).toString("base64url");
    await expect(questions.searchTraces({ scope: all, limit: 5, cursor: forged })).rejects.toMatchObject({ code: "cursor_invalid" });
  }
});

test("pages neither repeat nor miss a trace while traces are stored and replaced", async () => {
  const before = world.map(({ trace }) => key(trace));
  let version = 100n;
  const seen = await allPages({ scope: all, limit: 20 }, async (page) => {
    version += 1n;
    // New traces everywhere, and ten known ones stored again (a late span).
    await store([...extra.slice(page * 15, page * 15 + 15), ...world.slice(page * 10, page * 10 + 10)], version);
  });
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(before));
});

test("a question can be cancelled", async () => {
  const abort = new AbortController();
  abort.abort();
  await expect(questions.searchTraces({ scope: all, limit: 5 }, abort.signal)).rejects.toThrow();
});
