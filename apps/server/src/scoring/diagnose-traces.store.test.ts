import { parseFilter } from "@telltale/model/filter";
import { findingIn } from "@telltale/score";
import { diagnosticTotals, type Metadata, type TraceQuestions } from "@telltale/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunningIngest } from "../pipeline/create-ingest.ts";
import { openStoredPipeline, type StoredPipeline } from "../stored-pipeline.testing.ts";
import { diagnoseTraces } from "./diagnose-traces.ts";

const scope = { projectIds: ["0"] };
let pipeline: StoredPipeline;
let engine: StoredPipeline["engine"];
let metadata: Metadata;
let questions: TraceQuestions;
let ingest: RunningIngest;
let aheadMs = 0;
const now = (): number => Date.now() + aheadMs;

beforeAll(async () => {
  pipeline = await openStoredPipeline(now);
  ({ engine, metadata, questions, ingest } = pipeline);
  await diagnose();
});
afterAll(() => pipeline.close());

async function diagnose(): Promise<number> {
  await ingest.readable();
  aheadMs += 11_000;
  const done = await diagnoseTraces(
    { engine, metadata, questions, ingest, storedUpToNs: () => ingest.storedUpToNs(), isBusy: () => false, now },
    new AbortController().signal,
  );
  await ingest.readable();
  return done;
}

/** An agent that calls one tool again and again with the same arguments and the same answer. */
async function send(traceId: string, answers: readonly string[], firstSpan = 2): Promise<void> {
  const startNs = BigInt(now()) * 1_000_000n;
  const span = (id: number, kind: string, attributes: Record<string, string>) => ({
    traceId,
    spanId: id.toString(16).padStart(16, "0"),
    parentSpanId: id === 1 ? "" : "1".padStart(16, "0"),
    name: kind === "AGENT" ? "planner" : "search",
    startTimeUnixNano: String(startNs + BigInt(id) * 1_000_000_000n),
    endTimeUnixNano: String(startNs + BigInt(id) * 1_000_000_000n + 500_000_000n),
    attributes: Object.entries({ "openinference.span.kind": kind, ...attributes }).map(([key, value]) => ({ key, value: { stringValue: value } })),
  });
  const spans = [
    ...(firstSpan === 2 ? [span(1, "AGENT", { "input.value": "find it", "output.value": "found" })] : []),
    ...answers.map((answer, at) => span(firstSpan + at, "TOOL", { "tool.name": "search", "input.value": '{"q":"telltale"}', "output.value": answer })),
  ];
  const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  await ingest.traces({ body, format: "json", project: { experimentId: "0" }, route: "/v1/traces", client: "test" });
}

const findings = async (traceId: string) => (await questions.assessmentsOf(scope, [traceId])).flatMap((assessment) => findingIn(assessment) ?? []);

test("a loop is found once, with its spans and what it wasted; a trace without one has no finding", async () => {
  const [looping, fine] = ["1".repeat(32), "2".repeat(32)];
  await send(looping, ["nothing", "nothing", "nothing", "nothing"]);
  await send(fine, ["page 1", "page 2"]);
  expect(await diagnose()).toBe(2);
  expect(await findings(fine)).toEqual([]);
  const [loop, ...others] = await findings(looping);
  expect(others).toEqual([]);
  expect(loop).toMatchObject({ name: "loop", tool: "search" });
  expect(loop?.spanIds.length).toBeGreaterThan(2);
  expect(loop?.wastedMs).toBeGreaterThan(1_000);
  expect(await diagnose()).toBe(0);

  const found = await questions.searchTraces({ scope, limit: 10, filter: parseFilter("diagnostic = 'loop'") });
  expect(found.traces.map((trace) => trace.traceId)).toEqual([looping]);
  const [total] = await diagnosticTotals(engine, { scope, fromNs: 0n, toNs: BigInt(now()) * 2_000_000n });
  expect(total).toMatchObject({ diagnostic: "loop", tool: "search", traces: 1, example: looping, wastedUsd: undefined, unpriced: 1 });
});

test("late spans are diagnosed with the rest, and what no longer holds is taken back", async () => {
  const traceId = "3".repeat(32);
  await send(traceId, ["something", "nothing"]);
  await diagnose();
  expect(await findings(traceId)).toEqual([]);
  await send(traceId, ["nothing", "nothing", "nothing"], 4);
  expect(await diagnose()).toBe(1);
  expect((await findings(traceId)).map((finding) => finding.name)).toEqual(["loop"]);
  // The same spans again, complete now: every answer differs, so it was no loop.
  await send(traceId, ["a", "b", "c", "d", "e"]);
  await diagnose();
  expect(await findings(traceId)).toEqual([]);
});

test("what is usual for an agent is learnt from its own runs", async () => {
  await metadata.agentSteps.add(Array.from({ length: 3_000 }, (_, run) => ({ projectId: "0", agent: "planner", steps: run < 2_980 ? 1 + (run % 3) : 50 })));
  expect((await metadata.agentSteps.limits()).get("0")?.get("planner")).toBe(3);
  const traceId = "4".repeat(32);
  await send(traceId, ["a", "b", "c", "d", "e", "f"]);
  await diagnose();
  expect((await findings(traceId)).map((finding) => finding.name)).toEqual(["excess_steps"]);
});

test("an answer from retrieved context gets its triage, one without context none", async () => {
  const ask = async (traceId: string, answer: string, document: string | undefined): Promise<void> => {
    const startNs = BigInt(now()) * 1_000_000n;
    const span = (id: number, kind: string, attributes: Record<string, string>) => ({
      traceId,
      spanId: id.toString(16).padStart(16, "0"),
      parentSpanId: id === 1 ? "" : "1".padStart(16, "0"),
      name: kind.toLowerCase(),
      startTimeUnixNano: String(startNs + BigInt(id)),
      endTimeUnixNano: String(startNs + 1_000_000n),
      attributes: Object.entries({ "openinference.span.kind": kind, ...attributes }).map(([key, value]) => ({ key, value: { stringValue: value } })),
    });
    const retriever: Record<string, string> = document === undefined ? {} : { "retrieval.documents.0.document.content": document };
    const spans = [
      span(1, "CHAIN", { "input.value": "When was the tower built?", "output.value": answer }),
      span(2, "RETRIEVER", { "input.value": "tower", ...retriever }),
    ];
    await ingest.traces({
      body: Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })),
      format: "json",
      project: {},
      route: "/v1/traces",
      client: "test",
    });
  };
  const context = "The tower was built between 1887 and 1889 by the company of Gustave Eiffel.";
  const [grounded, invented, without] = ["5".repeat(32), "6".repeat(32), "7".repeat(32)];
  await ask(grounded, "The tower was built between 1887 and 1889.", context);
  await ask(invented, "Napoleon ordered the marble lighthouse in 1742 after a wager with Admiral Nelson.", context);
  await ask(without, "Nobody knows.", undefined);
  await diagnose();
  const triageOf = async (traceId: string) => (await questions.assessmentsOf(scope, [traceId])).find((assessment) => assessment.name === "groundedness_triage");
  const [good, bad] = [await triageOf(grounded), await triageOf(invented)];
  expect(Number(good?.valueJson)).toBeGreaterThan(Number(bad?.valueJson) + 0.3);
  expect(bad?.rationale).toContain("no verdict");
  expect(bad?.rationale).toContain("1742");
  expect(await triageOf(without)).toBeUndefined();
});
