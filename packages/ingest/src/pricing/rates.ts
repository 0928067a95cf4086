/** What a token of each class costs, in USD per million tokens, as decimal text. A class without a rate falls back: see `costOf`. */
export interface Rates {
  input?: string;
  output?: string;
  cacheRead?: string;
  cacheWrite?: string;
  cacheWrite1h?: string;
  inputAudio?: string;
  outputAudio?: string;
  inputImage?: string;
  reasoning?: string;
}

export type RateClass = keyof Rates;

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
