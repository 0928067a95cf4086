import { type RateClass, type Rates, rateClasses } from "@telltale/ingest/pricing";
import type { PriceOverrideIn, RatesOut, TokenClass } from "@telltale/model/api";

const onTheWire: Record<RateClass, TokenClass> = {
  input: "input",
  cacheRead: "cached",
  cacheWrite: "cache_write",
  cacheWrite1h: "cache_write_1h",
  inputAudio: "audio_input",
  inputImage: "image_input",
  output: "output",
  reasoning: "reasoning",
  outputAudio: "audio_output",
};

export function wireClass(name: RateClass): TokenClass {
  return onTheWire[name];
}

/** As decimal text, classes in one order, so that the same rates are the same text. */
export function ratesIn(rates: PriceOverrideIn["usd_per_million"]): Rates {
  const read: Rates = {};
  for (const name of rateClasses) {
    const rate = rates[onTheWire[name]];
    if (rate !== undefined) read[name] = decimalText(rate);
  }
  return read;
}

export function ratesOut(rates: Rates): RatesOut {
  const written: RatesOut = {};
  for (const name of rateClasses) {
    const rate = rates[name];
    if (rate !== undefined) written[onTheWire[name]] = Number(rate);
  }
  return written;
}

/** Trailing zeros say nothing: `2.50` is `2.5`. What is no decimal number is left for the price to refuse. */
function decimalText(rate: number | string): string {
  const text = typeof rate === "number" ? String(rate) : rate.trim();
  if (!/^\d+(?:\.\d+)?$/.test(text)) return text;
  return text.replace(/^0+(?=\d)/, "").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""); // prettier-ignore
}
