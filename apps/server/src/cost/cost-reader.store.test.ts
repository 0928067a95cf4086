import { TelltaleError } from "@telltale/model";
import { parseFilter } from "@telltale/model/filter";
import { type CostWindow, type Metadata, type TraceQuestions, costQuestions, settleHours } from "@telltale/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningIngest } from "../pipeline/create-ingest.ts";
import type { PriceBook } from "../prices/price-book.ts";
import { type StoredPipeline, openStoredPipeline } from "../stored-pipeline.testing.ts";
import { CostReader } from "./cost-reader.ts";
import { costWindow } from "./cost-window.ts";

const START_MS = Date.UTC(2026, 10, 20, 10);
const { signal } = new AbortController();

let pipeline: StoredPipeline;
let engine: StoredPipeline["engine"];
let questions: TraceQuestions;
let metadata: Metadata;
let ingest: RunningIngest;
let prices: PriceBook;
let reader: CostReader;

beforeAll(async () => {
  pipeline = await openStoredPipeline();
  ({ engine, questions, metadata, ingest, prices } = pipeline);
  reader = new CostReader({ cost: costQuestions(engine), questions, prices, now: () => START_MS });
});
afterAll(() => pipeline.close());

type Attributes = Record<string, string | number>;
let spans = 0;

/** A call as a trace of its own, so many minutes after the start. */
function call(minute: number, attributes: Attributes, { kind = "chat", traceId = "", name = "answer" } = {}) {
  spans += 1;
  const at = BigInt(START_MS + minute * 60_000) * 1_000_000n;
  const said: Attributes = { "gen_ai.operation.name": kind, ...attributes };
  return {
    traceId: traceId || spans.toString(16).padStart(32, "0"),
    spanId: spans.toString(16).padStart(16, "0"),
    name,
    kind: 3,
    startTimeUnixNano: String(at),
    endTimeUnixNano: String(at + 5_000_000n),
    attributes: Object.entries(said).map(([key, value]) => ({
      key,
      value: typeof value === "number" ? (Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value }) : { stringValue: value },
    })),
  };
}

async function send(project: string, sent: unknown[], scope = { name: "sdk.test", version: "1.2" }): Promise<CostWindow> {
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope, spans: sent }] }] }));
  await ingest.traces({ body, format: "json", project: { projectName: project }, route: "/v1/traces", client: "test" });
  await ingest.readable();
  return windowOf(project);
}

async function windowOf(project: string, days = 1): Promise<CostWindow> {
  const id = (await metadata.projects.findByName(project))?.id ?? "";
  const fromNs = BigInt(START_MS) * 1_000_000n;
  return { scope: { projectIds: [id] }, fromNs, toNs: fromNs + BigInt(days) * 86_400_000_000_000n };
}

const usage = (input: number, output: number, more: Attributes = {}): Attributes => ({
  "gen_ai.usage.input_tokens": input,
  "gen_ai.usage.output_tokens": output,
  ...more,
});
const sonnet = { "gen_ai.provider.name": "anthropic", "gen_ai.request.model": "claude-sonnet-4-5" };

test("money by class adds up to the total, to the nano-dollar; what has no rates is said apart", async () => {
  await prices.replace(
    [{ model: "mine", usd_per_million: { input: 0.1234, output: 3 }, long_context: [{ above_tokens: 1000, usd_per_million: { input: 0.777 } }] }],
    undefined,
  );
  const details = {
    "gen_ai.usage.cache_read.input_tokens": 3000,
    "gen_ai.usage.cache_creation.input_tokens": 1000,
    "gen_ai.usage.reasoning.output_tokens": 70,
  };
  const window = await send("classes", [
    ...Array.from({ length: 40 }, (_, n) => call(n, { ...sonnet, ...usage(5000 + n * 17, 100 + n, details) })),
    ...Array.from({ length: 9 }, (_, n) => call(n, { "gen_ai.request.model": "mine", ...usage(997 + n, 7) })),
    call(50, { ...sonnet, ...usage(300_000, 10) }),
    call(51, { "gen_ai.request.model": "nobody-knows", ...usage(500, 20, { "gen_ai.usage.cost": 0.25 }) }),
    call(52, { "gen_ai.request.model": "nobody-knows", ...usage(400, 10) }),
  ]);
  await prices.replace([], undefined); // an own price that was replaced still explains what it priced
  const summary = await reader.summary(window, "model", 20, signal);
  const ofClasses = summary.classes.reduce((sum, one) => sum + (one.cost_usd ?? 0), 0);
  expect(ofClasses + summary.not_split.cost_usd).toBeCloseTo(summary.total.cost_usd ?? 0, 7);
  expect(summary.not_split).toEqual({ cost_usd: 0.25, calls: 1, reported_usd: 0.25 });
  const tokens = Object.fromEntries(summary.classes.map((one) => [one.class, one.tokens]));
  expect(tokens).toMatchObject({ cached: 120_000, cache_write: 40_000, reasoning: 2800 });
  expect(summary.classes.find((one) => one.class === "cached")?.cost_usd).toBeCloseTo(120_000 * 0.3e-6, 12);
  expect(summary.classes.find((one) => one.class === "input")?.unpriced_tokens).toBe(400);
  expect(summary.calls).toMatchObject({ count: 52, unpriced: 1 });
  expect(summary.total).toMatchObject({ traces: 52, priced_traces: 51 });
  expect(summary.previous).toMatchObject({ cost_usd: null, traces: 0 });
});

test("groups are those of the metrics: they add up, with tokens and cache hits", async () => {
  const summary = await reader.summary(await windowOf("classes"), "model", 1, signal);
  expect(summary.groups.map((group) => group.value)).toEqual(["claude-sonnet-4-5", null]);
  expect(summary.groups.reduce((sum, group) => sum + (group.cost_usd ?? 0), 0)).toBeCloseTo(summary.total.cost_usd ?? 0, 9);
  expect(summary.groups[0]?.tokens).toMatchObject({ cached: 120_000, reasoning: 2800 });
  expect(summary.groups[0]?.cache_hit_rate).toBeCloseTo(120_000 / (summary.groups[0]?.tokens.input ?? 1), 12);
  const byUser = await reader.summary(await windowOf("classes"), "user", 5, signal);
  expect(byUser.groups.map((group) => [group.value, group.share])).toEqual([["unknown", 1]]);
});

test("models without a price are told with their tokens, an example, and the names nearest to theirs", async () => {
  const window = await send("unpriced", [
    call(1, { "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o-mini-acme", ...usage(1000, 10) }, { traceId: "a".repeat(32) }),
    call(2, { "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o-mini-acme", ...usage(3000, 10) }, { traceId: "b".repeat(32) }),
    call(3, { "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o", ...usage(1, 1) }),
    call(4, { ...usage(9, 9) }),
  ]);
  const { data, calls, share_of_calls } = await reader.unpriced(window, signal);
  expect([calls, share_of_calls]).toEqual([3, 0.75]);
  expect(data[0]).toMatchObject({
    provider: "openai",
    model: "gpt-4o-mini-acme",
    unpriced_calls: 2,
    traces: 2,
    unpriced_tokens: 4020,
    first_seen: "2026-11-20T10:01:00.000Z",
    last_seen: "2026-11-20T10:02:00.000Z",
    example: { trace_id: "b".repeat(32) },
    price: null,
    suggestions: [{ provider: "openai", model: "gpt-4o-mini" }, {}, {}],
  });
  expect(data[1]).toMatchObject({ provider: "unknown", model: "unknown", suggestions: [] });

  await prices.replace([{ model: "gpt-4o-mini-acme", usd_per_million: { input: 1, output: 1 } }], undefined);
  const models = (await reader.models(window, signal)).data;
  expect(models.map(({ model, unpriced_calls, price }) => [model, unpriced_calls, price?.source ?? null])).toEqual([
    ["gpt-4o-mini-acme", 2, "override"],
    ["unknown", 1, null],
    ["gpt-4o", 0, "table"],
  ]);
  await prices.replace([], undefined);
});

test("broken identities name the instrumentation, its version, the convention and the model", async () => {
  const m = { "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o" };
  await send("identities", [
    call(1, { ...m, ...usage(10, 5, { "gen_ai.usage.total_tokens": 15 }) }),
    call(2, { ...m, ...usage(10, 5, { "gen_ai.usage.total_tokens": 99 }) }),
  ]);
  await send("identities", [call(3, { ...m, ...usage(10, 5, { "gen_ai.usage.cache_read.input_tokens": 50 }) })], { name: "sdk.other", version: "9" });
  await send("identities", [call(4, { ...m, ...usage(1000, 5, { "gen_ai.usage.cost": 7.5 }) })]);
  const window = await send("identities", [call(5, { "gen_ai.agent.name": "a", ...usage(70, 7) }, { kind: "invoke_agent" })]);
  const { data, reports } = await reader.identities(window, signal);
  expect(reports).toBe(4);
  expect(data.map(({ identity, sdk, broken, checked }) => [identity, sdk.name, broken, checked])).toEqual(
    expect.arrayContaining([
      ["total_not_sum", "sdk.test", 1, 3],
      ["cached_over_input", "sdk.other", 1, 1],
      ["cost_not_as_reported", "sdk.test", 1, 1],
      ["usage_on_wrappers_only", "sdk.test", 1, 1],
    ]),
  );
  expect(data.length).toBe(4);
  expect(data[0]).toMatchObject({
    convention: expect.any(String),
    meaning: expect.stringMatching(/\.$/),
    example: { trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
  });
});

test("the dearest traces are told with what of their money was wasted", async () => {
  const loop = Array.from({ length: 4 }, (_, n) =>
    call(
      n,
      { ...sonnet, ...usage(1000, 100), "gen_ai.input.messages": '[{"role":"user","parts":[{"type":"text","content":"again"}]}]' },
      { traceId: "c".repeat(32) },
    ),
  );
  const window = await send("patterns", [...loop, call(9, { ...sonnet, ...usage(100, 1) })]);
  const { patterns, dearest, examined } = await reader.patterns(window, signal);
  expect(patterns).toMatchObject([{ pattern: "loops", wasted_usd: 0.0135, traces: 1, examples: [{ trace_id: "c".repeat(32) }] }]);
  expect(dearest.map((trace) => trace.reasons.map((reason) => reason.pattern))).toEqual([["loops"], []]);
  expect(examined).toEqual({ traces: 2, cost_usd: examined.window_cost_usd, window_traces: 2, window_cost_usd: 0.018315 });
});

test("settled hours answer what the current rows answer", async () => {
  const tiers = [90_000, 100_000, 150_000, 199_999, 200_000, 200_001, 250_000, 250_000, 900_000];
  await send(
    "tiers",
    tiers.map((input, index) => call(index + 1, { "gen_ai.provider.name": "google", "gen_ai.request.model": "gemini-2.5-pro", ...usage(input, 10) })),
  );
  const answers = async () => {
    const all = await Promise.all(
      ["classes", "unpriced", "identities", "patterns", "tiers"].map(async (project) => {
        const window = await windowOf(project);
        const { from: _, ...summary } = await reader.summary(window, "model", 20, signal);
        return {
          summary,
          unpriced: await reader.unpriced(window, signal),
          identities: await reader.identities(window, signal),
          patterns: await reader.patterns(window, signal),
          // Without the threshold of an own price above, at which sums would be of no use.
          groups: (await costQuestions(engine).callGroups(window, [100_000, 128_000, 200_000])).groups
            .map(({ projectId: _project, traceId: _trace, ...sums }) => sums)
            .toSorted((a, b) => Number(a.firstNs - b.firstNs) || a.above - b.above),
        };
      }),
    );
    const filtered = { ...(await windowOf("classes")), filter: parseFilter("model = 'mine'") };
    return [all, await reader.summary(filtered, "model", 20, signal)] as const;
  };
  const before = await answers();
  for (let left = -1; left !== 0;) left = await settleHours(engine, { now: Date.now, quietMs: 0, maxTraces: 1000 });
  const [row] = await engine.query<{ n: string }>("SELECT count() AS n FROM settled_spans WHERE is_call");
  expect(Number(row?.n)).toBeGreaterThan(50);
  // A hundred and fifty calls of one rate are one row, those above a threshold of the price are not.
  const [sums] = await engine.query<{ n: string; calls: string }>("SELECT count() AS n, sum(calls) AS calls FROM settled_calls WHERE is_call");
  expect(Number(sums?.calls)).toBe(Number(row?.n));
  expect(Number(sums?.n)).toBeLessThan(Number(row?.n));
  expect(await answers()).toEqual(before);
});

test("a window that is empty, filtered or wrong", async () => {
  const nothing = await reader.summary(await windowOf("nobody"), "model", 20, signal);
  expect(nothing).toMatchObject({ total: { cost_usd: null, traces: 0 }, classes: [], groups: [], not_split: { cost_usd: 0 } });
  const filtered = { ...(await windowOf("classes")), filter: parseFilter("model = 'mine'") };
  expect((await reader.summary(filtered, "model", 20, signal)).calls.count).toBe(9);
  const all = { projectIds: "all" } as const;
  expect(() => costWindow(all, { from: "2026-11-02T00:00:00Z", to: "2026-11-01T00:00:00Z" }, START_MS)).toThrow(TelltaleError);
  expect(costWindow(all, {}, START_MS)).toMatchObject({ toNs: BigInt(START_MS + 1) * 1_000_000n });
});
