import type { Usage } from "@telltale/model";
import { type ExactRates, type RateClass, rateOf } from "./rates.ts";

const PICO_PER_USD = 1_000_000_000_000;

/** Tokens of one call by what they are billed as: every token is in one class. */
export type TokenSplit = Record<RateClass, number>;

/**
 * Costs the tokens that were reported, in USD; undefined when tokens were used that the rates say nothing about.
 * Input includes cache and audio, output includes reasoning and audio, and a one-hour write is part of the cache writes
 * when both are reported. A class without a rate of its own is billed as the class it is part of: see `rateOf`.
 */
export function costOf(usage: Usage, rates: ExactRates): number | undefined {
  if ((count(usage.input) > 0 && rates.input === undefined) || (count(usage.output) > 0 && rates.output === undefined)) return undefined;
  const split = splitTokens(usage);
  return toUsd([
    split.input, rateOf(rates, "input"),
    split.cacheRead, rateOf(rates, "cacheRead"),
    split.cacheWrite, rateOf(rates, "cacheWrite"),
    split.cacheWrite1h, rateOf(rates, "cacheWrite1h"),
    split.inputAudio, rateOf(rates, "inputAudio"),
    split.inputImage, rateOf(rates, "inputImage"),
    split.output, rateOf(rates, "output"),
    split.reasoning, rateOf(rates, "reasoning"),
    split.outputAudio, rateOf(rates, "outputAudio"),
  ]); // prettier-ignore
}

export function splitTokens(usage: Usage): TokenSplit {
  const inputTokens = count(usage.input);
  const outputTokens = count(usage.output);
  const cacheRead = count(usage.cacheRead);
  const cacheWrite1h = count(usage.cacheWrite1h);
  const writes = count(usage.cacheWrite);
  const cacheWrite = writes >= cacheWrite1h ? writes - cacheWrite1h : writes;
  // Cached tokens are taken off first: audio that came from the cache is reported in both counts.
  let input = rest(inputTokens, cacheRead + cacheWrite + cacheWrite1h);
  const inputAudio = Math.min(count(usage.inputAudio), input);
  input -= inputAudio;
  const inputImage = Math.min(count(usage.inputImage), input);
  input -= inputImage;
  const reasoning = Math.min(count(usage.reasoning), outputTokens);
  const outputAudio = Math.min(count(usage.outputAudio), outputTokens - reasoning);
  const output = outputTokens - reasoning - outputAudio;
  return { input, cacheRead, cacheWrite, cacheWrite1h, inputAudio, inputImage, output, reasoning, outputAudio };
}

/** True when nothing was counted, so that there is nothing to price. */
export function hasNoTokens(usage: Usage): boolean {
  return count(usage.input) + count(usage.output) + count(usage.cacheRead) + count(usage.cacheWrite) + count(usage.cacheWrite1h) === 0;
}

/** Sum of tokens × rate pairs: integers all the way, one rounding at the division. */
export function toUsd(pairs: readonly number[]): number {
  let pico = 0;
  for (let index = 0; index < pairs.length; index += 2) pico += (pairs[index] ?? 0) * (pairs[index + 1] ?? 0);
  if (Number.isSafeInteger(pico)) return pico / PICO_PER_USD;
  let exact = 0n; // above 9,007 USD
  for (let index = 0; index < pairs.length; index += 2) exact += BigInt(pairs[index] ?? 0) * BigInt(pairs[index + 1] ?? 0);
  return Number(exact) / PICO_PER_USD;
}

function count(tokens: number | undefined): number {
  return tokens !== undefined && Number.isSafeInteger(tokens) && tokens > 0 ? tokens : 0;
}

function rest(total: number, parts: number): number {
  return total > parts ? total - parts : 0;
}
