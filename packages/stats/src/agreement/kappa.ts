import { normalCritical } from "../distributions/normal.ts";
import type { Interval } from "../intervals/interval.ts";
import type { Confusion } from "./confusion.ts";

export interface Kappa {
  kappa: number;
  /** Large-sample interval (Fleiss, Cohen & Everitt 1969), clipped to [−1, 1]. */
  kappaCi: Interval;
}

/** Cohen's kappa of two raters (1960): NaN when chance alone agrees always, as when nobody ever fails anything. */
export function kappaOf([tp, fp, fn, tn]: Confusion, alpha: number): Kappa {
  const n = tp + fn + fp + tn;
  const cells = [tp / n, fn / n, fp / n, tn / n] as const;
  const [both, humanOnly, judgeOnly, neither] = cells;
  const human = [both + humanOnly, judgeOnly + neither] as const;
  const judge = [both + judgeOnly, humanOnly + neither] as const;
  const chance = human[0] * judge[0] + human[1] * judge[1];
  const kappa = 1 - chance === 0 ? Number.NaN : (both + neither - chance) / (1 - chance);
  const rest = 1 - kappa;
  const agreed = both * (1 - (human[0] + judge[0]) * rest) ** 2 + neither * (1 - (human[1] + judge[1]) * rest) ** 2;
  const disagreed = rest ** 2 * (humanOnly * (judge[0] + human[1]) ** 2 + judgeOnly * (judge[1] + human[0]) ** 2);
  const spread = (agreed + disagreed - (kappa - chance * rest) ** 2) / (n * (1 - chance) ** 2);
  const half = normalCritical(alpha) * Math.sqrt(Math.max(0, spread));
  return { kappa, kappaCi: [Math.max(-1, kappa - half), Math.min(1, kappa + half)] };
}
