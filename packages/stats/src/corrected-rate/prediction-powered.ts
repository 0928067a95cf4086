import { normalCritical } from "../distributions/normal.ts";
import { tCritical } from "../distributions/student-t.ts";
import { covariance, mean, variance } from "../moments.ts";
import type { RateEstimate, RateMethod, RateSample } from "./rate-sample.ts";

/** Prediction-powered inference (Angelopoulos et al., Science 2023): the judge's mean, moved by its mean error on the labels. */
export const ppi: RateMethod = {
  name: "ppi",
  summary: "The judge's rate plus its mean error on the labels.",
  isBinary: false,
  estimate: (sample) => estimate(sample, 1),
};

/**
 * PPI++ (Angelopoulos, Duchi & Zrnic 2023): trusts the judge by the λ in [0, 1] that makes the variance smallest, so it is
 * never much worse than the labels alone. Works for scores; use it from about 100 labels on.
 */
export const ppiPlusPlus: RateMethod = {
  name: "ppi_pp",
  summary: "As ppi, with the judge trusted as far as it helps.",
  isBinary: false,
  estimate: (sample) => estimate(sample, bestLambda(sample)),
};

/** Labels only, normal interval. */
export const classical: RateMethod = {
  name: "classical",
  summary: "The labels alone, as if there were no judge.",
  isBinary: false,
  estimate: (sample) => estimate({ ...sample, nUnlabelled: 0 }, 0),
};

function estimate(sample: RateSample, lambda: number): RateEstimate {
  const { human, judgeOnLabelled, nUnlabelled } = sample;
  if (human.length === 0 || (lambda > 0 && nUnlabelled === 0)) return { point: Number.NaN, ci: [Number.NaN, Number.NaN] };
  const errors = human.map((label, i) => label - lambda * (judgeOnLabelled[i] ?? 0));
  const judged = lambda === 0 ? { mean: 0, variance: 0 } : unlabelled(sample);
  const point = lambda * judged.mean + mean(errors);
  const imputed = lambda === 0 ? 0 : (lambda ** 2 * judged.variance) / nUnlabelled;
  const half = critical(sample) * Math.sqrt(imputed + variance(errors, 0) / human.length);
  return { point, ci: [point - half, point + half] };
}

/** Student's t for scores (few labels with long tails); the normal quantile, as the paper has it, for verdicts. */
function critical({ human, judgeOnLabelled, alpha }: RateSample): number {
  const isBinary = human.every(isVerdict) && judgeOnLabelled.every(isVerdict);
  return isBinary || human.length < 2 ? normalCritical(alpha) : tCritical(alpha, human.length - 1);
}

function isVerdict(value: number): boolean {
  return value === 0 || value === 1;
}

function unlabelled({ judgePassUnlabelled, nUnlabelled, judgeSquaresUnlabelled = judgePassUnlabelled }: RateSample): { mean: number; variance: number } {
  const centre = judgePassUnlabelled / nUnlabelled;
  return { mean: centre, variance: Math.max(0, judgeSquaresUnlabelled / nUnlabelled - centre ** 2) };
}

/** cov(human, judge) / ((1 + n/N) · var(judge)), clipped to [0, 1]. */
function bestLambda(sample: RateSample): number {
  const { human, judgeOnLabelled, nUnlabelled } = sample;
  if (human.length === 0 || nUnlabelled === 0) return 0;
  const spread = pooledVariance(sample);
  if (spread === 0) return 0;
  const lambda = covariance(human, judgeOnLabelled, 0) / ((1 + human.length / nUnlabelled) * spread);
  return Math.min(1, Math.max(0, lambda));
}

/** Sample variance of the judge over labelled and unlabelled items together. */
function pooledVariance(sample: RateSample): number {
  const { judgeOnLabelled, nUnlabelled } = sample;
  const few = { n: judgeOnLabelled.length, mean: mean(judgeOnLabelled), variance: variance(judgeOnLabelled, 0) };
  const many = unlabelled(sample);
  const n = few.n + nUnlabelled;
  const within = few.n * few.variance + nUnlabelled * many.variance;
  const between = ((few.n * nUnlabelled) / n) * (few.mean - many.mean) ** 2;
  return (within + between) / (n - 1);
}
