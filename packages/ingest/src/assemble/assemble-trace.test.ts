import type { Span, TraceInfo } from "@telltale/model";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normaliseSpan } from "../conventions/normalise.ts";
import { captureNames, capturedRun } from "../golden/captured-run.ts";
import { rawSpan } from "../golden/raw-span.ts";
import { assembleTrace } from "./assemble-trace.ts";
import { toAssemblySpan } from "./assembly-span.ts";
import { mergeTraceInfo } from "./merge-info.ts";

const START = 1_700_000_000_000_000_000n;
const MS = 1_000_000n;

function span(given: Partial<Span>): Span {
  return { ...normaliseSpan(rawSpan({})), ...given };
}

function info(given: Partial<TraceInfo>): TraceInfo {
  return { requestId: "tr-1", metadata: new Map(), tags: new Map(), deletedTags: [], runIds: [], prompts: [], ...given };
}

function assemble(spans: readonly Span[], stated?: TraceInfo) {
  return assembleTrace("p", "t", spans.map(toAssemblySpan), stated, 99n);
}

const usage = {
  input: 10,
  output: 5,
  cacheRead: 4,
  cacheWrite: undefined,
  cacheWrite1h: undefined,
  reasoning: undefined,
  inputAudio: undefined,
  outputAudio: undefined,
  inputImage: undefined,
};
const cost = { usd: 0.001, source: "computed" as const, reportedUsd: undefined, priceVersion: "1" };
const root = span({
  spanId: "root",
  name: "handle",
  kind: "AGENT",
  agentName: "triage",
  status: "ok",
  serviceName: "shop",
  inputs: "question",
  outputs: "answer",
});
const call = span({
  spanId: "call",
  parentSpanId: "root",
  kind: "LLM",
  startNs: START + 10n * MS,
  endNs: START + 500n * MS,
  responseModel: "gpt-4o-2024",
  requestModel: "gpt-4o",
  provider: "openai",
  usage,
  cost,
  ttftMs: 120,
});
const tool = span({
  spanId: "tool",
  parentSpanId: "root",
  kind: "TOOL",
  toolName: "search",
  status: "error",
  startNs: START + 600n * MS,
  endNs: START + 700n * MS,
});

describe("the row of a trace", () => {
  test("is derived from its spans", () => {
    expect(assemble([tool, call, root])).toMatchObject({
      name: "handle",
      status: "ok",
      rootSpanId: "root",
      startNs: START,
      endNs: START + 1000n * MS,
      durationMs: 1000,
      serviceName: "shop",
      inputPreview: "question",
      outputPreview: "answer",
      spanCount: 3,
      errorCount: 1,
      llmCalls: 1,
      unpricedCalls: 0,
      tokens: { input: 10, output: 5, total: 15, cacheRead: 4, cacheWrite: undefined, reasoning: undefined },
      costUsd: 0.001,
      ttftMs: 120,
      models: ["gpt-4o-2024"],
      providers: ["openai"],
      tools: ["search"],
      failedTools: ["search"],
      agents: ["triage"],
      services: ["shop"],
      complete: true,
      updatedNs: 99n,
    });
  });

  test("has no tokens and no cost when no call reported any", () => {
    expect(assemble([root, tool])).toMatchObject({ llmCalls: 0, costUsd: undefined, tokens: { input: undefined, output: undefined, total: undefined } });
  });

  test("counts a call with an unknown price instead of adding 0", () => {
    const unpriced = span({ ...call, spanId: "unpriced", cost: { usd: undefined, source: "unknown", reportedUsd: undefined, priceVersion: "1" } });
    expect(assemble([root, call, unpriced])).toMatchObject({ costUsd: 0.001, unpricedCalls: 1, llmCalls: 2 });
    expect(assemble([root, unpriced])).toMatchObject({ costUsd: undefined, unpricedCalls: 1 });
  });

  test("does not sum duplicates and aggregates", () => {
    const duplicate = span({ ...call, spanId: "duplicate", counted: false });
    const wrapper = span({ spanId: "wrapper", kind: "AGENT", usage, usageIsAggregate: true });
    const inCall = span({ ...call, spanId: "aggregate", usageIsAggregate: true });
    expect(assemble([root, call, duplicate, wrapper, inCall])).toMatchObject({ llmCalls: 1, tokens: { input: 10, output: 5 }, costUsd: 0.001 });
  });

  test("embeddings cost money but are no LLM calls", () => {
    expect(assemble([root, span({ ...call, kind: "EMBEDDING" })])).toMatchObject({ llmCalls: 0, costUsd: 0.001, tokens: { input: 10 } });
  });
});

function promised(spans: number): TraceInfo {
  return info({ state: "OK", metadata: new Map([["mlflow.trace.sizeStats", JSON.stringify({ num_spans: spans })]]) });
}

describe("status and completeness", () => {
  test("in progress until the root ended", () => {
    expect(assemble([call, tool])).toMatchObject({ status: "in_progress", complete: false, rootSpanId: "call", name: call.name });
  });

  test("an error of the root is the trace's, one of a child is not", () => {
    expect(assemble([span({ ...root, status: "error", statusMessage: "boom" })])).toMatchObject({ status: "error", statusMessage: "boom" });
    expect(assemble([root, tool])).toMatchObject({ status: "ok", statusMessage: "" });
  });

  test("what the client stated overrules", () => {
    expect(assemble([root], info({ state: "ERROR" })).status).toBe("error");
    expect(assemble([root], info({ state: "IN_PROGRESS" })).status).toBe("in_progress");
    expect(assemble([call], info({ state: "OK" }))).toMatchObject({ status: "ok", complete: true });
  });

  test("complete only when all promised spans are here", () => {
    expect(assemble([root, call], promised(3)).complete).toBe(false);
    expect(assemble([root, call, tool], promised(3)).complete).toBe(true);
    expect(assemble([], promised(1)).complete).toBe(false);
  });

  test("a broken promise is no promise", () => {
    expect(assemble([root], info({ state: "OK", metadata: new Map([["mlflow.trace.sizeStats", "{oops"]]) })).complete).toBe(true);
  });
});

describe("times", () => {
  test("stated ones overrule, whole milliseconds do not blur nanoseconds", () => {
    expect(assemble([root], info({ requestTimeMs: 1_600_000_000_000, executionDurationMs: 250 }))).toMatchObject({
      startNs: 1_600_000_000_000n * MS,
      durationMs: 250,
    });
    const exact = span({ ...root, startNs: START + 123_456n, endNs: START + 5n * MS });
    expect(assemble([exact], info({ requestTimeMs: Number(START / MS) }))).toMatchObject({ startNs: START + 123_456n });
  });

  test("without spans they are what was stated", () => {
    expect(assemble([], info({ requestTimeMs: 1_600_000_000_000, executionDurationMs: 82 }))).toMatchObject({
      startNs: 1_600_000_000_000n * MS,
      endNs: 1_600_000_000_082n * MS,
      spanCount: 0,
    });
  });
});

describe("session and user", () => {
  const expected = { sessionId: "s", userId: "u" };
  test.each<[string, Span[], TraceInfo | undefined]>([
    [
      "tags",
      [root],
      info({
        tags: new Map([
          ["mlflow.trace.session", "s"],
          ["mlflow.trace.user", "u"],
        ]),
      }),
    ],
    [
      "metadata",
      [root],
      info({
        metadata: new Map([
          ["mlflow.trace.session", "s"],
          ["mlflow.trace.user", "u"],
        ]),
      }),
    ],
    ["attributes of the root", [span({ ...root, sessionId: "s", userId: "u" }), span({ ...call, sessionId: "x", userId: "y" })], undefined],
    ["attributes of a child", [root, span({ ...call, sessionId: "s", userId: "u" })], undefined],
    [
      "trace tags on a span",
      [
        span({
          ...root,
          traceTags: new Map([
            ["mlflow.trace.session", "s"],
            ["mlflow.trace.user", "u"],
          ]),
        }),
      ],
      undefined,
    ],
  ])("from %s, mirrored where MLflow's filters look", (_where, spans, stated) => {
    const trace = assemble(spans, stated);
    expect(trace).toMatchObject(expected);
    expect(trace.metadata.get("mlflow.trace.session")).toBe("s");
    expect(trace.metadata.get("mlflow.trace.user")).toBe("u");
  });
});

test("environment and version from the tags of the seed's own usage, else from spans", () => {
  const tags = new Map([
    ["environment", "prod"],
    ["app_version", "1.2"],
    ["deployment_id", "d-7"],
  ]);
  expect(assemble([span({ ...root, environment: "dev", appVersion: "0" })], info({ tags }))).toMatchObject({ environment: "prod", appVersion: "1.2" });
  expect(assemble([root], info({ tags: new Map([["deployment_id", "d-7"]]) })).appVersion).toBe("d-7");
  expect(assemble([span({ ...root, environment: "dev", appVersion: "0" })])).toMatchObject({ environment: "dev", appVersion: "0" });
});

test("name, previews, prompts and runs that the client stated", () => {
  const stated = info({
    requestPreview: "asked",
    tags: new Map([
      ["mlflow.traceName", "named"],
      ["mlflow.linkedPrompts", '[{"name":"p","version":"2"}]'],
    ]),
    metadata: new Map([["mlflow.sourceRun", "run-1"]]),
    runIds: ["run-2"],
    prompts: ["q/1"],
  });
  const trace = assemble([root, span({ ...call, promptName: "capital", promptVersion: "3" })], stated);
  expect(trace).toMatchObject({ name: "named", inputPreview: "asked", outputPreview: "answer" });
  expect(trace.prompts.toSorted()).toEqual(["capital/3", "p/2", "q/1"]);
  expect(trace.runIds.toSorted()).toEqual(["run-1", "run-2"]);
});

test("a deleted tag is gone until it is set again", () => {
  const set = info({ tags: new Map([["team", "a"]]) });
  const removed = mergeTraceInfo(set, info({ deletedTags: ["team"] }));
  expect(assemble([root], removed).tags.has("team")).toBe(false);
  expect(assemble([root], mergeTraceInfo(removed, set)).tags.get("team")).toBe("a");
});

test("merging: maps upsert, lists unite, scalars replace, and twice is once", () => {
  const before = info({
    state: "IN_PROGRESS",
    tags: new Map([
      ["a", "1"],
      ["b", "1"],
    ]),
    runIds: ["r1"],
    requestTimeMs: 5,
  });
  const now = info({ state: "OK", tags: new Map([["b", "2"]]), runIds: ["r1", "r2"], prompts: ["p/1"] });
  const merged = mergeTraceInfo(before, now);
  expect(merged).toEqual(
    info({
      state: "OK",
      tags: new Map([
        ["a", "1"],
        ["b", "2"],
      ]),
      runIds: ["r1", "r2"],
      prompts: ["p/1"],
      requestTimeMs: 5,
    }),
  );
  expect(mergeTraceInfo(merged, now)).toEqual(merged);
  expect(before.tags.get("b")).toBe("1");
});

test("the spans of a real trace give the same row in whatever order they arrive", () => {
  for (const name of captureNames) {
    const all = capturedRun(name).spans.map(({ span: own }) => toAssemblySpan(own));
    for (const traceId of new Set(all.map((own) => own.traceId))) {
      const spans = all.filter((own) => own.traceId === traceId);
      const expected = assembleTrace("p", traceId, spans, undefined, 0n);
      fc.assert(
        fc.property(fc.shuffledSubarray(spans, { minLength: spans.length }), (shuffled) => {
          expect(assembleTrace("p", traceId, shuffled, undefined, 0n)).toEqual(expected);
        }),
        { numRuns: 5 },
      );
    }
  }
});

test("late spans complete the row", () => {
  const early = assemble([call]);
  expect(early).toMatchObject({ status: "in_progress", tokens: { input: 10 } });
  expect(assemble([call, root, tool])).toEqual(assemble([root, tool, call]));
});
