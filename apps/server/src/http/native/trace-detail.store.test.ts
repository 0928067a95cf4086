import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Block, type StoredSpan, writeBlock, writeSpanRow, writeTraceRow } from "@telltale/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { peopleWorld, type PeopleWorld } from "../../sessions/people.testing.ts";
import { skeletonTexts } from "./wire/skeleton-texts.ts";
import { toSpanSkeleton } from "./wire/span-skeleton.ts";

const captures = fileURLToPath(new URL("../../../../../packages/ingest/fixtures/otlp", import.meta.url));
const ODD = 'it\'s "quoted" / \\ \n \u0001 \u2028 東京 😀';
const HOUR_NS = 3_600_000_000_000n;
const LARGE = 2_100;
let world: PeopleWorld;

beforeAll(async () => {
  world = await peopleWorld();
  const files = readdirSync(captures, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith("-traces.pb"));
  for (const file of files)
    await world.ingest.traces({ body: readFileSync(join(captures, file)), format: "protobuf", project: {}, route: "/v1/traces", client: "test" });
  await world.ingest.readable();
}, 60_000);
afterAll(() => world.close());

const everything = async () => (await world.questions.searchTraces({ scope: { projectIds: "all" }, limit: 500 })).traces;
const fromRows = (spans: readonly StoredSpan[]): string[] => spans.map((span) => JSON.stringify(toSpanSkeleton(span)));

test("the spans of every capture are the same text, written from rows and from columns", async () => {
  const traces = await everything();
  expect(traces.length).toBeGreaterThan(30);
  for (const { projectId, traceId } of traces) {
    const scope = { projectIds: [projectId] };
    const [rows, columns] = await Promise.all([world.questions.spansOf(scope, traceId), world.questions.skeletonColumnsOf(scope, traceId)]);
    expect(rows.length).toBeGreaterThan(0);
    expectSame([...skeletonTexts(columns)].join(""), fromRows(rows).join(","));
  }
});

test("a large trace is answered with the same text, whatever its spans say", async () => {
  const [trace] = await everything();
  const [first] = await world.questions.spansOf({ projectIds: ["0"] }, trace?.traceId ?? "");
  if (trace === undefined || first === undefined) throw new Error("no trace to copy");
  const large = { ...trace, traceId: "1a".repeat(16), spanCount: LARGE };
  const bucket = Number(large.startNs / HOUR_NS) * 3600;
  const block = new Block();
  writeTraceRow(block.traces, large, { bucket, spansBucket: bucket, version: 5n, isDeleted: false });
  for (let index = 0; index < LARGE; index += 1)
    writeSpanRow(block.spans, "0", bucket, { ...oddSpan(first, index), traceId: large.traceId, inputs: "", outputs: "" }, 5n);
  await writeBlock(world.engine, block, "large");

  const rows = await world.questions.spansOf({ projectIds: ["0"] }, large.traceId);
  expect(rows).toHaveLength(LARGE);
  expect(await world.questions.spansOf({ projectIds: ["0"] }, large.traceId, undefined, { isLarge: true })).toEqual(rows);
  const under = await world.open();
  const { statusCode, body } = await under.app.inject({ url: `/api/v1/traces/${large.traceId}` });
  await under.app.close();
  expect(statusCode).toBe(200);
  const open = body.indexOf('"spans":[') + '"spans":['.length;
  expectSame(body.slice(open, body.lastIndexOf('],"assessments":')), fromRows(rows).join(","));
});

/** Byte for byte; tells where they part, not megabytes. */
function expectSame(text: string, other: string): void {
  let at = 0;
  while (at < text.length && text[at] === other[at]) at += 1;
  expect([at, text.slice(at - 60, at + 60)]).toEqual([other.length, other.slice(at - 60, at + 60)]);
}

/** Every field says something else in some of the spans, and nothing in others. */
function oddSpan(span: StoredSpan, index: number): StoredSpan {
  const some = <Item>(items: readonly Item[]): Item => items[index % items.length] as Item; // never out of range
  const text = some(["", ODD, "plain", `of ${index}`]);
  const number = some([undefined, 0, index, 4_000_000_000]);
  const startNs = some([0n, 1_795_424_400_000_000_000n, 1_795_424_400_123_000_000n, 1_795_424_400_123_456_000n]) + BigInt(index % 7);
  return {
    ...span,
    spanId: `span${(index * 7919) % LARGE}`,
    parentSpanId: text,
    name: text,
    kind: some(["LLM", "TOOL", "UNKNOWN"]),
    dialect: text,
    scopeName: text,
    scopeVersion: text,
    serviceName: text,
    startNs,
    endNs: startNs + some([0n, 1n, 1_234_567n, 9_000_000_000_000_000n]),
    clockSkew: index % 2 === 1,
    status: some(["ok", "error", "unset"]),
    statusMessage: text,
    errorType: text,
    httpStatus: some([undefined, 200, 503]),
    provider: text,
    requestModel: text,
    responseModel: some(["", "gpt-4o", ""]),
    responseId: text,
    serviceTier: text,
    finishReasons: some([[], ["stop"], ["tool_calls", ODD]]),
    usage: {
      input: number,
      output: number,
      cacheRead: number,
      cacheWrite: number,
      cacheWrite1h: number,
      reasoning: number,
      inputAudio: number,
      outputAudio: undefined,
      inputImage: number,
    },
    usageIsAggregate: index % 5 === 0,
    cost: { usd: some([undefined, 0, 1e-9 * index, 12.5]), source: some(["computed", "none"]), reportedUsd: some([undefined, 1e-7]), priceVersion: text },
    ttftMs: some([undefined, 0, 1 / 3, 1e-7, 1e21]),
    stream: some([undefined, true, false]),
    sessionId: text,
    userId: text,
    promptName: text,
    promptVersion: some(["", "3"]),
    agentName: text,
    workflowName: text,
    toolName: text,
    toolCallId: text,
    counted: index % 3 === 0,
    duplicateOf: some(["", `${"ab".repeat(16)}:span${index}`, "a:b:c"]),
    noise: index % 11 === 0,
    truncated: index % 13 === 0,
  };
}
