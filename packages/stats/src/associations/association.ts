import { checkSameLength } from "../check-arguments.ts";
import { chiSquareTail } from "../distributions/chi-square.ts";
import { sum } from "../moments.ts";

export interface Association {
  chi2: number;
  dof: number;
  p: number;
  /** √(chi2 / n / min(rows − 1, columns − 1)): strength in [0, 1], whatever the size. */
  cramersV: number;
  /** Jensen–Shannon distance of the two distributions, base 2, in [0, 1]. */
  jsDistance: number;
  /** Population stability index, ½ added to every count. Depends on the sample size: never compare it with a fixed threshold. */
  psi: number;
  /** Likelihood-ratio (G) statistic; same degrees of freedom as chi2. */
  g: number;
}

/**
 * Do good and bad differ in an attribute? `good[i]` and `bad[i]` count value i. No continuity correction. Values that occur
 * nowhere are left out; with fewer than two values, or one side empty, there is no association: p is 1.
 */
export function association(good: readonly number[], bad: readonly number[]): Association {
  checkSameLength("good and bad", good, bad);
  if ([...good, ...bad].some((count) => !(count >= 0 && count < Infinity))) throw new RangeError("counts are 0 or more");
  const rows = good.map((count, value) => [count, bad[value] ?? 0] as const).filter(([a, b]) => a + b > 0);
  const nGood = sum(good);
  const nBad = sum(bad);
  if (rows.length < 2 || nGood === 0 || nBad === 0) return { chi2: 0, dof: 0, p: 1, cramersV: 0, jsDistance: 0, psi: 0, g: 0 };
  const n = nGood + nBad;
  const total = { chi2: 0, g: 0, js: 0, psi: 0 };
  for (const [a, b] of rows) {
    const [expectedA, expectedB] = [((a + b) * nGood) / n, ((a + b) * nBad) / n];
    total.chi2 += (a - expectedA) ** 2 / expectedA + (b - expectedB) ** 2 / expectedB;
    total.g += 2 * (xLogRatio(a, expectedA) + xLogRatio(b, expectedB));
    const [p, q] = [a / nGood, b / nBad];
    total.js += (xLogRatio(p, (p + q) / 2) + xLogRatio(q, (p + q) / 2)) / 2;
    const [smoothP, smoothQ] = [(a + 0.5) / (nGood + rows.length / 2), (b + 0.5) / (nBad + rows.length / 2)];
    total.psi += (smoothP - smoothQ) * Math.log(smoothP / smoothQ);
  }
  const dof = rows.length - 1;
  return {
    chi2: total.chi2,
    dof,
    p: chiSquareTail(total.chi2, dof),
    cramersV: Math.sqrt(total.chi2 / n),
    jsDistance: Math.sqrt(Math.max(0, total.js / Math.LN2)),
    psi: total.psi,
    g: total.g,
  };
}

/** x ln(x / m), 0 for x = 0. */
function xLogRatio(x: number, m: number): number {
  return x === 0 ? 0 : x * Math.log(x / m);
}
