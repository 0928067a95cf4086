import type { BuiltInScorer } from "../scorer.ts";
import measured from "./measured.json" with { type: "json" };

/** A share with its 95 % interval. */
export interface MeasuredRate {
  value: number;
  low: number;
  high: number;
}

/** How well a built-in scorer does on one set of labelled data. Written by `tests/bench/scorecards.ts`, never by hand. */
export interface Scorecard {
  /** Name of the data set. */
  data: string;
  licence: string;
  /** Examples, and how many of them are of the kind that the scorer is to find. */
  n: number;
  positives: number;
  /** What counts as found, in one sentence. */
  finds: string;
  /** Mean of sensitivity and specificity: .5 is guessing, whatever the share of positives. */
  balanced_accuracy: MeasuredRate;
  sensitivity: MeasuredRate;
  specificity: MeasuredRate;
  /** Of scorers that give a number. */
  auroc: MeasuredRate | null;
  /** US dollars for 1,000 scores. */
  usd_per_1000: number;
  /** Date, `YYYY-MM-DD`. */
  measured_on: string;
  /** What a reader must know to read the figures right. */
  note: string;
}

const cards: Readonly<Record<string, readonly Scorecard[]>> = measured;

/** Empty = not measured; `whyNotMeasured` says why. */
export function scorecardsOf(scorer: Pick<BuiltInScorer, "name">): readonly Scorecard[] {
  return cards[scorer.name] ?? [];
}

/** One sentence for a scorer without a scorecard. */
export function whyNotMeasured({ usesModel }: Pick<BuiltInScorer, "usesModel">): string {
  return usesModel
    ? "Not measured: a judge is as good as the model that answers. Its agreement with your people is on the scorer's page, once some traces have labels of the scorer's name."
    : "Not measured: it computes what it is defined to compute, so that there is no label to compare it with.";
}
