import { expect, test } from "vitest";
import { combineMembers, type EnsembleFunction } from "./ensemble.ts";
import type { ScoreOutcome, ScoreValue } from "./outcome.ts";

const usage = (costUsd: number | undefined) => ({ model: "m", inputTokens: 10, outputTokens: 1, costUsd, traceId: "t", promptDigest: "d" });
const said = (value: ScoreValue, costUsd?: number): ScoreOutcome => ({
  kind: "scored",
  scores: [{ value, rationale: "r" }],
  usage: usage(costUsd),
});
const jury = (...outcomes: ScoreOutcome[]) => outcomes.map((outcome, index) => ({ name: `judge ${index + 1}`, outcome }));

test.each<[EnsembleFunction, ScoreValue[], ScoreValue]>([
  ["majority_vote", ["yes", "no", "yes"], "yes"],
  ["majority_vote", ["b", "a"], "a"],
  ["mean", [1, 0, true], 2 / 3],
  ["minimum", [0.2, 0.9], 0.2],
  ["maximum", [0.2, 0.9], 0.9],
  ["agg_all", ["yes", true], true],
  ["agg_all", ["yes", "no"], false],
  ["agg_any", ["no", false], false],
])("%s of %j is %s", (combine, values, expected) => {
  const outcome = combineMembers(jury(...values.map((value) => said(value, 0.5))), combine);
  expect(outcome).toMatchObject({ kind: "scored", scores: [{ value: typeof expected === "number" ? expect.closeTo(expected, 9) : expected }] });
});

test("a member that failed makes the jury fail, at its cost; one without a price makes the cost unknown", () => {
  const failed: ScoreOutcome = { kind: "failed", failure: "transient", code: "timeout", message: "slow", retryAfterMs: 5, usage: usage(0.25) };
  expect(combineMembers(jury(said("yes", 0.5), failed), "majority_vote")).toMatchObject({
    kind: "failed",
    failure: "transient",
    message: "judge 2: slow",
    usage: { costUsd: 0.75 },
  });
  expect(combineMembers(jury(said(1, 0.5), said(0)), "mean")).toMatchObject({ kind: "scored", usage: { costUsd: undefined, inputTokens: 20 } });
});

test("what cannot be combined is a failure, never a value", () => {
  expect(combineMembers(jury(said("fine"), said("bad")), "mean")).toMatchObject({ kind: "failed", code: "invalid_answer" });
  expect(combineMembers(jury(said("maybe"), said("yes")), "agg_all")).toMatchObject({ kind: "failed" });
  expect(combineMembers([], "mean")).toMatchObject({ kind: "failed" });
  expect(combineMembers(jury(said("yes"), { kind: "skipped", reason: "needs_context" }), "majority_vote")).toEqual({
    kind: "skipped",
    reason: "needs_context",
  });
});
