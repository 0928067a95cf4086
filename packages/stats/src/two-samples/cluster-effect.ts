import { checkFinite, checkSameLength } from "../check-arguments.ts";
import { mean } from "../moments.ts";

export interface ClusterEffectInput {
  y: readonly number[];
  /** 0 or 1 (any number works: the effect is then the slope). */
  treated: readonly number[];
  /** Which rows belong together: user, session, task. */
  cluster: readonly (number | string)[];
}

export interface ClusterEffect {
  /** mean(y | treated) − mean(y | not treated). */
  effect: number;
  /** As if rows were independent with one variance. */
  seNaive: number;
  /** Independent rows, unequal variances (White 1980, n / (n − 2)). */
  seHc1: number;
  /** Clustered (Liang & Zeger 1986), without and with the correction G/(G−1) · (n−1)/(n−2) for few clusters. */
  seCr0: number;
  seCr1: number;
}

/**
 * Difference of means with standard errors that know of clusters: spans of one session are not independent evidence. NaN when
 * a group is empty; clustered errors need two clusters, all need three rows. O(n).
 */
export function clusterEffect({ y, treated, cluster }: ClusterEffectInput): ClusterEffect {
  checkSameLength("y, treated and cluster", y, treated, cluster);
  checkFinite("clusterEffect's y", y);
  checkFinite("clusterEffect's treated", treated);
  const n = y.length;
  const meanY = mean(y);
  const meanX = mean(treated);
  let sxx = 0;
  let sxy = 0;
  for (let i = 0; i < n; i += 1) {
    const x = (treated[i] ?? 0) - meanX;
    sxx += x * x;
    sxy += x * ((y[i] ?? 0) - meanY);
  }
  const effect = sxx > 0 ? sxy / sxx : Number.NaN;
  let residuals = 0;
  let byRow = 0;
  const byCluster = new Map<number | string, number>();
  for (let i = 0; i < n; i += 1) {
    const x = (treated[i] ?? 0) - meanX;
    const residual = (y[i] ?? 0) - meanY - effect * x;
    const influence = (x * residual) / sxx;
    residuals += residual * residual;
    byRow += influence * influence;
    const id = cluster[i] ?? "";
    byCluster.set(id, (byCluster.get(id) ?? 0) + influence);
  }
  let clustered = 0;
  for (const influence of byCluster.values()) clustered += influence * influence;
  const groups = byCluster.size;
  const known = (variance: number): number => (n > 2 ? Math.sqrt(variance) : Number.NaN);
  const cr0 = groups > 1 ? clustered : Number.NaN;
  return {
    effect,
    seNaive: known(residuals / (n - 2) / sxx),
    seHc1: known((byRow * n) / (n - 2)),
    seCr0: known(cr0),
    seCr1: known(((cr0 * groups) / (groups - 1)) * ((n - 1) / (n - 2))),
  };
}
