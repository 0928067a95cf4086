import { expect, test } from "vitest";
import { scoreFacts } from "./score-facts.ts";

const judged = {
  "mlflow.assessment.scorerName": "polite",
  "mlflow.assessment.scorerVersion": "3",
  "telltale.sampling.probability": "0.2",
  "telltale.judge.model": "gpt-4o-mini",
  "mlflow.assessment.judgeInputTokens": "100",
  "mlflow.assessment.judgeOutputTokens": "20",
  "mlflow.assessment.judgeCost": "0.00042",
  "mlflow.assessment.scorerTraceId": "tr-0123456789abcdef0123456789abcdef",
};

test("reads what a judge left beside its score", () => {
  expect(scoreFacts(judged)).toEqual({
    scorer: "polite",
    version: "3",
    model: "gpt-4o-mini",
    costUsd: 0.00042,
    tokens: 120,
    probability: 0.2,
    judgeTraceId: "0123456789abcdef0123456789abcdef",
  });
});

test("what is not known is not zero", () => {
  const { "mlflow.assessment.judgeCost": _cost, "mlflow.assessment.judgeInputTokens": _in, "mlflow.assessment.judgeOutputTokens": _out, ...rest } = judged;
  expect(scoreFacts(rest)).toMatchObject({ costUsd: undefined, tokens: undefined });
  expect(scoreFacts({ ...judged, "mlflow.assessment.judgeCost": "" })?.costUsd).toBeUndefined();
});

test("feedback of people has none, and a trace id that is none is no link", () => {
  expect(scoreFacts({ note: "x" })).toBeUndefined();
  expect(scoreFacts({ ...judged, "mlflow.assessment.scorerTraceId": "javascript:alert(1)" })?.judgeTraceId).toBeUndefined();
});
