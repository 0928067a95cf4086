import { correctedRate, labelsNeeded, type RateMethodName } from "@telltale/stats";
import { isPass } from "./verdict.ts";

/** Traces of which a scorer and people said the same two things. */
export interface Verdicts {
  judge: string | undefined;
  human: string | undefined;
  /** Chance with which the scorer had sampled them. */
  probability: number;
  /** Chance with which they were drawn for their label; absent = not drawn. */
  inclusion?: number;
  judgeFailed: boolean;
  traces: number;
}

export interface QualityRate {
  /** Share of passes as the scorer says; `undefined` = it judged nothing. */
  raw: number | undefined;
  /** The same corrected by what people said of some of the traces; `undefined` without labels. */
  corrected: number | undefined;
  ciLow: number | undefined;
  ciHigh: number | undefined;
  nTraces: number;
  nLabels: number;
  /** The scorer failed; never counted as a pass or a fail. */
  nFailed: number;
  /** Values that are neither pass nor fail. */
  nOther: number;
  /** Labels in all for the wanted half width; `undefined` = not reachable by labelling, or nothing judged. */
  labelsNeeded: number | undefined;
}

export interface RateOptions {
  /** Numbers pass from here on; `undefined` = they say nothing. */
  threshold: number | undefined;
  alpha: number;
  method: RateMethodName;
  /** Wanted half width of the interval; 0.03 = ± 3 points. */
  halfWidth?: number;
}

/** Both sides, read as pass or fail. */
interface Counted {
  judge: boolean;
  human: boolean | undefined;
  weight: number;
  inclusion: number;
  traces: number;
}

/**
 * The pass rate of a scorer and what it is after correction (statistics notes §2). Every trace weighs one over the chance of its
 * having been sampled; with unequal chances the number of traces is Kish's effective one. `labels` may come from a longer time than
 * `judged`, when a series shares its labels.
 */
export function qualityRate(judged: readonly Verdicts[], labels: readonly Verdicts[], options: RateOptions): QualityRate {
  const all = counted(judged, options.threshold);
  const labelled = counted(labels, options.threshold).filter((item) => item.human !== undefined);
  const nTraces = sum(all, (item) => item.traces);
  const nLabels = sum(labelled, (item) => item.traces);
  const facts = {
    nTraces,
    nLabels,
    nFailed: sum(judged, (item) => (item.judgeFailed ? item.traces : 0)),
    nOther: sum(judged, (item) => (item.judge === undefined ? 0 : item.traces)) - nTraces,
  };
  if (nTraces === 0) return { raw: undefined, corrected: undefined, ciLow: undefined, ciHigh: undefined, ...facts, labelsNeeded: undefined };
  const raw = sum(all, (item) => (item.judge ? item.weight : 0)) / sum(all, (item) => item.weight);
  const sample = sampleOf(all, labelled, raw, options.method);
  const needed = labelsNeeded({ ...sampleOf(all, labelled, raw, "post_stratified"), alpha: options.alpha, halfWidth: options.halfWidth ?? 0.03 });
  if (nLabels === 0) return { raw, corrected: undefined, ciLow: undefined, ciHigh: undefined, ...facts, labelsNeeded: needed };
  const { point, ci } = correctedRate({ ...sample, alpha: options.alpha, method: options.method });
  return { raw, corrected: Number.isNaN(point) ? undefined : point, ciLow: ci[0], ciHigh: ci[1], ...facts, labelsNeeded: needed };
}

/**
 * As the statistics want it: labelled pairs one by one, and what the judge said of all. The default method takes the judge's rate of the
 * traces in question as it is; the others need the traces without label as two numbers that keep the weighted rate.
 */
function sampleOf(all: readonly Counted[], labelled: readonly Counted[], raw: number, method: RateMethodName) {
  const human: number[] = [];
  const judgeOnLabelled: number[] = [];
  const inclusionProbability: number[] = [];
  for (const item of labelled) {
    for (let n = 0; n < item.traces; n += 1) {
      human.push(Number(item.human));
      judgeOnLabelled.push(Number(item.judge));
      inclusionProbability.push(item.inclusion);
    }
  }
  const weights = sum(all, (item) => item.weight);
  const effective = (weights * weights) / sum(all, (item) => (item.weight * item.weight) / item.traces);
  const pairs = { human, judgeOnLabelled };
  if (method === "post_stratified") return { ...pairs, inclusionProbability, nUnlabelled: 0, judgePassUnlabelled: 0, judged: { passRate: raw, n: effective } };
  const nUnlabelled = Math.max(0, effective - human.length);
  const passes = raw * (nUnlabelled + human.length) - judgeOnLabelled.reduce((total, verdict) => total + verdict, 0);
  return { ...pairs, nUnlabelled, judgePassUnlabelled: Math.min(Math.max(0, passes), nUnlabelled) };
}

function counted(verdicts: readonly Verdicts[], threshold: number | undefined): Counted[] {
  return verdicts.flatMap(({ judge, human, probability, inclusion = 1, traces }) => {
    const verdict = judge === undefined ? undefined : isPass(judge, threshold);
    if (verdict === undefined) return [];
    return [
      {
        judge: verdict,
        human: human === undefined ? undefined : isPass(human, threshold),
        weight: traces / (probability > 0 ? probability : 1),
        inclusion,
        traces,
      },
    ];
  });
}

function sum<Item>(items: readonly Item[], value: (item: Item) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
