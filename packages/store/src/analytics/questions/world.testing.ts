import type { Assessment, Span, Trace } from "@telltale/model";
import { extraWords } from "@telltale/model";
import { Block } from "../block.ts";
import { writeAssessmentRow } from "../rows/assessment-row.ts";
import { writePayloadRow } from "../rows/payload-row.ts";
import { writeSpanRow } from "../rows/span-row.ts";
import { writeTraceRow } from "../rows/trace-row.ts";

/** A small world of traces with known contents, for tests that compare the store with a plain evaluation in memory. */
export interface WorldSpan {
  span: Span;
  inputs: string;
  outputs: string;
  raw: string;
}
export interface WorldTrace {
  trace: Trace;
  spansBucket: number;
  spans: WorldSpan[];
  assessments: Assessment[];
}

const HOUR_S = 3600;
const START_S = 1_795_424_400; // 2026-11-23T09:00Z, an hour's start

/** mulberry32: the same world on every run. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const vocabulary = {
  status: ["ok", "error", "unset", "in_progress"],
  name: ["", "chat", "checkout", "RAG answer", "it's"],
  user: ["", "ada", "bob", "Zoë"],
  session: ["", "s1", "s2", "s3"],
  environment: ["", "production", "staging"],
  version: ["", "1.0", "1.1"],
  tagKey: ["env", "a.b", "it's", "mlflow.trace.session", "__proto__"],
  tagValue: ["", "prod", "x%y", "x_y", "back\\slash", "'; DROP TABLE traces --"],
  model: ["gpt-4o", "claude-x", "gpt-4o-mini"],
  tool: ["search", "calc"],
  spanName: ["retrieve", "root", "llm call"],
  kind: ["LLM", "TOOL", "CHAIN", "UNKNOWN"],
  mlflowType: ["", '"CHAT_MODEL"', "CHAT_MODEL", "TASK"],
  text: [
    "Where is my refund for order_42?",
    "the weather in 東京都 today",
    "مرحبا بالعالم كِتاب",
    "GPT是什么",
    "don’t panic",
    "",
    "REFUND denied",
    "100% sure \\ maybe 😀",
  ],
  feedback: ["score", "verdict", "it's"],
  feedbackJson: ["1.0", "0.25", '"yes"', '"no"', "true", "false", '"1"', '{"a":1.0}', undefined],
} as const;

export function makeWorld(count: number, seed: number): WorldTrace[] {
  const next = random(seed);
  return Array.from({ length: count }, (_, index) => makeTrace(index, next));
}

function makeTrace(index: number, next: () => number): WorldTrace {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item; // never out of range
  const some = <Item>(items: readonly Item[]): Item[] => items.filter(() => next() < 0.4);
  const maybe = (value: number): number | undefined => (next() < 0.4 ? undefined : value);
  const traceId =
    next() < 0.1
      ? `custom-${index}`
      : `${Math.floor(next() * 0xffff_ffff)
          .toString(16)
          .padStart(8, "0")}${index.toString(16).padStart(24, "0")}`;
  // Several traces start in the same hour, some in the same nanosecond.
  const startNs = BigInt(START_S + Math.floor(next() * 40) * HOUR_S) * 1_000_000_000n + BigInt(Math.floor(next() * 5)) * 1_500_000n;
  const durationMs = Math.floor(next() * 40) / 4;
  const tags = new Map(some(vocabulary.tagKey).map((key) => [key, pick(vocabulary.tagValue)] as const));
  const status = pick(vocabulary.status) as Trace["status"];
  const tools = some(vocabulary.tool);
  const trace: Trace = {
    projectId: pick(["0", "1"]),
    traceId,
    name: pick(vocabulary.name),
    status,
    statusMessage: "",
    startNs,
    endNs: startNs + BigInt(Math.round(durationMs * 1e6)),
    durationMs,
    rootSpanId: "root",
    serviceName: "api",
    environment: pick(vocabulary.environment),
    appVersion: pick(vocabulary.version),
    sessionId: pick(vocabulary.session),
    userId: pick(vocabulary.user),
    clientRequestId: next() < 0.5 ? "" : `req-${index}`,
    inputPreview: "in",
    outputPreview: "out",
    spanCount: Math.floor(next() * 4),
    errorCount: next() < 0.7 ? 0 : 1,
    llmCalls: Math.floor(next() * 3),
    unpricedCalls: 0,
    tokens: {
      input: maybe(Math.floor(next() * 100)),
      output: maybe(Math.floor(next() * 100)),
      total: maybe(Math.floor(next() * 200)),
      cacheRead: maybe(3),
      cacheWrite: undefined,
      reasoning: undefined,
    },
    costUsd: maybe(Math.floor(next() * 100) / 1000),
    ttftMs: maybe(Math.floor(next() * 100) / 8),
    models: some(vocabulary.model),
    providers: some(["openai", "anthropic"]),
    tools,
    failedTools: tools.filter(() => next() < 0.5),
    agents: some(["planner"]),
    services: some(["api", "web"]),
    prompts: some(["p1/1", "p1/2"]),
    runIds: some(["run-a", "run-b"]),
    labels: some(["nightly", "beta"]),
    tags,
    metadata: new Map(some(["custom", "a.b"]).map((key) => [key, pick(vocabulary.tagValue)] as const)),
    complete: next() < 0.8,
    truncated: next() < 0.1,
    updatedNs: 0n,
    info:
      next() < 0.3
        ? { requestId: `tr-${traceId}`, metadata: new Map([["m", "1"]]), tags: new Map(tags), deletedTags: ["gone"], runIds: [], prompts: [] }
        : undefined,
  };
  const hour = Number(startNs / 3_600_000_000_000n) * HOUR_S;
  return {
    trace,
    spansBucket: next() < 0.8 ? hour : hour + HOUR_S * (next() < 0.5 ? 1 : -30),
    spans: Array.from({ length: trace.spanCount }, (_, spanIndex) => makeSpan(trace, spanIndex, next)),
    assessments: some(vocabulary.feedback).map((name, number) => makeAssessment(trace, name, `a-${index}-${number}`, next)),
  };
}

function makeSpan(trace: Trace, index: number, next: () => number): WorldSpan {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item; // never out of range
  const type = pick(vocabulary.mlflowType);
  const durationMs = Math.floor(next() * 100) / 4;
  const span: Span = {
    traceId: trace.traceId,
    spanId: `span${index}`,
    parentSpanId: index === 0 ? "" : "span0",
    name: pick(vocabulary.spanName),
    kind: (type === "" ? pick(vocabulary.kind) : type === "TASK" ? "UNKNOWN" : "LLM") as Span["kind"],
    dialect: "otel",
    normVersion: 1,
    scopeName: "scope",
    scopeVersion: "1",
    serviceName: pick(["", "api"]),
    startNs: trace.startNs + BigInt(index),
    endNs: trace.startNs + BigInt(index) + BigInt(durationMs * 1e6),
    clockSkew: false,
    status: pick(["ok", "error", "unset"]),
    statusMessage: "",
    errorType: pick(["", "Timeout"]),
    httpStatus: index === 0 ? 429 : undefined,
    provider: pick(["", "openai"]),
    requestModel: pick(["", "gpt-4o"]),
    responseModel: pick(["", "gpt-4o-mini"]),
    responseId: "",
    serviceTier: "",
    finishReasons: ["stop"],
    usage: {
      input: 3,
      output: [undefined, 5, 1][index % 3],
      cacheRead: undefined,
      cacheWrite: 0,
      cacheWrite1h: undefined,
      reasoning: undefined,
      inputAudio: undefined,
      outputAudio: undefined,
      inputImage: undefined,
    },
    usageIsAggregate: false,
    usageFlaws: 0,
    cost: { usd: next() < 0.5 ? undefined : 0.25, source: "computed", reportedUsd: undefined, priceVersion: "v" },
    ttftMs: index % 4 === 1 ? 1.5 : undefined,
    stream: index === 1 ? true : undefined,
    sessionId: "",
    userId: "",
    environment: "",
    appVersion: "",
    promptName: "",
    promptVersion: "",
    agentName: pick(["", "planner"]),
    workflowName: "",
    toolName: pick(["", "search"]),
    toolCallId: "",
    labels: [],
    metadata: new Map(),
    traceTags: new Map(),
    noise: false,
    attributes: new Map([
      ...(type === "" ? [] : ([["mlflow.spanType", type]] as const)),
      ...(next() < 0.5 ? ([["top_k", pick(["3", '"3"', "x"])]] as const) : []),
    ]),
    inputs: "",
    outputs: "",
    truncated: false,
    counted: true,
    duplicateOf: "",
  };
  return { span, inputs: pick(vocabulary.text), outputs: pick(vocabulary.text), raw: pick(['{"raw":"secret raw"}', "{}"]) };
}

function makeAssessment(trace: Trace, name: string, assessmentId: string, next: () => number): Assessment {
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item; // never out of range
  const valueJson = pick(vocabulary.feedbackJson);
  return {
    projectId: trace.projectId,
    traceId: trace.traceId,
    spanId: "",
    assessmentId,
    name: next() < 0.15 ? "iss-1" : name,
    kind: pick(["feedback", "feedback", "expectation", "issue"]),
    valueJson,
    error: valueJson === undefined ? { code: "E", message: "failed" } : undefined,
    sourceType: "HUMAN",
    sourceId: "me",
    rationale: next() < 0.5 ? "because" : undefined,
    metadata: new Map([
      ...(next() < 0.1 && trace.sessionId !== "" ? ([["mlflow.trace.session", trace.sessionId]] as const) : []),
      ...(next() < 0.2 ? ([["telltale.detector", "pii"]] as const) : []),
    ]),
    overrides: undefined,
    valid: next() < 0.8,
    createdMs: 1_795_424_400_000,
    updatedMs: 1_795_424_400_000,
  };
}

/** Rows of a trace as the pipeline writes them. */
export function addToBlock(block: Block, { trace, spansBucket, spans, assessments }: WorldTrace, version: bigint): void {
  const bucket = Number(trace.startNs / 3_600_000_000_000n) * HOUR_S;
  writeTraceRow(block.traces, trace, { bucket, spansBucket, version, isDeleted: false });
  for (const { span, inputs, outputs, raw } of spans) {
    writeSpanRow(block.spans, trace.projectId, spansBucket, span, version);
    const words = `${extraWords(inputs)} ${extraWords(outputs)}`;
    writePayloadRow(
      block.payloads,
      trace.projectId,
      spansBucket,
      { traceId: trace.traceId, spanId: span.spanId, startNs: span.startNs, inputs, outputs, raw, words },
      version,
    );
  }
  for (const item of assessments) writeAssessmentRow(block.assessments, item, { startNs: trace.startNs, sessionId: trace.sessionId }, version, false);
}
