import { binomialPmf } from "../distributions/binomial.ts";

/** Up to here the exact distribution is computed; beyond, Pelz and Good's series is as good. */
const EXACT_UP_TO = 140;
const SERIES_TERMS = 20;

/**
 * P(Dₙ ≥ d) of the two-sided one-sample Kolmogorov–Smirnov statistic for n values, after Simard & L'Ecuyer (2011), "Computing
 * the two-sided Kolmogorov–Smirnov distribution": Marsaglia–Tsang–Wang's matrices for small n, twice the one-sided
 * probability in the tail, Pelz and Good's series in the body. About 1e-8 relative or better.
 */
export function kolmogorovTail(d: number, n: number): number {
  if (!(n >= 1) || Number.isNaN(d)) return Number.NaN;
  if (d >= 1) return 0;
  if (n * d <= 0.5) return 1;
  const nd2 = n * d * d;
  if (nd2 >= 370) return 0;
  const fromTail = n <= EXACT_UP_TO ? nd2 > 4 : nd2 >= 2.2;
  if (d >= 0.5 || fromTail) return Math.min(1, 2 * oneSidedTail(d, n));
  return Math.min(1, Math.max(0, 1 - (n <= EXACT_UP_TO ? byMatrix(d, n) : byPelzGood(d, n))));
}

/** P(Dₙ⁺ ≥ d) = d Σⱼ C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j), j ≤ n(1 − d): a sum of binomial probabilities. */
function oneSidedTail(d: number, n: number): number {
  let sum = 0;
  for (let j = 0; j <= n * (1 - d); j += 1) {
    const x = d + j / n;
    sum += binomialPmf(j, n, Math.min(1, x)) / x;
  }
  return d * sum;
}

/** P(Dₙ < d) as n! / nⁿ times an entry of Hⁿ (Marsaglia, Tsang, Wang 2003); powers by squaring, scaled against overflow. */
function byMatrix(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const m = 2 * k - 1;
  const h = k - n * d;
  const H = Array.from({ length: m }, (_, i) => Float64Array.from({ length: m }, (_, j) => (i - j + 1 < 0 ? 0 : 1)));
  const set = (i: number, j: number, change: number): void => {
    const row = H[i];
    if (row !== undefined) row[j] = (row[j] ?? 0) + change;
  };
  for (let i = 0; i < m; i += 1) {
    set(i, 0, -(h ** (i + 1)));
    set(m - 1, i, -(h ** (m - i)));
  }
  set(m - 1, 0, 2 * h - 1 > 0 ? (2 * h - 1) ** m : 0);
  for (let i = 0; i < m; i += 1) {
    for (let j = 0; j < m; j += 1) {
      for (let g = 1; g <= i - j + 1; g += 1) {
        const row = H[i];
        if (row !== undefined) row[j] = (row[j] ?? 0) / g;
      }
    }
  }
  const { matrix, exponent } = power(H, n);
  let value = matrix[k - 1]?.[k - 1] ?? 0;
  let scale = exponent;
  for (let i = 1; i <= n; i += 1) {
    value *= i / n;
    if (value < 1e-140) {
      value *= 1e140;
      scale -= 140;
    }
  }
  return value * 10 ** scale;
}

interface Scaled {
  matrix: Float64Array[];
  /** The matrix stands for itself times 10 to this power. */
  exponent: number;
}

function power(base: Float64Array[], n: number): Scaled {
  if (n === 1) return { matrix: base, exponent: 0 };
  const half = power(base, Math.floor(n / 2));
  let matrix = multiply(half.matrix, half.matrix);
  if (n % 2 === 1) matrix = multiply(matrix, base);
  let exponent = 2 * half.exponent;
  const middle = matrix[Math.floor(base.length / 2)]?.[Math.floor(base.length / 2)] ?? 0;
  if (middle > 1e140) {
    for (const row of matrix) for (let j = 0; j < row.length; j += 1) row[j] = (row[j] ?? 0) * 1e-140;
    exponent += 140;
  }
  return { matrix, exponent };
}

function multiply(a: readonly Float64Array[], b: readonly Float64Array[]): Float64Array[] {
  return a.map((row) => {
    const product = new Float64Array(row.length);
    for (let g = 0; g < row.length; g += 1) {
      const factor = row[g] ?? 0;
      const other = b[g];
      if (factor === 0 || other === undefined) continue;
      for (let j = 0; j < product.length; j += 1) product[j] = (product[j] ?? 0) + factor * (other[j] ?? 0);
    }
    return product;
  });
}

/** P(Dₙ ≤ d) by Pelz and Good (1976): Kolmogorov's limit and three correction terms in 1/√n. */
function byPelzGood(d: number, n: number): number {
  const z = Math.sqrt(n) * d;
  const [z2, z4, z6] = [z ** 2, z ** 4, z ** 6];
  const pi2 = Math.PI ** 2;
  const root = Math.sqrt(Math.PI / 2);
  let [k0, k1, k2, k3] = [0, 0, 0, 0];
  for (let k = SERIES_TERMS; k >= 0; k -= 1) {
    const m2 = (k + 0.5) ** 2;
    const e = Math.exp((-m2 * pi2) / (2 * z2));
    k0 += e;
    k1 += (pi2 * m2 - z2) * e;
    k2 += (6 * z6 + 2 * z4 + pi2 * (2 * z4 - 5 * z2) * m2 + pi2 ** 2 * (1 - 2 * z2) * m2 ** 2) * e;
    k3 += (-30 * z6 - 90 * z ** 8 + pi2 * (135 * z4 - 96 * z6) * m2 + pi2 ** 2 * (212 * z4 - 60 * z2) * m2 ** 2 + pi2 ** 3 * (5 - 30 * z2) * m2 ** 3) * e;
  }
  let [c2, c3] = [0, 0];
  for (let k = SERIES_TERMS; k >= 1; k -= 1) {
    const k2pi2 = k * k * pi2;
    const e = Math.exp(-k2pi2 / (2 * z2));
    c2 += k2pi2 * e;
    c3 += (3 * z2 * k2pi2 - k2pi2 ** 2) * e;
  }
  const first = (k0 * 2 * root) / z;
  const second = (k1 * root) / (3 * z4);
  const third = (k2 * root) / (36 * z ** 7) - (c2 * root) / (18 * z ** 3);
  const fourth = (k3 * root) / (3240 * z ** 10) + (c3 * root) / (108 * z6);
  return first + second / Math.sqrt(n) + third / n + fourth / n ** 1.5;
}
