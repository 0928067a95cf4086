import type { RawLog } from "@telltale/model";
import { columnSpans, SpanColumns } from "@telltale/model/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { EmbeddedEngine } from "../../engine/embedded.ts";
import type { TraceQuestions } from "../../store.ts";
import { Block, writeBlock } from "../block.ts";
import { openTestEngine } from "./engine.testing.ts";
import { traceQuestions } from "./index.ts";
import { addToBlock, makeWorld, type WorldTrace } from "./world.testing.ts";

let engine: EmbeddedEngine;
let close: () => Promise<void>;
let questions: TraceQuestions;
const odd = 'it\'s "quoted" / \\ \n 東京 😀';
const world = makeWorld(60, 5).filter(({ spans }) => spans.length > 0);
const [big] = world;

beforeAll(async () => {
  ({ engine, close } = await openTestEngine());
  questions = traceQuestions(engine, { unpackLog: (raw) => ({ eventName: raw }) as RawLog });
  if (big !== undefined) big.spans = spansWithEverything(big);
  // Written twice: replaced rows count once.
  for (const version of [5n, 6n]) {
    const block = new Block();
    for (const item of world) addToBlock(block, item, version);
    await writeBlock(engine, block, `b${version}`);
  }
}, 60_000);
afterAll(() => close());

/** More spans than one block of the engine's sort, in an order of their own, two of them at the same nanosecond. */
function spansWithEverything({ trace, spans }: WorldTrace): WorldTrace["spans"] {
  const [first] = spans;
  if (first === undefined) throw new Error("no span to copy");
  return Array.from({ length: 3000 }, (_, index) => ({
    ...first,
    span: {
      ...first.span,
      spanId: `span${(index * 7919) % 3000}`,
      parentSpanId: index === 0 ? "" : "span0",
      startNs: trace.startNs + BigInt(index - (index % 2)) * 1_000_003n,
      name: odd,
      statusMessage: odd,
      serviceTier: "flex",
      usage: { ...first.span.usage, cacheRead: 0, reasoning: index, inputAudio: 4_000_000_000 },
      usageIsAggregate: index % 3 === 0,
      cost: { usd: 0.000000001 * index, source: "reported" as const, reportedUsd: 0, priceVersion: "2026" },
      counted: index % 2 === 0,
      duplicateOf: index % 2 === 0 ? "" : `${trace.traceId}:span0`,
      noise: index === 7,
    },
  }));
}

async function columnsOf({ trace }: WorldTrace): Promise<SpanColumns> {
  const json = await questions.spanColumnsOf({ projectIds: [trace.projectId] }, trace.traceId);
  return SpanColumns.parse(JSON.parse(json.toString()));
}

test("columns say of every span what its row says, in the same order", async () => {
  for (const item of world) {
    const stored = await questions.spansOf({ projectIds: [item.trace.projectId] }, item.trace.traceId);
    const spans = columnSpans(await columnsOf(item));
    expect(stored).toHaveLength(item.spans.length);
    expect(spans).toHaveLength(stored.length);
    const first = stored[0]?.startNs ?? 0n;
    stored.forEach((row, index) => {
      const none = (text: string): string | null => (text === "" ? null : text);
      expect(spans[index]).toMatchObject({
        span_id: row.spanId,
        parent_span_id: none(row.parentSpanId),
        name: row.name,
        kind: row.kind,
        start_ms: Number(row.startNs - first) / 1e6,
        duration_ms: Number(row.endNs - row.startNs) / 1e6,
        status: row.status,
        status_message: none(row.statusMessage),
        error_type: none(row.errorType),
        service: none(row.serviceName),
        model: none(row.responseModel) ?? none(row.requestModel),
        request_model: none(row.requestModel),
        service_tier: none(row.serviceTier),
        usage: { input_tokens: row.usage.input ?? null, cache_read_tokens: row.usage.cacheRead ?? null, reasoning_tokens: row.usage.reasoning ?? null },
        usage_is_aggregate: row.usageIsAggregate,
        cost_usd: row.cost.usd ?? null,
        cost_source: row.cost.source,
        cost_reported_usd: row.cost.reportedUsd ?? null,
        price_version: none(row.cost.priceVersion),
        ttft_ms: row.ttftMs ?? null,
        agent_name: none(row.agentName),
        tool_name: none(row.toolName),
        counted: row.counted,
        duplicate_of: row.duplicateOf === "" ? null : { trace_id: row.traceId, span_id: "span0" },
        noise: row.noise,
      });
      expect(BigInt(Date.parse(spans[index]?.start_time ?? ""))).toBe(row.startNs / 1_000_000n);
    });
  }
});

test("rows are the same in either way of sorting", async () => {
  for (const { trace } of world.slice(0, 8)) {
    const scope = { projectIds: [trace.projectId] };
    expect(await questions.spansOf(scope, trace.traceId, undefined, { isLarge: true })).toEqual(await questions.spansOf(scope, trace.traceId));
  }
});

test("a column in which nothing is told is empty, a text of all spans is said once; a trace that is not there has no spans", async () => {
  if (big === undefined) throw new Error("no trace");
  const { ttft_ms, service_tier, agent_name } = await columnsOf(big);
  expect([ttft_ms, service_tier.values, service_tier.at, agent_name.at]).toEqual([[], ["flex"], [], []]);
  const missing = JSON.parse((await questions.spanColumnsOf({ projectIds: ["0"] }, "nowhere")).toString());
  expect(missing).toMatchObject({ first_start: null, span_id: [], start_ms: [], name: { values: [], at: [] } });
});
