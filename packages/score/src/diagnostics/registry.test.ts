import fc from "fast-check";
import { expect, test } from "vitest";
import { agentRun } from "./agent-run.ts";
import { diagnose } from "./diagnose.ts";
import { type Step, TraceBuilder } from "./evidence.testing.ts";
import { maxEvidence, maxFindings } from "./finding.ts";
import { diagnostics } from "./registry.ts";
import type { DiagnosedSpan, SpanText, TraceEvidence } from "./trace-evidence.ts";

test("every diagnostic has a name of its own and a sentence that says what it finds", () => {
  expect(new Set(diagnostics.map(({ name }) => name)).size).toBe(diagnostics.length);
  for (const { name, summary } of diagnostics) {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(summary).toMatch(/^[A-Z].{20,200}\.$/);
  }
});

const anyText = fc.oneof(fc.string(), fc.json(), fc.constant('{"error":"x"}'), fc.constant(`${"[".repeat(2_000)}${"]".repeat(2_000)}`));
const anyStep = fc.record({
  tool: fc.oneof(fc.constantFrom("get_a", "set_b", "__proto__", "constructor", ""), fc.string()),
  args: anyText,
  result: anyText,
  fails: fc.option(fc.string(), { nil: undefined }),
});
const anySchema = fc.oneof(
  fc.anything({ maxDepth: 4 }),
  fc.constant({ $ref: "#" }),
  fc.constant({ type: "object", properties: { a: { $ref: "#/properties/a" } } }),
  fc.constant({ anyOf: [{ $ref: "#" }, { $ref: "#" }] }),
  fc.constant({ type: "object", required: "a", properties: null, enum: 3, items: [] }),
);

test("nothing throws, whatever a trace holds, and every finding is whole", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 20 }), fc.array(fc.tuple(fc.string(), anyText, anySchema), { maxLength: 5 }), (steps, asked) => {
      const builder = new TraceBuilder().agent("a").tools(...(steps as Step[]));
      for (const [tool, args, schema] of asked) builder.model({ asks: [{ tool, args }], offered: [{ name: tool, schema }] });
      for (const span of builder.spans) if (span.startNs % 3n === 0n) span.parentSpanId = span.spanId; // a circle of one
      for (const finding of diagnose(builder.build(new Map([["a", 3]]))).findings) {
        expect(diagnostics.map(({ name }) => name)).toContain(finding.name);
        expect(finding.spanIds.length).toBeGreaterThan(0);
        expect(finding.spanIds.length).toBeLessThanOrEqual(maxEvidence);
        expect(finding.sentence).toMatch(/^[A-Z“][^\n]*/);
        expect(finding.sentence.length).toBeLessThan(600);
        expect(finding.wastedMs).toBeGreaterThanOrEqual(0);
      }
    }),
    { numRuns: 100 },
  );
});

test("an empty trace, missing parents and circles of parents are fine", () => {
  expect(diagnose({ spans: [], textOf: () => undefined }).findings).toEqual([]);
  const { spans } = new TraceBuilder().agent("a").tools(...Array.from({ length: 4 }, () => ({ tool: "get", args: {}, result: "x" })));
  for (const [i, span] of spans.entries()) span.parentSpanId = spans[(i + 1) % spans.length]?.spanId ?? "";
  expect(() => diagnose({ spans, textOf: () => ({ inputs: "{}", outputs: "x" }) })).not.toThrow();
});

test("a trace of 10,000 calls takes a second, in every shape that could be quadratic", () => {
  const shapes: ((i: number) => Step)[] = [
    (i) => ({ tool: "get_page", args: { page: i }, result: `${i}` }),
    () => ({ tool: "get_page", args: { page: 1 }, result: "the same page again" }),
    (i) => (i % 3 === 0 ? { tool: "update_row", args: { i }, result: "ok" } : { tool: "load", args: { i: i - (i % 3) }, fails: "not found" }),
    (i) => ({ tool: `tool_${i}`, args: { i }, fails: i % 2 === 0 ? "503" : "not found" }),
    (i) => ({ tool: `t${i % 4}`, args: {}, result: i % 11 === 0 ? `${i}` : "same" }),
  ];
  for (const shape of shapes) {
    const trace = new TraceBuilder()
      .agent("a")
      .tools(...Array.from({ length: 10_000 }, (_, i) => shape(i)))
      .build();
    const started = process.cpuUsage();
    const { findings } = diagnose(trace);
    expect(process.cpuUsage(started).user / 1e6).toBeLessThan(3);
    for (const { name } of diagnostics) expect(findings.filter((finding) => finding.name === name).length).toBeLessThanOrEqual(maxFindings);
  }
});

test("a chain of 50,000 spans below each other is read without recursion", () => {
  const spans: DiagnosedSpan[] = new TraceBuilder().agent("a").tools(...Array.from({ length: 50_000 }, (_, i) => ({ tool: "t", args: i, result: i }))).spans;
  for (const [i, span] of spans.entries()) if (i > 0) span.parentSpanId = spans[i - 1]?.spanId ?? "";
  expect(agentRun({ spans, textOf: () => undefined }).agents.length).toBeLessThanOrEqual(2);
});

test("content is asked for once per span, and only where it is looked at", () => {
  const asked: string[] = [];
  const { spans, texts } = new TraceBuilder().agent("a").tools({ tool: "get", args: {}, result: "x" }).model({ text: "done" });
  const textOf = (spanId: string): SpanText | undefined => {
    asked.push(spanId);
    return texts.get(spanId);
  };
  const trace: TraceEvidence = { spans, textOf };
  diagnose(trace);
  expect(asked).toEqual(["s2", "s3"]);
});
