import type { TriageModel } from "../../packages/score/src/groundedness/triage-model.ts";

export interface Example {
  features: readonly number[];
  isPositive: boolean;
  weight: number;
}

/** Weights of a logistic regression with a ridge penalty on standardised features, by Newton's method. */
export function fitLogistic(names: readonly string[], examples: readonly Example[], ridge: number): TriageModel {
  const columns = names.map((_, i) => examples.map(({ features }) => features[i] ?? 0));
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  const mean = columns.map((column) => column.reduce((sum, value, i) => sum + value * weightOf(examples, i), 0) / total);
  const scale = columns.map(
    (column, k) => Math.sqrt(column.reduce((sum, value, i) => sum + weightOf(examples, i) * (value - (mean[k] ?? 0)) ** 2, 0) / total) || 1,
  );
  const rows = examples.map(({ features }) => [1, ...features.map((value, k) => (value - (mean[k] ?? 0)) / (scale[k] ?? 1))]);
  let beta = rows[0]?.map(() => 0) ?? [];
  for (let step = 0; step < 50; step += 1) {
    const change = newtonStep(rows, examples, beta, ridge);
    beta = beta.map((value, k) => value + (change[k] ?? 0));
    if (Math.max(...change.map(Math.abs)) < 1e-10) break;
  }
  const [bias = 0, ...weights] = beta;
  const low = columns.map((column) => column.reduce((a, b) => Math.min(a, b), Infinity));
  const high = columns.map((column) => column.reduce((a, b) => Math.max(a, b), -Infinity));
  return { features: names, low, high, mean, scale, weights, bias };
}

function weightOf(examples: readonly Example[], i: number): number {
  return examples[i]?.weight ?? 0;
}

function newtonStep(rows: readonly number[][], examples: readonly Example[], beta: readonly number[], ridge: number): number[] {
  const size = beta.length;
  const gradient = beta.map((value, k) => (k === 0 ? 0 : -ridge * value));
  const hessian = beta.map((_, j) => beta.map((_, k) => (j === k && k > 0 ? ridge : 0)));
  for (const [i, row] of rows.entries()) {
    const p = 1 / (1 + Math.exp(-row.reduce((sum, value, k) => sum + value * (beta[k] ?? 0), 0)));
    const weight = weightOf(examples, i);
    const residual = weight * ((examples[i]?.isPositive === true ? 1 : 0) - p);
    const curvature = weight * p * (1 - p);
    for (let j = 0; j < size; j += 1) {
      gradient[j] = (gradient[j] ?? 0) + residual * (row[j] ?? 0);
      const line = hessian[j] ?? [];
      for (let k = 0; k < size; k += 1) line[k] = (line[k] ?? 0) + curvature * (row[j] ?? 0) * (row[k] ?? 0);
    }
  }
  return solve(hessian, gradient);
}

/** Gauss's elimination with pivots; the matrix is small and positive definite. */
function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] ?? 0]);
  const size = rows.length;
  for (let column = 0; column < size; column += 1) {
    const pivot = rows.slice(column).reduce((best, row, i) => (Math.abs(row[column] ?? 0) > Math.abs(rows[best]?.[column] ?? 0) ? column + i : best), column);
    [rows[column], rows[pivot]] = [rows[pivot] ?? [], rows[column] ?? []];
    const top = rows[column] ?? [];
    for (const [i, row] of rows.entries()) {
      if (i === column) continue;
      const factor = (row[column] ?? 0) / (top[column] ?? 1);
      for (let k = column; k <= size; k += 1) row[k] = (row[k] ?? 0) - factor * (top[k] ?? 0);
    }
  }
  return rows.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1));
}
