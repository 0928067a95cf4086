import { PriceOverrides, priceCall } from "@telltale/ingest/pricing";
import type { CostlyStep, CostlyTrace } from "@telltale/store";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { findPatterns } from "./find-patterns.ts";

/** 1 USD per million input tokens, 0.1 cached, 10 output: a thousand tokens are a million nano-dollars. */
const overrides = new PriceOverrides([{ id: "p", model: "m*", rates: { input: "1", cacheRead: "0.1", output: "10" } }]);
const START_NS = 1_795_000_000_000_000_000n;
const noUsage = { input: undefined, output: undefined, cacheRead: undefined, cacheWrite: undefined, cacheWrite1h: undefined, reasoning: undefined, inputAudio: undefined, outputAudio: undefined, inputImage: undefined }; // prettier-ignore

let made = 0;

type Given = Partial<Omit<CostlyStep, "usage">> & { usage?: Partial<CostlyStep["usage"]>; at?: number };

function call({ at = 0, usage = { input: 1000, output: 100 }, ...given }: Given = {}): CostlyStep {
  const step: CostlyStep = {
    projectId: "0",
    traceId: "t1",
    spanId: `s${(made += 1)}`,
    kind: "LLM",
    provider: "acme",
    requestModel: "m1",
    responseModel: "",
    serviceTier: "",
    startNs: START_NS + BigInt(at) * 1_000_000_000n,
    endNs: START_NS + BigInt(at) * 1_000_000_000n + 500_000_000n,
    usage: { ...noUsage, ...usage },
    cost: { usd: undefined, source: "none" },
    name: "chat",
    status: "ok",
    toolName: "",
    agentName: "",
    inputHash: "0",
    prefixHash: "0",
    ...given,
  };
  const unpriced = { usd: undefined, source: "none", reportedUsd: undefined, priceVersion: "" } as const;
  return { ...step, cost: given.cost ?? priceCall({ ...step, cost: unpriced }, overrides) };
}

const tool = (given: Given): CostlyStep => call({ kind: "TOOL", requestModel: "", usage: {}, name: "search", toolName: "search", ...given });

function traceOf(traceId: string, sessionId = ""): CostlyTrace {
  return { projectId: "0", traceId, name: "answer", startNs: START_NS, sessionId, userId: "", costUsd: 1, unpricedCalls: 0, llmCalls: 1, inputTokens: 1, outputTokens: 1, spanCount: 9 }; // prettier-ignore
}

function find(steps: CostlyStep[], session = "") {
  const traces = [...new Set(steps.map((step) => step.traceId))].map((id) => traceOf(id, session));
  return findPatterns({ steps, traces, dearest: traces, overrides });
}

test("nothing repeated, nothing grown: nothing wasted", () => {
  const { patterns, dearest } = find([call({ inputHash: "1" }), call({ at: 1, inputHash: "2" }), call({ at: 2, inputHash: "3" })]);
  expect(patterns).toEqual([]);
  expect(dearest[0]?.reasons).toEqual([]);
});

test("the same call that fails again and again wastes what the attempts after the second cost", () => {
  const failing = Array.from({ length: 5 }, (_, at) => call({ at, inputHash: "7", status: "error" }));
  const { patterns, dearest } = find([...failing, call({ at: 9, inputHash: "8", status: "error" })]);
  expect(patterns).toMatchObject([{ pattern: "useless_retries", wasted_usd: 0.006, traces: 1, occurrences: 1 }]);
  expect(dearest[0]?.reasons).toEqual([{ pattern: "useless_retries", wasted_usd: 0.006, detail: "a call of m1 failed 5 times with the same input" }]);
});

test("a failed call without tokens has no price: told, without money", () => {
  const { patterns } = find(Array.from({ length: 3 }, (_, at) => call({ at, inputHash: "7", status: "error", usage: {} })));
  expect(patterns).toMatchObject([{ pattern: "useless_retries", wasted_usd: null, occurrences: 1 }]);
});

test("a tool called with the same arguments wastes the model calls that asked for it again", () => {
  const steps = [0, 2, 4].flatMap((at) => [call({ at, inputHash: String(at + 10) }), tool({ at: at + 1, inputHash: "5" })]);
  expect(find(steps).patterns).toMatchObject([{ pattern: "loops", wasted_usd: 0.004, traces: 1, occurrences: 1 }]);
  expect(find(steps.slice(0, 4)).patterns).toEqual([]); // twice may be meant
});

test("a session whose context grows wastes what is beyond its first call, whichever trace it is in", () => {
  const steps = [1000, 2000, 3000, 4000].map((input, at) => call({ at: at * 60, traceId: `t${at}`, usage: { input, output: 10 } }));
  const { patterns, dearest } = find(steps, "s");
  expect(patterns).toMatchObject([{ pattern: "context_growth", wasted_usd: 0.006, traces: 3, occurrences: 1, examples: [{ trace_id: "t3" }] }]);
  expect(dearest.find((trace) => trace.trace_id === "t3")?.reasons).toMatchObject([{ wasted_usd: 0.003 }]);
  expect(find(steps.toReversed().map((step, at) => ({ ...step, startNs: START_NS + BigInt(at) })), "s").patterns).toEqual([]); // prettier-ignore
});

test("cached growth is counted at what was paid for it", () => {
  const steps = [1000, 2000, 3000, 4000].map((input, at) => call({ at, usage: { input, cacheRead: input - 1000, output: 10 } }));
  expect(find(steps).patterns[0]).toMatchObject({ pattern: "context_growth" });
  // 1,000 more of which (1,000 × 1 + 1,000 × 0.1) / 2,000 per token, and so on.
  expect(find(steps).patterns[0]?.wasted_usd).toBeCloseTo(0.00055 + 0.0008 + 0.000975, 9);
});

test("a long beginning sent again within minutes and not cached wastes the difference of the prices", () => {
  const again = (at: number, given: Given = {}): CostlyStep => call({ at, prefixHash: "9", usage: { input: 5000, output: 10 }, ...given });
  expect(find([again(0), again(10), again(20)]).patterns).toMatchObject([{ pattern: "cache_misses", wasted_usd: Math.floor(2 * 1024 * 900) / 1e9 }]);
  expect(find([again(0), again(400), again(800)]).patterns).toEqual([]); // no provider keeps it so long
  expect(find([again(0), again(10, { usage: { input: 5000, cacheRead: 4000, output: 10 } }), again(20)]).patterns).toEqual([]);
  expect(find([again(0, { requestModel: "other" }), again(10, { requestModel: "other" }), again(20, { requestModel: "other" })]).patterns).toEqual([]);
});

test("an answer many times as long as usual wastes what is beyond four times the median", () => {
  const usual = Array.from({ length: 20 }, (_, at) => call({ at, usage: { input: 10, output: 500 } }));
  const { patterns } = find([...usual, call({ at: 99, usage: { input: 10, output: 9000, reasoning: 8000 } })]);
  expect(patterns).toMatchObject([
    { pattern: "oversized_output", wasted_usd: 0.07, examples: [{ detail: "9,000 output tokens, 8,000 of them reasoning, where 500 are usual" }] },
  ]);
  expect(find(usual.slice(5)).patterns).toEqual([]);
});

test("only whole calls are claimed where the price is not known to be that of tokens", () => {
  const reported = { usd: 0.5, source: "reported" } as const;
  const grown = [1000, 2000, 3000, 4000].map((input, at) => call({ at, requestModel: "x", cost: reported, usage: { input, output: 10 } }));
  expect(find(grown).patterns).toMatchObject([{ pattern: "context_growth", wasted_usd: null }]);
  const repeated = Array.from({ length: 3 }, (_, at) => call({ at, requestModel: "x", cost: reported, inputHash: "1" }));
  expect(find(repeated).patterns).toMatchObject([{ pattern: "loops", wasted_usd: 1 }]);
});

test("whatever happens, no call's money is wasted twice, and the answer does not depend on the order of reading", () => {
  const step = fc.record({
    at: fc.integer({ min: 0, max: 30 }),
    kind: fc.constantFrom("LLM" as const, "TOOL" as const),
    traceId: fc.constantFrom("t1", "t2"),
    inputHash: fc.constantFrom("0", "1", "2"),
    prefixHash: fc.constantFrom("0", "5"),
    status: fc.constantFrom("ok" as const, "error" as const),
    usage: fc.record({ input: fc.integer({ min: 0, max: 9000 }), output: fc.integer({ min: 0, max: 9000 }) }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (given, inSession) => {
      const steps = given.map((one) => (one.kind === "TOOL" ? tool({ ...one, usage: {} }) : call(one)));
      const found = find(steps, inSession ? "s" : "");
      const wasted = found.patterns.reduce((sum, pattern) => sum + (pattern.wasted_usd ?? 0), 0);
      const all = steps.reduce((sum, one) => sum + (one.cost.usd ?? 0), 0);
      expect(wasted).toBeLessThanOrEqual(all + 1e-9);
      expect(find(steps.toReversed(), inSession ? "s" : "").patterns).toEqual(found.patterns);
    }),
  );
});
