/** Every class of token that may have a price of its own, input side first. */
export const rateClasses = ["input", "cacheRead", "cacheWrite", "cacheWrite1h", "inputAudio", "inputImage", "output", "reasoning", "outputAudio"] as const;
export type RateClass = (typeof rateClasses)[number];

/** What a token of each class costs, in USD per million tokens, as decimal text. A class without a rate falls back: see `rateOf`. */
export type Rates = Partial<Record<RateClass, string>>;

/** The same rates as integers of 1e-12 USD per token (USD per million tokens with six decimals), so that sums are exact. */
export type ExactRates = Partial<Record<RateClass, number>>;

/** Parses USD per million tokens, up to six decimals and 1,000,000 USD; undefined for anything else. */
export function parseRate(text: string): number | undefined {
  const match = /^(\d{1,7})(?:\.(\d{1,6}))?$/.exec(text);
  if (!match) return undefined;
  return Number(match[1]) * 1_000_000 + Number((match[2] ?? "").padEnd(6, "0"));
}

export function exactRates(rates: Rates): ExactRates {
  const exact: ExactRates = {};
  for (const name of Object.keys(rates) as RateClass[]) {
    const text = rates[name];
    const rate = text === undefined ? undefined : parseRate(text);
    if (rate !== undefined) exact[name] = rate;
  }
  return exact;
}

/** What a token of a class costs: its own rate, else that of the class it is part of: a one-hour write as a write, everything else as plain input or output. */
export function rateOf(rates: ExactRates, name: RateClass): number {
  const own = rates[name];
  if (own !== undefined) return own;
  if (name === "cacheWrite1h") return rates.cacheWrite ?? rates.input ?? 0;
  return (name === "reasoning" || name === "outputAudio" || name === "output" ? rates.output : rates.input) ?? 0;
}
