import { normalCritical } from "../distributions/normal.ts";
import { withinUnit } from "../intervals/interval.ts";
import { wilson } from "../intervals/wilson.ts";
import type { RateEstimate, RateMethod, RateSample } from "./rate-sample.ts";

/**
 * θ = q · P(human pass | judge pass) + (1 − q) · P(human pass | judge fail), with q the judge's pass rate over all it judged.
 * Limits by MOVER from the strata's Wilson intervals (Zou & Donner 2008; Newcombe 2001). Holds when labels were drawn more
 * from one verdict than from the other, and with unequal chances inside a verdict through `inclusionProbability`.
 */
export const postStratified: RateMethod = {
  name: "post_stratified",
  summary: "Human pass rate among judge passes and among judge fails, weighted by how often the judge says each.",
  isBinary: true,
  estimate(sample) {
    const { judged, q } = judgeRate(sample);
    if (judged === 0) return { point: Number.NaN, ci: [0, 1] };
    return combine(q, judged, labelled(sample, 1), labelled(sample, 0), sample.alpha);
  },
};

/** What the labels say of one verdict of the judge. */
export interface Stratum {
  /** Labels; less than their number when they carry unequal weights. */
  n: number;
  /** Human pass rate among them. */
  rate: number;
}

/** How many items the judge has judged, labelled or not, and its pass rate over them. */
export function judgeRate({ judgeOnLabelled, judgePassUnlabelled, nUnlabelled, judged: own }: RateSample): { judged: number; q: number } {
  if (own !== undefined) return { judged: own.n, q: own.passRate };
  const judged = nUnlabelled + judgeOnLabelled.length;
  return { judged, q: (judgePassUnlabelled + judgeOnLabelled.reduce((sum, verdict) => sum + verdict, 0)) / judged };
}

/** The labels where the judge said `verdict`. Without any: ½, anywhere in [0, 1]. */
export function labelled({ human, judgeOnLabelled, inclusionProbability }: RateSample, verdict: 0 | 1): Stratum {
  let [weights, squares, passes] = [0, 0, 0];
  for (let i = 0; i < human.length; i += 1) {
    if (judgeOnLabelled[i] !== verdict) continue;
    const weight = 1 / (inclusionProbability?.[i] ?? 1);
    weights += weight;
    squares += weight * weight;
    passes += weight * (human[i] ?? 0);
  }
  // Kish's effective number of labels: their number when all weights are equal.
  return weights === 0 ? { n: 0, rate: 0.5 } : { n: (weights * weights) / squares, rate: passes / weights };
}

/** The rate over both strata with its limits. */
export function combine(q: number, judged: number, pass: Stratum, fail: Stratum, alpha: number): RateEstimate {
  const point = q * pass.rate + (1 - q) * fail.rate;
  const mixing = (pass.rate - fail.rate) ** 2 * ((q * (1 - q)) / judged) * normalCritical(alpha) ** 2;
  const [passLo, passHi] = wilson(Math.min(pass.n, pass.rate * pass.n), pass.n, alpha);
  const [failLo, failHi] = wilson(Math.min(fail.n, fail.rate * fail.n), fail.n, alpha);
  const below = Math.sqrt((q * (pass.rate - passLo)) ** 2 + ((1 - q) * (fail.rate - failLo)) ** 2 + mixing);
  const above = Math.sqrt((q * (passHi - pass.rate)) ** 2 + ((1 - q) * (failHi - fail.rate)) ** 2 + mixing);
  return { point, ci: withinUnit(point - below, point + above) };
}
