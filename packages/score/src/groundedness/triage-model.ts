/** A logistic model on standardised features. */
export interface TriageModel {
  features: readonly string[];
  /** Range of each feature in training: what lies beyond counts as its end. */
  low: readonly number[];
  high: readonly number[];
  mean: readonly number[];
  scale: readonly number[];
  weights: readonly number[];
  bias: number;
}

/** Probability in [0, 1] of the positive class. */
export function probability(model: TriageModel, features: readonly number[]): number {
  let logit = model.bias;
  for (const [i, weight] of model.weights.entries()) {
    const value = Math.min(model.high[i] ?? 0, Math.max(model.low[i] ?? 0, features[i] ?? 0));
    logit += weight * ((value - (model.mean[i] ?? 0)) / (model.scale[i] ?? 1));
  }
  return 1 / (1 + Math.exp(-logit));
}
