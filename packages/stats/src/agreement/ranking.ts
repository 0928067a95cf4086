import { rank } from "../ranks.ts";

/** Area under the ROC curve: how often a pass outscores a fail, ties half. NaN unless there are both. O(n log n). */
export function auroc(truth: readonly number[], score: readonly number[]): number {
  const { ranks } = rank(score);
  let positives = 0;
  let rankSum = 0;
  for (let i = 0; i < truth.length; i += 1) {
    if (truth[i] !== 1) continue;
    positives += 1;
    rankSum += ranks[i] ?? 0;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (truth.length - positives));
}

/** Average precision: precision at every threshold, weighted by the recall gained there. NaN without a pass. O(n log n). */
export function averagePrecision(truth: readonly number[], score: readonly number[]): number {
  const order = Array.from(truth, (_, index) => index).toSorted((i, j) => (score[j] ?? 0) - (score[i] ?? 0));
  const total = truth.reduce((sum, value) => sum + value, 0);
  let found = 0;
  let area = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let gained = 0;
    while (end < order.length && score[order[end] ?? 0] === score[order[start] ?? 0]) {
      gained += truth[order[end] ?? 0] ?? 0;
      end += 1;
    }
    found += gained;
    area += (gained / total) * (found / end);
    start = end;
  }
  return total === 0 ? Number.NaN : area;
}

/** Mean squared distance of a probability from what happened (Brier 1950); NaN without values. */
export function brierScore(truth: readonly number[], score: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < truth.length; i += 1) total += ((score[i] ?? 0) - (truth[i] ?? 0)) ** 2;
  return total / truth.length;
}
