/** A fitted curve from score to probability: call it, or its `predict`, with one score or a list. */
export interface Calibration {
  (score: number): number;
  (scores: readonly number[]): number[];
  predict: Calibration;
}

/** Makes a `Calibration` of a function of one score. */
export function calibrationOf(one: (score: number) => number): Calibration {
  function predict(score: number): number;
  function predict(scores: readonly number[]): number[];
  function predict(score: number | readonly number[]): number | number[] {
    return typeof score === "number" ? one(score) : score.map(one);
  }
  const calibration: Calibration = Object.assign(predict, { predict: predict as Calibration });
  calibration.predict = calibration;
  return calibration;
}
