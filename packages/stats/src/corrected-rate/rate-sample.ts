import { checkAlpha, checkBinary, checkFinite, checkSameLength } from "../check-arguments.ts";
import type { Interval } from "../intervals/interval.ts";

export interface RateSample {
  /** What humans said of the labelled items, 1 = pass (`ppi`, `ppi_pp` and `classical` take any number in [0, 1]). */
  human: readonly number[];
  /** What the judge said of the same items, in the same order. */
  judgeOnLabelled: readonly number[];
  /** Judge passes among the items without a label (their sum, where the judge gives scores). */
  judgePassUnlabelled: number;
  nUnlabelled: number;
  alpha: number;
  /**
   * Chance with which each labelled item was chosen for review, where it was not the same for all. Used by
   * `post_stratified`; the other methods assume equal chances and refuse it.
   */
  inclusionProbability?: readonly number[];
  /**
   * What the judge said of the items that the rate is about, where the labels come from other items of the same kind (a day's rate
   * from a month's labels). Replaces what the counts above say of it. `post_stratified` only; the other methods refuse it.
   */
  judged?: { passRate: number; n: number };
  /** Sum of squared judge scores without label; for 0/1 verdicts it is `judgePassUnlabelled` itself. */
  judgeSquaresUnlabelled?: number;
}

export interface RateEstimate {
  point: number;
  ci: Interval;
}

/** One way to estimate a pass rate from many judged and few labelled items. */
export interface RateMethod {
  name: string;
  summary: string;
  /** Whether verdicts must be 0 or 1. */
  isBinary: boolean;
  estimate(sample: RateSample): RateEstimate;
}

/** Throws a RangeError that says which part of the sample cannot be. */
export function checkSample(sample: RateSample, method: RateMethod): void {
  const { human, judgeOnLabelled, judgePassUnlabelled, nUnlabelled, inclusionProbability } = sample;
  checkAlpha(sample.alpha);
  checkSameLength("human and judgeOnLabelled", human, judgeOnLabelled);
  const check = method.isBinary ? checkBinary : checkFinite;
  check("human labels", human);
  check("judge verdicts", judgeOnLabelled);
  if (!(nUnlabelled >= 0 && judgePassUnlabelled >= 0 && judgePassUnlabelled <= nUnlabelled)) {
    throw new RangeError(`judgePassUnlabelled lies in 0 to nUnlabelled; got ${judgePassUnlabelled} of ${nUnlabelled}`);
  }
  if (sample.judged !== undefined) {
    const { passRate, n } = sample.judged;
    if (method.name !== "post_stratified") throw new RangeError(`${method.name} cannot take labels of other items; use post_stratified`);
    if (!(n > 0 && passRate >= 0 && passRate <= 1)) throw new RangeError(`judged is a rate in [0, 1] of more than 0 items; got ${passRate} of ${n}`);
  }
  if (inclusionProbability === undefined) return;
  if (method.name !== "post_stratified") throw new RangeError(`${method.name} assumes that all items were equally likely to be labelled; use post_stratified`);
  checkSameLength("human and inclusionProbability", human, inclusionProbability);
  if (inclusionProbability.some((chance) => !(chance > 0 && chance <= 1))) throw new RangeError("inclusion probabilities lie in (0, 1]");
}
