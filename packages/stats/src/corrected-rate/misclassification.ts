import { normalCritical } from "../distributions/normal.ts";
import { withinUnit } from "../intervals/interval.ts";
import type { RateMethod, RateSample } from "./rate-sample.ts";

/**
 * Rogan & Gladen (1978): θ = (q + specificity − 1) / (sensitivity + specificity − 1), delta-method interval, both clipped to
 * [0, 1]. Only for labels that come from another population (where the judge errs alike but passes another share): it is
 * unstable when the judge is little better than a coin. NaN and [0, 1] when labels lack passes or fails, or the judge is a coin.
 */
export const roganGladen: RateMethod = {
  name: "rogan_gladen",
  summary: "The judge's rate, turned back by its sensitivity and specificity.",
  isBinary: true,
  estimate(sample) {
    const { sensitivity, specificity, passes, fails } = errorRates(sample);
    const n = sample.nUnlabelled;
    const q = sample.judgePassUnlabelled / n;
    const youden = sensitivity + specificity - 1;
    const raw = (q + specificity - 1) / youden;
    if (!Number.isFinite(raw)) return { point: Number.NaN, ci: [0, 1] };
    const spread = (q * (1 - q)) / n + (raw ** 2 * sensitivity * (1 - sensitivity)) / passes + ((1 - raw) ** 2 * specificity * (1 - specificity)) / fails;
    const half = (normalCritical(sample.alpha) * Math.sqrt(spread)) / Math.abs(youden);
    return { point: Math.min(1, Math.max(0, raw)), ci: withinUnit(raw - half, raw + half) };
  },
};

/** Lang & Reiczigel (2014): the same with counts added to every part, so that the interval keeps its coverage with few labels. */
export const langReiczigel: RateMethod = {
  name: "lang_reiczigel",
  summary: "As rogan_gladen, with an interval that holds for few labels.",
  isBinary: true,
  estimate(sample) {
    const point = roganGladen.estimate(sample).point;
    const { sensitivity, specificity, passes, fails } = errorRates(sample);
    if (Number.isNaN(point)) return { point, ci: [0, 1] };
    const z = normalCritical(sample.alpha);
    const n = sample.nUnlabelled + z * z;
    const q = (sample.judgePassUnlabelled + (z * z) / 2) / n;
    const se = (passes * sensitivity + 1) / (passes + 2);
    const sp = (fails * specificity + 1) / (fails + 2);
    const youden = se + sp - 1;
    const centre = (q + sp - 1) / youden;
    const byPasses = (se * (1 - se)) / (passes + 2);
    const byFails = (sp * (1 - sp)) / (fails + 2);
    const shift = 2 * z * z * (centre * byPasses - (1 - centre) * byFails);
    const half = (z / Math.abs(youden)) * Math.sqrt((q * (1 - q)) / n + centre ** 2 * byPasses + (1 - centre) ** 2 * byFails);
    return { point, ci: withinUnit(centre + shift - half, centre + shift + half) };
  },
};

interface ErrorRates {
  /** P(judge pass | human pass), P(judge fail | human fail), and how many labels each rests on. */
  sensitivity: number;
  specificity: number;
  passes: number;
  fails: number;
}

function errorRates({ human, judgeOnLabelled }: RateSample): ErrorRates {
  let [passes, caught, refused] = [0, 0, 0];
  for (let i = 0; i < human.length; i += 1) {
    if (human[i] === 1) {
      passes += 1;
      caught += judgeOnLabelled[i] ?? 0;
    } else refused += 1 - (judgeOnLabelled[i] ?? 0);
  }
  const fails = human.length - passes;
  return { sensitivity: caught / passes, specificity: refused / fails, passes, fails };
}
