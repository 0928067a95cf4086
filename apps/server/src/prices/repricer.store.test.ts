import type { ProjectScope, Trace } from "@telltale/model";
import type { Metadata, TraceQuestions } from "@telltale/store";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { RunningIngest } from "../pipeline/create-ingest.ts";
import { type StoredPipeline, openStoredPipeline } from "../stored-pipeline.testing.ts";
import type { PriceBook } from "./price-book.ts";
import { Repricer, type RepricerDeps } from "./repricer.ts";

const scope: ProjectScope = { projectIds: "all" };
const silent = { warn: () => {}, info: () => {} } as never;
const noBounds = { project_ids: null, dry_run: false };
const DAY_NS = 86_400_000_000_000n;
const START_NS = 1_795_000_000_000_000_000n;

let pipeline: StoredPipeline;
let engine: StoredPipeline["engine"];
let questions: TraceQuestions;
let metadata: Metadata;
let ingest: RunningIngest;
let prices: PriceBook;
let repricer: Repricer;

beforeAll(async () => {
  pipeline = await openStoredPipeline();
  ({ engine, questions, metadata, ingest, prices } = pipeline);
});
afterAll(() => pipeline.close());
beforeEach(async () => {
  await prices.replace([], undefined);
  repricer = newRepricer();
});

function newRepricer(apply: RunningIngest["apply"] = (commands) => ingest.apply(commands), jobs: RepricerDeps["jobs"] = metadata.repriceJobs): Repricer {
  return new Repricer({ engine, jobs, prices, ingest: { apply, readable: () => ingest.readable() }, log: silent });
}

const hex = (value: number, length: number): string => value.toString(16).padStart(length, "0");
const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const int = (key: string, value: number) => ({ key, value: { intValue: String(value) } });

/** Trace `n`: a chain with one call of a model, and with the tokens of `n`. */
function traceOf(n: number, model: string, more: unknown[] = []): unknown[] {
  const startNs = START_NS + BigInt(n % 5) * DAY_NS + BigInt(n);
  const times = { startTimeUnixNano: String(startNs), endTimeUnixNano: String(startNs + 5_000_000n) };
  const traceId = hex(n + 1, 32);
  const call = [text("gen_ai.operation.name", "chat"), text("gen_ai.provider.name", "acme"), text("gen_ai.request.model", model)];
  return [
    { traceId, spanId: hex(n * 2 + 1, 16), name: "answer", kind: 1, ...times },
    {
      traceId,
      spanId: hex(n * 2 + 2, 16),
      parentSpanId: hex(n * 2 + 1, 16),
      name: `chat ${model}`,
      kind: 3,
      attributes: [...call, int("gen_ai.usage.input_tokens", 1000 + n), int("gen_ai.usage.output_tokens", 10), ...more],
      ...times,
    },
  ];
}

async function send(spans: unknown[], project: string): Promise<void> {
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: "test" }, spans }] }] }));
  await ingest.traces({ body, format: "json", project: { projectName: project }, route: "/v1/traces", client: "test" });
  await ingest.readable();
}

async function run(question: Partial<Parameters<Repricer["start"]>[0]> = {}) {
  const { id } = await repricer.start({ ...noBounds, ...question });
  await repricer.settled();
  return repricer.find(id);
}

async function tracesOf(project: string): Promise<Trace[]> {
  const id = (await metadata.projects.findByName(project))?.id ?? "";
  const { traces } = await questions.searchTraces({ scope: { projectIds: [id] }, limit: 500 });
  return traces.toSorted((a, b) => (a.traceId < b.traceId ? -1 : 1));
}

test("stored calls get the price of now: spans, traces and sums; the second run changes nothing", async () => {
  await send(Array.from({ length: 20 }, (_, n) => traceOf(n, n % 2 === 0 ? "llama-x" : "other")).flat(), "first");
  const before = await tracesOf("first");
  expect(before.map((trace) => [trace.costUsd, trace.unpricedCalls])).toEqual(before.map(() => [undefined, 1]));

  await prices.replace([{ model: "llama*", usd_per_million: { input: 2, output: 10 } }], undefined);
  expect((await tracesOf("first"))[0]?.costUsd).toBeUndefined(); // what is stored keeps its price until it is repriced

  const dry = await run({ dry_run: true });
  expect(dry).toMatchObject({ state: "done", traces_done: 20, traces_total: 20, traces_changed: 10, spans_changed: 10, old_usd: null });
  expect((await tracesOf("first"))[0]?.costUsd).toBeUndefined();

  const first = await run();
  const expected = before.filter((_, n) => n % 2 === 0).map((trace) => ((trace.tokens.input ?? 0) * 2 + 100) / 1e6);
  expect(first).toMatchObject({ ...dry, id: first.id, dry_run: false, created_at: first.created_at, updated_at: first.updated_at });
  expect(first.new_usd).toBeCloseTo(
    expected.reduce((a, b) => a + b),
    9,
  );
  expect(first.models[0]).toMatchObject({ provider: "acme", model: "llama-x", calls: 10, changed: 10, newly_priced: 10, became_unknown: 0, old_usd: null });
  const after = await tracesOf("first");
  expect(after.filter((_, n) => n % 2 === 0).map((trace) => trace.costUsd)).toEqual(expected);
  expect(after.filter((_, n) => n % 2 === 1).every((trace) => trace.costUsd === undefined && trace.unpricedCalls === 1)).toBe(true);
  // But for money nothing about a trace is different.
  const bare = (trace: Trace) => ({ ...trace, costUsd: 0, unpricedCalls: 0, updatedNs: 0n });
  expect(after.map(bare)).toEqual(before.map(bare));
  const [, span] = await questions.spansOf(scope, after[0]?.traceId ?? "");
  expect(span?.cost).toEqual({ usd: expected[0], source: "computed", reportedUsd: undefined, priceVersion: `override:${prices.listed[0]?.id}` });

  expect(await run()).toMatchObject({ state: "done", traces_changed: 0, spans_changed: 0, old_usd: first.new_usd, new_usd: first.new_usd });
});

test("a cost that the application reported gives way to a known price and comes back when the price goes", async () => {
  const reported = { key: "gen_ai.usage.cost", value: { doubleValue: 0.5 } };
  await send(traceOf(100, "reporter", [reported]), "reported");
  const cost = async () => (await tracesOf("reported"))[0]?.costUsd;
  expect(await cost()).toBe(0.5);
  await prices.replace([{ model: "reporter", usd_per_million: { input: 1, output: 0 } }], undefined);
  await run();
  expect(await cost()).toBe(0.0011);
  await prices.replace([], undefined);
  expect((await run()).models.find((model) => model.model === "reporter")).toMatchObject({ changed: 1, old_usd: 0.0011, new_usd: 0.5 });
  expect(await cost()).toBe(0.5);
});

test("bounds, projects and filters keep a run to what was asked", async () => {
  await send([...traceOf(201, "bounded"), ...traceOf(202, "bounded"), ...traceOf(203, "bounded")], "bounds");
  await prices.replace([{ model: "bounded", usd_per_million: { input: 1, output: 0 } }], undefined);
  const id = (await metadata.projects.findByName("bounds"))?.id ?? "";
  expect(await run({ project_ids: ["0"], dry_run: true })).toMatchObject({ traces_changed: 0 });
  expect(await run({ project_ids: [id], filter: "tokens.input = 1202", dry_run: true })).toMatchObject({ traces_done: 1, traces_changed: 1 });
  const from = new Date(Number((START_NS + 2n * DAY_NS) / 1_000_000n)).toISOString();
  expect(await run({ project_ids: [id], from, dry_run: true })).toMatchObject({ traces_done: 2 });
  expect(await run({ project_ids: [id], to: from, dry_run: true })).toMatchObject({ traces_done: 1 });
  await expect(repricer.start({ ...noBounds, filter: "nonsense =" })).rejects.toMatchObject({ code: "filter_invalid" });
});

test("a run that was cut off goes on where it was, and the result is that of one run", async () => {
  const names = ["cut-a", "cut-b"];
  for (const [index, name] of names.entries()) await send(Array.from({ length: 300 }, (_, n) => traceOf(1000 + index * 300 + n, "cut")).flat(), name);
  await prices.replace([{ model: "cut", usd_per_million: { input: 3, output: 0 } }], undefined);
  const projects = (await metadata.projects.list()).filter((project) => names.includes(project.name)).map((project) => project.id);
  let kept = 0;
  const { repriceJobs } = metadata;
  repricer = newRepricer(undefined, {
    create: (question, progress) => repriceJobs.create(question, progress),
    find: (id) => repriceJobs.find(id),
    list: (limit) => repriceJobs.list(limit),
    update: async (id, change) => {
      kept += 1;
      if (kept > 1) throw new Error("killed"); // after the prices were applied and before the progress was kept
      return repriceJobs.update(id, change);
    },
  });
  const { id } = await repricer.start({ ...noBounds, project_ids: projects });
  await repricer.settled();
  expect(await repricer.find(id)).toMatchObject({ state: "running", traces_done: 500 });

  repricer = newRepricer();
  await repricer.resume();
  await repricer.settled();
  expect(await repricer.find(id)).toMatchObject({ state: "done", traces_done: 600, traces_total: 600 });
  for (const name of names) {
    for (const trace of await tracesOf(name)) expect(trace).toMatchObject({ costUsd: ((trace.tokens.input ?? 0) * 3) / 1e6, unpricedCalls: 0 });
  }
  expect(await run({ project_ids: projects })).toMatchObject({ spans_changed: 0 });
});

test("one run at a time, which can be cancelled; a span sent again meanwhile keeps what it was priced then", async () => {
  await send(traceOf(2000, "raced"), "raced");
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let begun = (): void => {};
  const isHeld = new Promise<void>((resolve) => (begun = resolve));
  await prices.replace([{ model: "raced", usd_per_million: { input: 1, output: 0 } }], undefined);
  repricer = newRepricer(async (commands) => {
    begun();
    await held;
    await ingest.apply(commands);
  });
  const { id } = await repricer.start(noBounds);
  await isHeld;
  await expect(repricer.start(noBounds)).rejects.toMatchObject({ code: "already_exists" });
  await prices.replace([{ model: "raced", usd_per_million: { input: 7, output: 0 } }], undefined);
  await send(traceOf(2000, "raced"), "raced");
  const cancelled = repricer.cancel(id);
  release();
  expect((await cancelled).state).toBe("cancelled");
  await ingest.readable();
  expect((await tracesOf("raced"))[0]?.costUsd).toBe(0.021);
  await expect(repricer.find("999")).rejects.toMatchObject({ code: "not_found" });
});
