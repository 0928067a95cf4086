import { stirlingError } from "../special/log-gamma.ts";

/** Tables as likely as the one seen count as "at least as extreme"; rounding must not decide that. */
const SAME = 1e-7;

/**
 * Fisher's exact test of [[a, b], [c, d]], two-sided: the probability, all margins fixed, of a table at most as likely as this one.
 * Sums only the tails, outwards until nothing is added, so that counts in the millions are fine.
 */
export function fisherExact(a: number, b: number, c: number, d: number): number {
  const [n, row, column] = [a + b + c + d, a + b, a + c];
  const lo = Math.max(0, row + column - n);
  const hi = Math.min(row, column);
  const log = (k: number): number => logHypergeometric(k, row, column, n);
  const limit = log(a) + SAME;
  const mode = Math.min(hi, Math.max(lo, Math.floor(((row + 1) * (column + 1)) / (n + 2))));
  // Likelihood falls away from the mode on both sides: find where it first is small enough.
  const left = lastSmall(lo, mode, log, limit);
  const right = -lastSmall(-hi, -mode, (k) => log(-k), limit);
  if (left >= mode || right <= mode) return 1;
  return Math.min(1, tail(left, -1, lo, log) + tail(right, 1, hi, log));
}

/** The largest k in [from, to] with log(k) ≤ limit, where log rises; from − 1 when there is none. */
function lastSmall(from: number, to: number, log: (k: number) => number, limit: number): number {
  let [below, above] = [from - 1, to + 1];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (log(middle) <= limit) below = middle;
    else above = middle;
  }
  return below;
}

function tail(start: number, step: 1 | -1, end: number, log: (k: number) => number): number {
  let total = 0;
  for (let k = start; step > 0 ? k <= end : k >= end; k += step) {
    const term = Math.exp(log(k));
    total += term;
    if (term <= total * 1e-17) break;
  }
  return total;
}

function logHypergeometric(k: number, row: number, column: number, n: number): number {
  return logChoose(column, k) + logChoose(n - column, row - k) - logChoose(n, row);
}

function logChoose(n: number, k: number): number {
  if (k === 0 || k === n) return 0;
  const rest = n - k;
  return (
    stirlingError(n) - stirlingError(k) - stirlingError(rest) + 0.5 * Math.log(n / (2 * Math.PI * k * rest)) - k * Math.log(k / n) - rest * Math.log1p(-k / n)
  );
}
