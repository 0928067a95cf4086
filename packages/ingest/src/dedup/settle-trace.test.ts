import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { SettleSpan } from "./settle-span.ts";
import { settleTrace } from "./settle-trace.ts";

let serial = 0;

function span(given: Partial<SettleSpan> & { from?: number; to?: number }): SettleSpan {
  serial += 1;
  const { from = serial, to = from + 1, ...fields } = given;
  return {
    traceId: "t",
    spanId: `s${serial}`,
    parentSpanId: "",
    kind: "LLM",
    scopeName: "instrumentation",
    startNs: BigInt(from) * 1_000n,
    endNs: BigInt(to) * 1_000n,
    model: "gpt-4o",
    responseId: "",
    inputTokens: 10,
    outputTokens: 5,
    usageIsAggregate: false,
    hasMessages: true,
    attributeCount: 10,
    serviceInstance: "shop",
    ...fields,
  };
}

const noTokens = { inputTokens: undefined, outputTokens: undefined };

function counted(spans: readonly SettleSpan[]): string[] {
  return [...settleTrace(spans)].flatMap(([id, decision]) => (decision.counted ? [id] : []));
}

describe("on one chain of ancestors", () => {
  test("the deepest call with usage counts, and the others say so", () => {
    const outer = span({ spanId: "outer" });
    const middle = span({ spanId: "middle", parentSpanId: "outer", kind: "CHAIN" });
    const inner = span({ spanId: "inner", parentSpanId: "middle" });
    expect(settleTrace([inner, middle, outer])).toEqual(
      new Map([
        ["outer", { counted: false, duplicateOf: "t:inner" }],
        ["inner", { counted: true, duplicateOf: "" }],
      ]),
    );
  });

  test("on equal usage the span that holds the messages counts", () => {
    const outer = span({ spanId: "outer" });
    const native = span({ spanId: "native", parentSpanId: "outer", scopeName: "com.anthropic.sdk.python", hasMessages: false });
    expect(counted([outer, native])).toEqual(["outer"]);
  });

  test("a call without usage never displaces one with", () => {
    const outer = span({ spanId: "outer" });
    const silent = span({ spanId: "silent", parentSpanId: "outer", ...noTokens });
    expect(counted([outer, silent])).toEqual(["outer"]);
  });

  test("a wrapper gives way to all the calls it sums", () => {
    const wrapper = span({ spanId: "wrapper", inputTokens: 20, outputTokens: 10 });
    const calls = [span({ spanId: "a", parentSpanId: "wrapper" }), span({ spanId: "b", parentSpanId: "wrapper" })];
    expect(counted([wrapper, ...calls])).toEqual(["a", "b"]);
  });

  test("three layers of one call (LlamaIndex) are one call", () => {
    const layers = [
      span({ spanId: "predict", ...noTokens }),
      span({ spanId: "chat", parentSpanId: "predict", ...noTokens }),
      span({ spanId: "inner", parentSpanId: "chat" }),
    ];
    expect(counted(layers)).toEqual(["inner"]);
  });

  test("without any usage it is still one call", () => {
    expect(counted([span({ spanId: "outer", ...noTokens }), span({ spanId: "inner", parentSpanId: "outer", ...noTokens })])).toHaveLength(1);
  });

  test("a call made by a tool that this call runs is another call", () => {
    const outer = span({ spanId: "outer", inputTokens: 100 });
    const tool = span({ spanId: "tool", parentSpanId: "outer", kind: "TOOL" });
    const inside = span({ spanId: "inside", parentSpanId: "tool" });
    expect(counted([outer, tool, inside])).toEqual(["outer", "inside"]);
  });

  test("unless it is exactly the sum of those", () => {
    const wrapper = span({ spanId: "wrapper", inputTokens: 20, outputTokens: 10 });
    const agent = span({ spanId: "agent", parentSpanId: "wrapper", kind: "AGENT", usageIsAggregate: true });
    const calls = [span({ spanId: "a", parentSpanId: "agent" }), span({ spanId: "b", parentSpanId: "agent" })];
    expect(counted([wrapper, agent, ...calls])).toEqual(["a", "b"]);
  });

  test("aggregates of agents never count", () => {
    const agent = span({ spanId: "agent", kind: "AGENT", usageIsAggregate: true });
    expect(settleTrace([agent, span({ spanId: "call", parentSpanId: "agent" })]).has("agent")).toBe(false);
  });

  test("embeddings and model calls do not displace each other", () => {
    const outer = span({ spanId: "llm" });
    const inner = span({ spanId: "embedding", parentSpanId: "llm", kind: "EMBEDDING" });
    expect(counted([outer, inner]).toSorted()).toEqual(["embedding", "llm"]);
  });

  test("parents that form a cycle end", () => {
    const spans = [span({ spanId: "a", parentSpanId: "b" }), span({ spanId: "b", parentSpanId: "a" }), span({ spanId: "c", parentSpanId: "c" })];
    expect(counted(spans).length).toBeGreaterThan(0);
  });
});

describe("the same response id", () => {
  test("counts once: not the SDK's own span, then the richer one", () => {
    const native = span({ spanId: "native", responseId: "r", scopeName: "com.anthropic.sdk.js", attributeCount: 30 });
    const rich = span({ spanId: "rich", responseId: "r", attributeCount: 20 });
    const poor = span({ spanId: "poor", responseId: "r", attributeCount: 5 });
    expect(counted([native, poor, rich])).toEqual(["rich"]);
  });

  test("the report with tokens counts before one without", () => {
    const native = span({ spanId: "native", responseId: "r", scopeName: "com.anthropic.sdk.js" });
    expect(counted([span({ responseId: "r", ...noTokens }), native])).toEqual(["native"]);
  });

  test("every duplicate points to the one that counts", () => {
    const spans = ["a", "b", "c"].map((spanId, index) => span({ spanId, responseId: "r", attributeCount: index }));
    expect(new Set([...settleTrace(spans)].flatMap(([, decision]) => (decision.counted ? [] : [decision.duplicateOf])))).toEqual(new Set(["t:c"]));
  });
});

describe("containment", () => {
  const outer = { from: 0, to: 100, scopeName: "langchain" };
  const inner = { from: 10, to: 90, scopeName: "openai" };

  test("the inner of two alike calls of different scopes is the duplicate", () => {
    expect(counted([span({ ...outer, spanId: "outer" }), span({ ...inner, spanId: "inner" })])).toEqual(["outer"]);
  });

  test.each<[string, Partial<SettleSpan>]>([
    ["of another model", { model: "gpt-4" }],
    ["of other tokens", { inputTokens: 11 }],
    ["of another process", { serviceInstance: "billing" }],
    ["of the same scope", { scopeName: "langchain" }],
    ["without tokens", noTokens],
  ])("a call %s is another call", (_why, difference) => {
    expect(counted([span({ ...outer, spanId: "outer" }), span({ ...inner, spanId: "inner", ...difference })])).toHaveLength(2);
  });

  test("one outer call explains one inner call only", () => {
    expect(counted([span(outer), span(inner), span({ ...inner, from: 20 })])).toHaveLength(2);
  });
});

test("a span that arrives twice counts once", () => {
  expect(counted([span({ spanId: "same" }), span({ spanId: "same" })])).toEqual(["same"]);
});

const anySpan = fc.record({
  spanId: fc.integer({ min: 0, max: 15 }).map(String),
  parentSpanId: fc.integer({ min: -3, max: 15 }).map((id) => (id < 0 ? "" : String(id))),
  kind: fc.constantFrom("LLM", "EMBEDDING", "TOOL", "AGENT", "CHAIN"),
  scopeName: fc.constantFrom("a", "b", "com.anthropic.sdk.python"),
  from: fc.integer({ min: 0, max: 20 }),
  to: fc.integer({ min: 20, max: 40 }),
  responseId: fc.constantFrom("", "", "r1", "r2"),
  inputTokens: fc.constantFrom(undefined, 10, 20),
  outputTokens: fc.constantFrom(undefined, 5),
  hasMessages: fc.boolean(),
  attributeCount: fc.integer({ min: 1, max: 3 }),
});

test("the decision does not depend on the order of arrival, and duplicates point to what counts", () => {
  fc.assert(
    fc.property(fc.uniqueArray(anySpan, { selector: (given) => given.spanId, maxLength: 16 }), fc.infiniteStream(fc.nat()), (given, random) => {
      const spans = given.map((fields) => span(fields as Partial<SettleSpan>));
      const settled = settleTrace(spans);
      const shuffled = spans
        .map((item) => [random.next().value, item] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, item]) => item);
      expect(settleTrace(shuffled)).toEqual(settled);
      for (const [, decision] of settled) {
        if (!decision.counted) expect(settled.get(decision.duplicateOf.slice(2))?.counted).toBe(true);
      }
      if (settled.size > 0) expect([...settled.values()].some((decision) => decision.counted)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test("a trace of 50,000 spans settles quickly, also as one chain of wrappers", () => {
  const flat = Array.from({ length: 50_000 }, (_, index) =>
    span({ spanId: `f${index}`, parentSpanId: `f${index >> 3}`, scopeName: `s${index % 3}`, responseId: index % 2 === 0 ? `r${index >> 2}` : "" }),
  );
  const chain = Array.from({ length: 50_000 }, (_, index) => span({ spanId: `c${index}`, parentSpanId: `c${index - 1}`, from: index, to: 200_000 - index }));
  const started = performance.now();
  settleTrace(flat);
  expect(counted(chain)).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(5_000); // about 0.3 s; a quadratic rule takes minutes
});
