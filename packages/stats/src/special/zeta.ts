const TERMS = 20;
/** B₂ⱼ / (2j)! for the Euler–Maclaurin remainder. */
const BERNOULLI = [1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160] as const;

/** Riemann's ζ(s) for s > 1, by Euler–Maclaurin summation, to about 1e-15. */
export function zeta(s: number): number {
  if (!(s > 1)) throw new RangeError(`zeta needs s > 1; got ${s}`);
  let sum = 0;
  for (let n = 1; n < TERMS; n += 1) sum += n ** -s;
  sum += TERMS ** (1 - s) / (s - 1) + TERMS ** -s / 2;
  let rising = s;
  for (const [j, coefficient] of BERNOULLI.entries()) {
    sum += coefficient * rising * TERMS ** (-s - 2 * j - 1);
    rising *= (s + 2 * j + 1) * (s + 2 * j + 2);
  }
  return sum;
}
