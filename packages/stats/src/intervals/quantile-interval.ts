import { checkAlpha, checkFinite } from "../check-arguments.ts";
import { binomialCdf, binomialQuantile } from "../distributions/binomial.ts";

export interface QuantileInterval {
  lo: number;
  hi: number;
  /** 1-based positions of the limits among the sorted values: 0 is −∞, n + 1 is +∞. */
  loIndex1: number;
  hiIndex1: number;
  /** Probability that the interval covers the quantile, for any continuous distribution; at least 1 − alpha. */
  coverage: number;
}

/**
 * Distribution-free interval of the q-quantile by order statistics (David & Nagaraja, Order Statistics, §7.1). A limit
 * beyond the sample is infinite: 20 values say nothing about an upper limit of the 99th percentile. The order of `x` is free.
 */
export function quantileInterval(x: readonly number[], q: number, alpha = 0.05): QuantileInterval {
  checkAlpha(alpha);
  if (!(q > 0 && q < 1)) throw new RangeError(`a quantile lies between 0 and 1; got ${q}`);
  checkFinite("quantileInterval's values", x);
  const n = x.length;
  const sorted = Float64Array.from(x).toSorted();
  const loIndex1 = n === 0 ? 0 : binomialQuantile(alpha / 2, n, q);
  const hiIndex1 = n === 0 ? 1 : binomialQuantile(1 - alpha / 2, n, q) + 1;
  return {
    lo: sorted[loIndex1 - 1] ?? -Infinity,
    hi: sorted[hiIndex1 - 1] ?? Infinity,
    loIndex1,
    hiIndex1,
    coverage: binomialCdf(hiIndex1 - 1, n, q) - binomialCdf(loIndex1 - 1, n, q),
  };
}
