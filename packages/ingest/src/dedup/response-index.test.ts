import { describe, expect, test } from "vitest";
import { ResponseIndex } from "./response-index.ts";
import type { SettleSpan } from "./settle-span.ts";

function call(traceId: string, given: Partial<SettleSpan> = {}): SettleSpan {
  return {
    traceId,
    spanId: `${traceId}-span`,
    parentSpanId: "",
    kind: "LLM",
    scopeName: "instrumentation",
    startNs: 1_000n,
    endNs: 2_000n,
    model: "claude-sonnet-4-5",
    responseId: "msg_1",
    inputTokens: 280,
    outputTokens: 25,
    usageIsAggregate: false,
    hasMessages: true,
    attributeCount: 10,
    serviceInstance: "shop",
    ...given,
  };
}

const native = { scopeName: "com.anthropic.sdk.python", hasMessages: false, attributeCount: 25 };

describe("one response in two traces", () => {
  test("the SDK's own root span gives way, whichever came first", () => {
    const first = new ResponseIndex();
    expect(first.offer("p", call("a"))).toMatchObject({ counted: true, displaced: undefined });
    expect(first.offer("p", call("b", native))).toMatchObject({ counted: false, duplicateOf: "a:a-span" });

    const second = new ResponseIndex();
    expect(second.offer("p", call("b", native))).toMatchObject({ counted: true });
    expect(second.offer("p", call("a"))).toMatchObject({ counted: true, displaced: { traceId: "b", spanId: "b-span" } });
    expect(second.offer("p", call("c", native))).toMatchObject({ counted: false, duplicateOf: "a:a-span" });
  });

  test("between equal reports the first seen stays, even when the later one began earlier", () => {
    const index = new ResponseIndex();
    index.offer("p", call("b", { startNs: 2_000n }));
    expect(index.offer("p", call("a", { startNs: 1_000n }))).toMatchObject({ counted: false, duplicateOf: "b:b-span", displaced: undefined });
  });

  test("in two projects, or more than 24 hours apart, is two", () => {
    const index = new ResponseIndex();
    index.offer("p", call("a"));
    expect(index.offer("q", call("b")).counted).toBe(true);
    const dayNs = 86_400_000_000_000n;
    expect(index.offer("p", call("c", { startNs: dayNs + 2_000n, endNs: dayNs + 3_000n })).counted).toBe(true);
  });

  test("offered again, a span does not become its own duplicate", () => {
    const index = new ResponseIndex();
    index.offer("p", call("a"));
    expect(index.offer("p", call("a"))).toEqual({ counted: true, duplicateOf: "", displaced: undefined });
  });

  test("is left to the trace's own rules inside one trace", () => {
    const index = new ResponseIndex();
    index.offer("p", call("a"));
    expect(index.offer("p", call("a", { spanId: "other" }))).toMatchObject({ counted: true, displaced: undefined });
  });
});

describe("failed calls have no response id", () => {
  const failed = { responseId: "", inputTokens: undefined, outputTokens: undefined };

  test("the SDK's own span inside the instrumentation's is the same failure", () => {
    const index = new ResponseIndex();
    index.offer("p", call("a", failed));
    expect(index.offer("p", call("b", { ...failed, ...native, startNs: 1_200n, endNs: 1_800n }))).toMatchObject({ counted: false, duplicateOf: "a:a-span" });
  });

  test("also when the SDK's span came first", () => {
    const index = new ResponseIndex();
    index.offer("p", call("b", { ...failed, ...native, startNs: 1_200n, endNs: 1_800n }));
    expect(index.offer("p", call("a", failed))).toMatchObject({ counted: true, displaced: { traceId: "b" } });
  });

  test("two failures of an instrumentation are two", () => {
    const index = new ResponseIndex();
    index.offer("p", call("a", failed));
    expect(index.offer("p", call("b", failed))).toMatchObject({ counted: true, displaced: undefined });
  });
});

test("aggregates and other kinds are never looked at", () => {
  const index = new ResponseIndex();
  index.offer("p", call("a", { kind: "AGENT" }));
  index.offer("p", call("b", { usageIsAggregate: true }));
  expect(index.size).toBe(0);
});

test("it forgets the oldest when it is full", () => {
  const index = new ResponseIndex(2);
  for (const id of ["1", "2", "3"]) index.offer("p", call(`t${id}`, { responseId: id }));
  expect(index.size).toBe(2);
  expect(index.offer("p", call("late", { responseId: "1" })).counted).toBe(true);
  expect(index.offer("p", call("zz", { responseId: "3" })).counted).toBe(false);
});
