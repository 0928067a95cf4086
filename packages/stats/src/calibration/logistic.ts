import { checkBinary, checkFinite, checkSameLength } from "../check-arguments.ts";
import { mean, variance } from "../moments.ts";
import { type Calibration, calibrationOf } from "./calibration.ts";

export interface LogisticCalibration extends Calibration {
  /** ln(p / (1 − p)) = slope · score + intercept. */
  slope: number;
  intercept: number;
  /** [slope, intercept]. */
  coef: [slope: number, intercept: number];
  /** False when the two classes do not overlap: the true slope is infinite and the one here is merely steep. */
  isConverged: boolean;
}

const MAX_STEPS = 100;
/** On the standardised score; steeper than any real calibration. */
const STEEPEST = 500;

/**
 * Logistic regression of 0/1 on one score, without penalty, by Newton's method (Platt scaling without his prior). Constant scores
 * or a single class give the base rate everywhere. Needs one value. O(n) per step.
 */
export function logistic(score: readonly number[], y: readonly number[]): LogisticCalibration {
  checkSameLength("score and y", score, y);
  checkFinite("scores", score);
  checkBinary("y", y);
  if (score.length === 0) throw new RangeError("logistic needs at least one value");
  const base = mean(y);
  const centre = mean(score);
  const scale = Math.sqrt(variance(score, 0));
  if (base === 0 || base === 1 || !(scale > 0)) return curve(0, Math.log(base / (1 - base)), true);
  const isApart = separated(score, y);
  const fitted = fit(
    Float64Array.from(score, (value) => (value - centre) / scale),
    y,
    Math.log(base / (1 - base)),
  );
  return curve(fitted.slope / scale, fitted.intercept - (fitted.slope * centre) / scale, fitted.isConverged && !isApart);
}

function curve(slope: number, intercept: number, isConverged: boolean): LogisticCalibration {
  const predict = calibrationOf((x) => (Number.isNaN(x) ? Number.NaN : 1 / (1 + Math.exp(-(slope === 0 ? intercept : slope * x + intercept)))));
  return Object.assign(predict, { slope, intercept, coef: [slope, intercept] as [number, number], isConverged });
}

/** Whether a threshold parts the classes: the likelihood then has no maximum. */
function separated(score: readonly number[], y: readonly number[]): boolean {
  const lowest: [number, number] = [Infinity, Infinity];
  const highest: [number, number] = [-Infinity, -Infinity];
  for (let i = 0; i < score.length; i += 1) {
    const group = y[i] === 1 ? 1 : 0;
    lowest[group] = Math.min(lowest[group], score[i] ?? 0);
    highest[group] = Math.max(highest[group], score[i] ?? 0);
  }
  return highest[0] <= lowest[1] || highest[1] <= lowest[0];
}

function fit(x: Float64Array, y: readonly number[], start: number): { slope: number; intercept: number; isConverged: boolean } {
  let [slope, intercept] = [0, start];
  let loss = negativeLogLikelihood(x, y, slope, intercept);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const [byIntercept, bySlope] = newtonStep(x, y, slope, intercept);
    if (!Number.isFinite(byIntercept) || !Number.isFinite(bySlope)) return { slope, intercept, isConverged: false };
    // Halved until it helps: from far away a full step may overshoot.
    let factor = 1;
    let next = loss;
    for (let tries = 0; tries < 40; tries += 1, factor /= 2) {
      next = negativeLogLikelihood(x, y, slope + factor * bySlope, intercept + factor * byIntercept);
      if (next <= loss + 1e-14 * Math.abs(loss)) break;
    }
    slope += factor * bySlope;
    intercept += factor * byIntercept;
    if (Math.abs(slope) > STEEPEST) return { slope, intercept, isConverged: false };
    if (Math.abs(bySlope) + Math.abs(byIntercept) < 1e-10 * (1 + Math.abs(slope) + Math.abs(intercept))) return { slope, intercept, isConverged: true };
    loss = next;
  }
  return { slope, intercept, isConverged: false };
}

function newtonStep(x: Float64Array, y: readonly number[], slope: number, intercept: number): [byIntercept: number, bySlope: number] {
  let [g0, g1, h00, h01, h11] = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i += 1) {
    const value = x[i] ?? 0;
    const p = 1 / (1 + Math.exp(-(slope * value + intercept)));
    const residual = (y[i] ?? 0) - p;
    const weight = p * (1 - p);
    g0 += residual;
    g1 += residual * value;
    h00 += weight;
    h01 += weight * value;
    h11 += weight * value * value;
  }
  const determinant = h00 * h11 - h01 * h01;
  return [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
}

function negativeLogLikelihood(x: Float64Array, y: readonly number[], slope: number, intercept: number): number {
  let total = 0;
  for (let i = 0; i < x.length; i += 1) {
    const logit = slope * (x[i] ?? 0) + intercept;
    total += Math.max(logit, 0) + Math.log1p(Math.exp(-Math.abs(logit))) - (y[i] ?? 0) * logit;
  }
  return total;
}
