import { expect, test } from "vitest";
import { addUsage } from "./add-usage.ts";
import type { JudgeUsage } from "./outcome.ts";

const usage = (over: Partial<JudgeUsage>): JudgeUsage => ({
  model: "openai:/a",
  inputTokens: 10,
  outputTokens: 2,
  costUsd: 0.5,
  traceId: "t1",
  promptDigest: "d1",
  ...over,
});

test("tokens and costs of several questions add up, under the trace and prompt of the first", () => {
  expect(addUsage([usage({}), usage({ traceId: "t2", costUsd: 0.25 })])).toEqual(usage({ inputTokens: 20, outputTokens: 4, costUsd: 0.75 }));
});

test("one cost that is unknown makes the sum unknown, and tokens that nobody reported stay unknown", () => {
  const sum = addUsage([usage({ inputTokens: undefined }), usage({ inputTokens: undefined, costUsd: undefined, model: "openai:/b" })]);
  expect(sum).toEqual(usage({ model: "openai:/a, openai:/b", inputTokens: undefined, outputTokens: 4, costUsd: undefined }));
});

test("nobody asked, nothing used", () => {
  expect(addUsage([])).toBeUndefined();
});
