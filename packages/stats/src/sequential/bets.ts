/** The mean and variance believed before the first value, as strong as one value. */
const PRIOR_MEAN = 0.5;
const PRIOR_VARIANCE = 0.25;

/**
 * Bets of the empirical Bernstein mixture, λₜ = √(2 ln(1/α) / (t ln(1 + t) σ̂²ₜ₋₁)): every one from the values before it only
 * (Waudby-Smith & Ramdas 2023, eq. 15).
 */
export function bernsteinBets(x: readonly number[], alpha: number): number[] {
  const values: number[] = [];
  let [total, squares, spread] = [PRIOR_MEAN, PRIOR_VARIANCE, PRIOR_VARIANCE];
  for (const [i, value] of x.entries()) {
    const t = i + 1;
    values.push(Math.sqrt((2 * Math.log(1 / alpha)) / (t * Math.log1p(t) * spread)));
    total += value;
    const centre = Math.min(1, total / (t + 1));
    squares += (value - centre) ** 2;
    spread = squares / (t + 1);
  }
  return values;
}
