import { expect, test } from "vitest";
import { qualityRate, type Verdicts } from "./quality-rate.ts";
import { isPass, passThreshold } from "./verdict.ts";

const options = { threshold: 0.5, alpha: 0.05, method: "post_stratified" } as const;
const said = (judge: string | undefined, human: string | undefined, traces: number, probability = 1): Verdicts => ({
  judge,
  human,
  probability,
  judgeFailed: judge === undefined,
  traces,
});

test.each([
  ["yes", true],
  ["No", false],
  ["true", true],
  ["0.7", true],
  ["0.49", false],
  ["unresolved", false],
  ["", undefined],
  ["purple", undefined],
])("%j is a pass: %s", (value, expected) => {
  expect(isPass(value, 0.5)).toBe(expected);
});

test("a scale of its own passes from its middle on, shares from a half, and other numbers are no verdict", () => {
  const stars = { kind: "number", min: 1, max: 5 } as const;
  expect(passThreshold(stars, ["1", "5"])).toBe(3);
  expect(passThreshold(undefined, ["0.2", undefined, "1", "yes"])).toBe(0.5);
  expect(passThreshold({ kind: "number", min: -Infinity, max: Infinity }, ["0.2", "214"])).toBeUndefined();
  const rate = (threshold: number | undefined) => qualityRate([said("2", undefined, 30), said("4", undefined, 10)], [], { ...options, threshold });
  expect(rate(3)).toMatchObject({ raw: 0.25, nTraces: 40, nOther: 0 });
  expect(rate(undefined)).toMatchObject({ raw: undefined, nTraces: 0, nOther: 40 });
});

test("without labels there is a raw rate and no corrected one; failures are no fails", () => {
  const rate = qualityRate([said("yes", undefined, 90), said("no", undefined, 10), said(undefined, undefined, 7)], [], options);
  expect(rate).toMatchObject({ raw: 0.9, corrected: undefined, nTraces: 100, nLabels: 0, nFailed: 7, nOther: 0 });
});

test("labels move the rate to where people say it is, with an interval that holds it", () => {
  // The judge passes 90 %, but of its passes people pass 80 % only, and a quarter of its fails.
  const verdicts = [
    said("yes", "yes", 80),
    said("yes", "no", 20),
    said("no", "yes", 10),
    said("no", "no", 30),
    said("yes", undefined, 8_000),
    said("no", undefined, 860),
  ];
  const rate = qualityRate(verdicts, verdicts, options);
  expect(rate.raw).toBeCloseTo(0.9, 9);
  expect(rate.corrected).toBeCloseTo(0.9 * 0.8 + 0.1 * 0.25, 9);
  expect(rate.ciLow).toBeLessThan(rate.corrected ?? 0);
  expect(rate.ciHigh).toBeGreaterThan(rate.corrected ?? 1);
  expect(rate.nLabels).toBe(140);
  expect(rate.labelsNeeded).toBeGreaterThan(140);
});

test("traces that were sampled at a lower rate weigh more", () => {
  const verdicts = [said("yes", undefined, 100, 1), said("no", undefined, 10, 0.1)];
  expect(qualityRate(verdicts, [], options).raw).toBeCloseTo(0.5, 9);
});

test("nothing judged is nothing, not zero", () => {
  expect(qualityRate([said(undefined, "yes", 5)], [said(undefined, "yes", 5)], options)).toMatchObject({
    raw: undefined,
    corrected: undefined,
    nTraces: 0,
    nLabels: 0,
  });
});

test("a step has its own judge's rate, corrected by the labels of all steps, also when they outnumber its traces", () => {
  const labels = [said("yes", "yes", 80), said("yes", "no", 20), said("no", "yes", 10), said("no", "no", 40)];
  const rateOf = (passes: number, fails: number) => qualityRate([said("yes", undefined, passes), said("no", undefined, fails)], labels, options);
  const [good, bad] = [rateOf(9, 1), rateOf(3, 7)];
  expect(good.corrected).toBeCloseTo(0.9 * 0.8 + 0.1 * 0.2, 9);
  expect(bad.corrected).toBeCloseTo(0.3 * 0.8 + 0.7 * 0.2, 9);
  expect((good.ciHigh ?? 0) - (good.ciLow ?? 0)).toBeGreaterThan(0.2); // ten traces say little
});
