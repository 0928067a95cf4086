import { checkFinite, checkSameLength } from "../check-arguments.ts";
import { type Calibration, calibrationOf } from "./calibration.ts";

interface Block {
  /** First and last score of the block. */
  from: number;
  to: number;
  weight: number;
  mean: number;
}

/**
 * Isotonic regression: the nondecreasing curve nearest to `y`, by pooling adjacent violators (Ayer et al. 1955). Equal scores are
 * averaged first; between the scores seen it is linear, outside constant. Needs one value. O(n log n).
 */
export function isotonic(score: readonly number[], y: readonly number[]): Calibration {
  checkSameLength("score and y", score, y);
  checkFinite("scores", score);
  checkFinite("y", y);
  if (score.length === 0) throw new RangeError("isotonic needs at least one value");
  const blocks = pool(averageTies(score, y));
  const xs: number[] = [];
  const ys: number[] = [];
  for (const { from, to, mean } of blocks) {
    xs.push(from);
    ys.push(mean);
    if (to > from) {
      xs.push(to);
      ys.push(mean);
    }
  }
  return calibrationOf((x) => interpolate(xs, ys, x));
}

function averageTies(score: readonly number[], y: readonly number[]): Block[] {
  const order = Array.from(score, (_, index) => index).toSorted((i, j) => (score[i] ?? 0) - (score[j] ?? 0));
  const blocks: Block[] = [];
  for (const index of order) {
    const x = score[index] ?? 0;
    const last = blocks.at(-1);
    if (last !== undefined && last.from === x) {
      last.mean += ((y[index] ?? 0) - last.mean) / (last.weight + 1);
      last.weight += 1;
    } else blocks.push({ from: x, to: x, weight: 1, mean: y[index] ?? 0 });
  }
  return blocks;
}

function pool(points: readonly Block[]): Block[] {
  const blocks: Block[] = [];
  for (const point of points) {
    let block = { ...point };
    for (let last = blocks.at(-1); last !== undefined && last.mean >= block.mean; last = blocks.at(-1)) {
      const weight = last.weight + block.weight;
      block = { from: last.from, to: block.to, weight, mean: (last.mean * last.weight + block.mean * block.weight) / weight };
      blocks.pop();
    }
    blocks.push(block);
  }
  return blocks;
}

/** Linear between the points, constant beyond them; NaN for NaN. */
function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  let lo = 0;
  let hi = xs.length - 1;
  if (x <= (xs[lo] ?? 0)) return ys[lo] ?? Number.NaN;
  if (x >= (xs[hi] ?? 0)) return ys[hi] ?? Number.NaN;
  while (hi - lo > 1) {
    const middle = (lo + hi) >> 1;
    if ((xs[middle] ?? 0) <= x) lo = middle;
    else hi = middle;
  }
  const [x0, x1, y0, y1] = [xs[lo] ?? 0, xs[hi] ?? 0, ys[lo] ?? 0, ys[hi] ?? 0];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}
