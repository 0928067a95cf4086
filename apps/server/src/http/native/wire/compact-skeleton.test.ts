import { expandSkeleton, SpanSkeleton, type CompactSkeleton } from "@telltale/model/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fakeSpan } from "../../fake-store.ts";
import { compactSkeletonJson } from "./compact-skeleton.ts";
import { toSpanSkeleton } from "./span-skeleton.ts";

const usage = {
  input: 3,
  output: 0,
  cacheRead: undefined,
  cacheWrite: undefined,
  cacheWrite1h: undefined,
  reasoning: undefined,
  inputAudio: undefined,
  outputAudio: undefined,
  inputImage: undefined,
};

test.each([
  ["a model call", fakeSpan("a", "b", { usage })],
  [
    "a bare span",
    fakeSpan("a", "b", {
      usage: { ...usage, input: undefined, output: undefined },
      provider: "",
      requestModel: "",
      responseModel: "",
      finishReasons: [],
      cost: { usd: undefined, source: "none", reportedUsd: undefined, priceVersion: "" },
    }),
  ],
  [
    "a span with everything",
    fakeSpan("a", "b", {
      counted: false,
      duplicateOf: "t:s",
      noise: true,
      truncated: true,
      clockSkew: true,
      stream: false,
      httpStatus: 500,
      ttftMs: 0,
      cost: { usd: 0, source: "computed", reportedUsd: 0, priceVersion: "1" },
    }),
  ],
])("%s is the same after compacting and expanding", (_name, span) => {
  const compact: CompactSkeleton = JSON.parse(compactSkeletonJson(span));
  expect(SpanSkeleton.parse(expandSkeleton(compact))).toEqual(toSpanSkeleton(span));
});

test("any text survives", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.double({ noNaN: true, noDefaultInfinity: true }), (text, number) => {
      const span = fakeSpan("a", "b", { name: text, statusMessage: text, toolName: text, scopeVersion: text, ttftMs: number });
      expect(expandSkeleton(JSON.parse(compactSkeletonJson(span)))).toEqual(JSON.parse(JSON.stringify(toSpanSkeleton(span))));
    }),
  );
});

test("what is unknown takes no space, what is zero does", () => {
  const compact: CompactSkeleton = JSON.parse(compactSkeletonJson(fakeSpan("a", "b", { usage })));
  expect(compact.usage).toEqual({ input_tokens: 3, output_tokens: 0 });
  expect(compact).not.toHaveProperty("ttft_ms");
});
