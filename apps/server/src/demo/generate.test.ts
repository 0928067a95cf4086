import { expect, test } from "vitest";
import { generateTraces } from "./generate.ts";
import { exportRequest } from "./otlp-json.ts";
import type { DemoTrace } from "./scene.ts";
import { DEMO_MS, STORY_MS } from "./story.ts";

const endMs = Date.UTC(2026, 10, 20, 12);
const options = { traces: 900, endMs, seed: 1 };
const traces = [...generateTraces(options)];
const rootOf = ({ spans }: DemoTrace) => spans.find(({ parentSpanId }) => parentSpanId === "");
const inRelease = (version: string) => (trace: DemoTrace) => rootOf(trace)?.service.version === version;
const average = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const durations = (some: readonly DemoTrace[]) => some.map((trace) => (rootOf(trace)?.endMs ?? 0) - (rootOf(trace)?.startMs ?? 0));
const marks = (some: readonly DemoTrace[]) =>
  some.flatMap(({ judgements }) => judgements.flatMap(({ name, value }) => (name === "groundedness" ? Number(value) : [])));

test("makes about as many traces as asked, all in the last seven days", () => {
  expect(traces.length).toBeGreaterThan(options.traces * 0.85);
  expect(traces.length).toBeLessThan(options.traces * 1.15);
  for (const trace of traces) {
    const startMs = rootOf(trace)?.startMs ?? Number.NaN;
    expect(startMs).toBeGreaterThanOrEqual(endMs - STORY_MS);
    expect(startMs).toBeLessThanOrEqual(endMs);
  }
});

test("the same seed and end give the same traces; another end gives other ids", () => {
  const again = [...generateTraces(options)];
  expect(again).toEqual(traces);
  const later = [...generateTraces({ ...options, endMs: endMs + 5000 })];
  const ids = new Set(traces.map(({ traceId }) => traceId));
  expect(later.filter(({ traceId }) => ids.has(traceId))).toEqual([]);
});

test("ids are unique and every span lies inside its parent", () => {
  const spanIds = traces.flatMap(({ spans }) => spans.map(({ spanId }) => spanId));
  expect(new Set(spanIds).size).toBe(spanIds.length);
  for (const { spans } of traces) {
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    expect(spans.filter(({ parentSpanId }) => parentSpanId === "")).toHaveLength(1);
    for (const span of spans) {
      expect(span.endMs).toBeGreaterThanOrEqual(span.startMs);
      const parent = byId.get(span.parentSpanId);
      if (parent === undefined) continue;
      expect(span.startMs).toBeGreaterThanOrEqual(parent.startMs);
      expect(span.endMs).toBeLessThanOrEqual(parent.endMs + 1e-6);
    }
  }
});

test("the demo project looks back two weeks, the first of them quieter", () => {
  const times = [...generateTraces({ ...options, lengthMs: DEMO_MS })].map((trace) => rootOf(trace)?.startMs ?? Number.NaN);
  const older = times.filter((time) => time < endMs - STORY_MS).length;
  expect(Math.min(...times)).toBeLessThan(endMs - 1.9 * STORY_MS);
  expect(older / times.length).toBeGreaterThan(0.3);
  expect(older / times.length).toBeLessThan(0.48);
});

test("the bad release is slower, fails more, and its marks are worse", () => {
  const support = traces.filter((trace) => rootOf(trace)?.service.name === "support-bot");
  const before = support.filter(inRelease("v2.3.2"));
  const bad = support.filter(inRelease("v2.4.0"));
  expect(average(durations(bad))).toBeGreaterThan(1.3 * average(durations(before)));
  expect(average(marks(bad))).toBeLessThan(average(marks(before)) - 0.1);
  const failing = (some: readonly DemoTrace[]): number => some.filter((trace) => rootOf(trace)?.error !== undefined).length / some.length;
  expect(failing(bad)).toBeGreaterThan(0.04);
  expect(failing(before)).toBeLessThan(0.02);
});

test("the backfill's hours cost more tokens than a usual day", () => {
  const tokens = (from: number, to: number): number =>
    traces
      .filter((trace) => (rootOf(trace)?.startMs ?? 0) >= from && (rootOf(trace)?.startMs ?? 0) < to)
      .flatMap(({ spans }) => spans.map(({ attributes }) => Number(attributes["gen_ai.usage.input_tokens"] ?? 0)))
      .reduce((sum, count) => sum + count, 0);
  const dayMs = 86_400_000;
  const beginMs = endMs - 3.4 * dayMs;
  expect(tokens(beginMs, beginMs + dayMs / 8)).toBeGreaterThan(2 * tokens(endMs - 6.5 * dayMs, endMs - 5.5 * dayMs));
});

test("what an on-call engineer looks for is there: failed tools, rate limits, timeouts, retries, sessions of several turns", () => {
  const errors = new Set(traces.flatMap(({ spans }) => spans.flatMap(({ error }) => error?.type ?? [])));
  for (const type of ["RateLimitError", "ToolTimeout", "APITimeoutError"]) expect(errors).toContain(type);
  const turns = new Map<unknown, number>();
  for (const trace of traces) {
    const session = rootOf(trace)?.attributes["session.id"];
    if (session !== undefined) turns.set(session, (turns.get(session) ?? 0) + 1);
  }
  expect(Math.max(...turns.values())).toBeGreaterThanOrEqual(3);
  expect(traces.some(({ spans }) => new Set(spans.map(({ service }) => service.name)).size > 1)).toBe(true);
});

test("an export request holds every span once, under the resource that sent it", () => {
  const spans = traces.slice(0, 40).flatMap((trace) => trace.spans);
  const request = JSON.parse(exportRequest(spans).toString()) as {
    resourceSpans: { resource: { attributes: { key: string; value: { stringValue?: string } }[] }; scopeSpans: { spans: { spanId: string }[] }[] }[];
  };
  const sent = request.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans.map(({ spanId }) => spanId)));
  expect(sent.toSorted()).toEqual(spans.map(({ spanId }) => spanId).toSorted());
  const names = request.resourceSpans.map(({ resource }) => resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue);
  expect(new Set(names)).toContain("support-bot");
});
