import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unpackLog } from "@telltale/ingest";
import type { ProjectScope } from "@telltale/model";
import { EmbeddedEngine, Journal, type ProjectStore, type TraceQuestions, migrateAnalytics, traceQuestions } from "@telltale/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningIngest, createIngest } from "./create-ingest.ts";
import { emptyInfo } from "./assemble-block.ts";

const captures = fileURLToPath(new URL("../../../../packages/ingest/fixtures/otlp", import.meta.url));
const child = fileURLToPath(new URL("../../../../packages/store/src/engine/child.ts", import.meta.url));
const scope: ProjectScope = { projectIds: "all" };
const dir = mkdtempSync(join(tmpdir(), "telltale-pipeline-"));
let engine: EmbeddedEngine;
let questions: TraceQuestions;
let ingest: RunningIngest;
let journal: Journal;

const projects = {
  find: async (id: string) => (id === "0" ? { id, name: "Default", lifecycle: "active", tags: new Map(), createdMs: 0, updatedMs: 0 } : undefined),
  findByName: async (name: string) => ({ id: "7", name, lifecycle: "active", tags: new Map(), createdMs: 0, updatedMs: 0 }),
} as unknown as ProjectStore;

async function start(folder = "journal"): Promise<void> {
  const opened = await Journal.open(join(dir, folder));
  journal = opened.journal;
  ingest = createIngest({
    engine,
    questions,
    journal,
    projects,
    putBlob: async () => {},
    quarantine: async (items) => {
      throw new Error(`quarantined: ${items[0]?.error.stack}`);
    },
  });
  await ingest.recover(opened.replay());
  ingest.start();
}

beforeAll(async () => {
  engine = new EmbeddedEngine({ dir: join(dir, "db"), command: [process.execPath, "--import", "tsx", child] });
  await engine.ready();
  await migrateAnalytics(engine);
  questions = traceQuestions(engine, { unpackLog });
  await start();
});
afterAll(async () => {
  await ingest.stop();
  await journal.close();
  await engine.close();
  rmSync(dir, { recursive: true, force: true });
});

async function send(folder: string, signal: string): Promise<void> {
  for (const name of readdirSync(join(captures, folder)).filter((file) => file.endsWith(`-${signal}.pb`))) {
    const body = readFileSync(join(captures, folder, name));
    const input = { body, format: "protobuf", project: {}, route: "/v1/traces", client: "test" } as const;
    await (signal === "traces" ? ingest.traces(input) : ingest.logs(input));
  }
}

const totals = async (): Promise<{ spans: number; calls: number; input: number; output: number }> => {
  const page = await questions.searchTraces({ scope, limit: 500 });
  const sum = (of: (trace: (typeof page.traces)[number]) => number | undefined): number => page.traces.reduce((total, trace) => total + (of(trace) ?? 0), 0);
  return { spans: sum((t) => t.spanCount), calls: sum((t) => t.llmCalls), input: sum((t) => t.tokens.input), output: sum((t) => t.tokens.output) };
};

test("a capture becomes traces that can be found and opened; sent again it changes nothing", async () => {
  await send("py-otel-openai-v2-legacy-events", "traces");
  await ingest.readable();
  const first = await totals();
  expect(first.spans).toBe(5);
  await send("py-otel-openai-v2-legacy-events", "traces");
  await ingest.readable();
  expect(await totals()).toEqual(first);
  expect(ingest.stats.duplicates).toBe(5);
  const { traces } = await questions.searchTraces({ scope, limit: 10 });
  const spans = await questions.spansOf(scope, traces[0]?.traceId ?? "");
  expect(spans.length).toBe(traces[0]?.spanCount);
});

test("messages that come in log records after their span join it", async () => {
  await send("py-otel-openai-v2-legacy-events", "logs");
  await ingest.readable();
  const { traces } = await questions.searchTraces({ scope, limit: 10, filter: undefined });
  const payloads = await Promise.all(traces.map((trace) => questions.payloadsOf(scope, trace.traceId)));
  expect(payloads.flat().filter((payload) => payload.inputs.includes("weather")).length).toBeGreaterThan(0);
});

test("what a client states of a trace merges with its spans in either order, also after a restart", async () => {
  const { traces } = await questions.searchTraces({ scope, limit: 1 });
  const trace = traces[0];
  if (!trace) throw new Error("no trace");
  const info = {
    ...emptyInfo(trace.traceId),
    tags: new Map([
      ["environment", "production"],
      ["mlflow.trace.session", "sess-9"],
    ]),
    state: "OK",
  };
  await ingest.apply([{ type: "trace_info", projectId: trace.projectId, traceId: trace.traceId, info }]);
  await ingest.stop();
  await journal.close();
  await start();
  await ingest.apply([
    { type: "trace_info", projectId: trace.projectId, traceId: trace.traceId, info: { ...emptyInfo(trace.traceId), tags: new Map([["app_version", "2.0"]]) } },
  ]);
  await ingest.readable();
  const [after] = await questions.findTraces(scope, [trace.traceId]);
  expect(after).toMatchObject({
    environment: "production",
    sessionId: "sess-9",
    appVersion: "2.0",
    spanCount: trace.spanCount,
    name: trace.name,
    tokens: trace.tokens,
  });
});

test("what was acknowledged and not stored is stored by the next start, which reads of it wait for", async () => {
  const folder = join(dir, "left-over");
  const make = async () => {
    const opened = await Journal.open(folder);
    const own = createIngest({ engine, questions, journal: opened.journal, projects, putBlob: async () => {}, quarantine: async () => {} });
    return { own, ...opened };
  };
  const traceId = "1e".repeat(16);
  const startNs = BigInt(Date.now() - 60_000) * 1_000_000n;
  const span = { traceId, spanId: "1e".repeat(8), name: "left", startTimeUnixNano: String(startNs), endTimeUnixNano: String(startNs + 1000n) };
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
  const killed = await make();
  await killed.own.traces({ body, format: "json", project: {}, route: "/v1/traces", client: "test" });
  await killed.journal.close(); // never started: nothing is stored
  expect(await questions.findTraces(scope, [traceId])).toEqual([]);
  const next = await make();
  expect(await next.own.recover(next.replay())).toBe(1);
  expect([next.own.mayKnow?.(traceId), next.own.pending().records]).toEqual([true, 1]);
  next.own.start();
  expect(await next.own.readable([traceId])).toBe(true);
  expect(await questions.findTraces(scope, [traceId])).toMatchObject([{ name: "left", spanCount: 1 }]);
  await next.own.stop();
  await next.journal.close();
});

test("what is said of a trace belongs to the time of the trace, also when it is said later and after a restart", async () => {
  const traceId = "2e".repeat(16);
  const startNs = BigInt(Date.now() - 3 * 3_600_000) * 1_000_000n;
  const span = { traceId, spanId: "2e".repeat(8), name: "old", startTimeUnixNano: String(startNs), endTimeUnixNano: String(startNs + 1000n) };
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
  await ingest.traces({ body, format: "json", project: {}, route: "/v1/traces", client: "test" });
  await ingest.readable();
  await ingest.stop();
  await journal.close();
  await start("later-journal"); // nothing of it is in memory
  await ingest.apply([
    {
      type: "assessment",
      assessment: {
        projectId: "0", traceId, spanId: "", assessmentId: "a-later", name: "later", kind: "feedback", valueJson: "true", error: undefined, sourceType: "HUMAN", sourceId: "ada",
        rationale: undefined, metadata: new Map(), overrides: undefined, valid: true, createdMs: Date.now(), updatedMs: Date.now(),
      },
    },
  ]); // prettier-ignore
  await ingest.readable();
  const [row] = await engine.query<{ at: string }>(
    "SELECT toUnixTimestamp64Nano(trace_start)::String AS at FROM assessments FINAL WHERE assessment_id = 'a-later'",
  );
  expect(row?.at).toBe(String(startNs));
});

test("a call that was reported before a restart is not counted again when another trace reports it", async () => {
  const report = (traceId: string): Buffer => {
    const startNs = BigInt(Date.now() - 60_000) * 1_000_000n;
    const attributes = Object.entries({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.response.id": "resp-restart" }).map(
      ([key, value]) => ({
        key,
        value: { stringValue: value },
      }),
    );
    attributes.push({ key: "gen_ai.usage.input_tokens", value: { intValue: "11" } as never });
    const span = { traceId, spanId: "ab".repeat(8), name: "chat m", startTimeUnixNano: String(startNs), endTimeUnixNano: String(startNs + 1000n), attributes };
    return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
  };
  const send = (traceId: string): Promise<unknown> =>
    ingest.traces({ body: report(traceId), format: "json", project: {}, route: "/v1/traces", client: "test" });
  const [first, second] = ["a1".repeat(16), "b2".repeat(16)];
  await send(first);
  await ingest.readable();
  await ingest.stop();
  await journal.close();
  await start("next-journal"); // nothing of before is replayed
  await send(second);
  await ingest.readable();
  const calls = async (id: string): Promise<unknown> => (await questions.findTraces(scope, [id]))[0]?.llmCalls;
  expect([await calls(first), await calls(second)]).toEqual([1, 0]);
  expect((await questions.spansOf(scope, second))[0]).toMatchObject({ counted: false, duplicateOf: `${first}:${"ab".repeat(8)}` });
});

test("a deleted trace is gone with its spans and content", async () => {
  const { traces } = await questions.searchTraces({ scope, limit: 1 });
  const trace = traces[0];
  if (!trace) throw new Error("no trace");
  await ingest.apply([{ type: "traces_delete", projectId: trace.projectId, traceIds: [trace.traceId] }]);
  await ingest.readable();
  expect(await questions.findTraces(scope, [trace.traceId])).toEqual([]);
  expect(await questions.spansOf(scope, trace.traceId)).toEqual([]);
  expect(await questions.payloadsOf(scope, trace.traceId)).toEqual([]);
});

test("a large trace sent in parts is derived to its last span, though nothing comes after it, and indexed seconds later", async () => {
  const traceId = "5e".repeat(16);
  const startNs = BigInt(Date.now() - 60_000) * 1_000_000n;
  const part = (from: number, count: number): Buffer =>
    Buffer.from(
      JSON.stringify({
        resourceSpans: [
          {
            scopeSpans: [
              {
                spans: Array.from({ length: count }, (_, i) => ({
                  traceId,
                  spanId: (from + i + 1).toString(16).padStart(16, "0"),
                  parentSpanId: from + i === 0 ? "" : "1".padStart(16, "0"),
                  name: "step",
                  startTimeUnixNano: String(startNs + BigInt(from + i) * 1000n),
                  endTimeUnixNano: String(startNs + BigInt(from + i) * 1000n + 500n),
                })),
              },
            ],
          },
        ],
      }),
    );
  for (let from = 0; from < 12_000; from += 2_000) {
    await ingest.traces({ body: part(from, 2_000), format: "json", project: {}, route: "/v1/traces", client: "test" });
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  await expect.poll(async () => (await questions.findTraces(scope, [traceId]))[0]?.spanCount, { timeout: 10_000 }).toBe(12_000);
  const unindexed = async (): Promise<number> => {
    const [row] = await engine.query<{ rows: string }>(
      "SELECT sum(rows) AS rows FROM system.parts WHERE active AND database = currentDatabase() AND table = 'payloads' AND secondary_indices_compressed_bytes = 0",
    );
    return Number(row?.rows);
  };
  await expect.poll(unindexed, { timeout: 12_000 }).toBeLessThan(4_000); // an idle writer lets go of the rest after 15 s
  await ingest.apply([{ type: "traces_delete", projectId: "0", traceIds: [traceId] }]);
  await ingest.readable();
}, 30_000);

test("an unknown project id is the caller's mistake, before anything is stored", async () => {
  const body = readFileSync(join(captures, "py-otel-openai-v2-legacy-events", "01-traces.pb"));
  await expect(ingest.traces({ body, format: "protobuf", project: { experimentId: "99" }, route: "/v1/traces", client: "test" })).rejects.toMatchObject({
    code: "project_not_found",
    status: 404,
  });
});

test("all captures are stored without one block refused", async () => {
  for (const folder of readdirSync(captures).filter((name) => name.includes("-"))) {
    await send(folder, "traces");
    await send(folder, "logs");
  }
  await expect.poll(() => ingest.readable(), { timeout: 15_000 }).toBe(true);
  expect(ingest.stats.quarantined).toBe(0);
  expect((await totals()).spans).toBeGreaterThan(300);
}, 30_000);

test("every span of a late batch counts as late, whether its trace is still in memory or read back", async () => {
  const folder = join(dir, "late");
  let aheadMs = 0;
  const now = (): number => Date.now() + aheadMs;
  const traceId = "1a7e".repeat(8);
  const batch = (...ids: number[]): Buffer => {
    const startNs = BigInt(now()) * 1_000_000n;
    const spans = ids.map((id) => ({
      traceId,
      spanId: id.toString(16).padStart(16, "0"),
      parentSpanId: id === 1 ? "" : "1".padStart(16, "0"),
      name: "step",
      startTimeUnixNano: String(startNs),
      endTimeUnixNano: String(startNs + 1000n),
    }));
    return Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  };
  const lateOf = async (...batches: (() => Buffer)[]): Promise<number> => {
    const opened = await Journal.open(folder);
    const own = createIngest({ engine, questions, journal: opened.journal, projects, putBlob: async () => {}, quarantine: async () => {}, now });
    await own.recover(opened.replay());
    own.start();
    for (const next of batches) {
      await own.traces({ body: next(), format: "json", project: {}, route: "/v1/traces", client: "test" });
      expect(await own.readable()).toBe(true);
      aheadMs += 11_000;
    }
    await own.stop();
    await opened.journal.close();
    return own.stats.lateSpans;
  };
  expect(
    await lateOf(
      () => batch(1, 2),
      () => batch(3, 4, 5),
    ),
  ).toBe(3);
  expect(await lateOf(() => batch(5, 6, 7))).toBe(2);
}, 30_000);
