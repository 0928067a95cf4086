import { type Stratum, combine, judgeRate, labelled, postStratified } from "./post-stratified.ts";
import { type RateSample, checkSample } from "./rate-sample.ts";

export interface LabelsNeededInput extends Omit<RateSample, "alpha"> {
  alpha?: number;
  /** Wanted half width of the interval: 0.03 for ± 3 points. */
  halfWidth: number;
}

/**
 * About how many labels in all `correctedRate` needs for an interval of ± halfWidth, if what was labelled so far is typical and
 * further ones are drawn evenly; may be fewer than there are. Undefined when even labelling
 * everything is not (the judge disagrees too much), or nothing was judged.
 */
export function labelsNeeded({ halfWidth, alpha = 0.05, ...rest }: LabelsNeededInput): number | undefined {
  const sample: RateSample = { ...rest, alpha };
  checkSample(sample, postStratified);
  if (!(halfWidth > 0 && halfWidth < 1)) throw new RangeError(`halfWidth lies between 0 and 1; got ${halfWidth}`);
  const { judged, q } = judgeRate(sample);
  if (judged === 0) return undefined;
  const rates = [likelyRate(labelled(sample, 1)), likelyRate(labelled(sample, 0))] as const;
  const isEnough = (labels: number): boolean => {
    const { ci } = combine(q, judged, { n: labels * q, rate: rates[0] }, { n: labels * (1 - q), rate: rates[1] }, alpha);
    return ci[1] - ci[0] <= 2 * halfWidth;
  };
  if (!isEnough(judged)) return undefined;
  let [tooFew, enough] = [0, judged];
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

/** A rate of exactly 0 or 1 in a few labels is luck: half a pass and half a fail are added. */
function likelyRate({ n, rate }: Stratum): number {
  return (rate * n + 0.5) / (n + 1);
}
