import { wilson } from "@telltale/stats";
import type { Verdicts } from "./quality-rate.ts";
import { isPass } from "./verdict.ts";

export interface PeopleRate {
  /** Share of passes; `undefined` = no label is a pass or a fail. */
  rate: number | undefined;
  ci: readonly [number, number] | undefined;
  nLabels: number;
  /** Labels in all for ± halfWidth, if those so far are typical. */
  labelsNeeded: number | undefined;
}

/**
 * Share of passes among what people said, where no scorer judged: every label weighs one over the chance with which its trace was
 * drawn; Wilson's interval over Kish's effective number of labels.
 */
export function peopleRate(
  verdicts: readonly Pick<Verdicts, "human" | "inclusion" | "traces">[],
  { threshold, alpha, halfWidth }: { threshold: number | undefined; alpha: number; halfWidth: number },
): PeopleRate {
  let [weights, squares, passes, nLabels] = [0, 0, 0, 0];
  for (const { human, inclusion = 1, traces } of verdicts) {
    const isPassed = human === undefined ? undefined : isPass(human, threshold);
    if (isPassed === undefined) continue;
    const weight = 1 / inclusion;
    nLabels += traces;
    weights += traces * weight;
    squares += traces * weight * weight;
    if (isPassed) passes += traces * weight;
  }
  if (nLabels === 0) return { rate: undefined, ci: undefined, nLabels, labelsNeeded: undefined };
  const rate = passes / weights;
  const effective = (weights * weights) / squares;
  // Of few labels that all say the same, half a pass and half a fail are added: a rate of exactly 0 or 1 is luck.
  const likely = (rate * effective + 0.5) / (effective + 1);
  const labelsNeeded = Math.ceil((smallest((n) => isWithin(likely, n, alpha, halfWidth)) * nLabels) / effective);
  return { rate, ci: wilson(Math.min(effective, rate * effective), effective, alpha), nLabels, labelsNeeded };
}

function isWithin(rate: number, n: number, alpha: number, halfWidth: number): boolean {
  const [low, high] = wilson(rate * n, n, alpha);
  return high - low <= 2 * halfWidth;
}

/** The smallest whole number that is enough, when all above it are. */
function smallest(isEnough: (n: number) => boolean): number {
  let enough = 1;
  while (!isEnough(enough)) enough *= 2;
  let tooFew = enough / 2;
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
