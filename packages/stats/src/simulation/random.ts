/** Random numbers from a seed, for simulations that come out the same every time (mulberry32). */
export interface Random {
  /** In [0, 1). */
  uniform(): number;
  normal(): number;
  /** 1 with probability p, else 0. */
  bernoulli(p: number): 0 | 1;
  /** Number of successes in n trials. */
  binomial(n: number, p: number): number;
}

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const bernoulli = (p: number): 0 | 1 => (uniform() < p ? 1 : 0);
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    bernoulli,
    binomial(n, p) {
      let successes = 0;
      for (let i = 0; i < n; i += 1) successes += bernoulli(p);
      return successes;
    },
  };
}
