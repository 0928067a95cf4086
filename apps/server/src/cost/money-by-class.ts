import { type RateClass, type RateStep, priceTableVersion, rateClasses, rateOf, ratesFor } from "@telltale/ingest/pricing";
import type { CostClass } from "@telltale/model/api";
import type { CallGroup } from "@telltale/store";
import { wireClass } from "../prices/rates-json.ts";

export interface MoneyByClass {
  classes: CostClass[];
  /** Money that no rates explain: reported by the application, or by prices that are not known any more. */
  notSplit: { nano: bigint; calls: number; reportedNano: bigint };
}

/** Steps of an own price by its id, replaced ones too. */
export type StepsOfOverride = (id: string) => readonly RateStep[] | undefined;

const PICO_PER_NANO = 1000n;
/** The cost of a span is rounded to a nano-dollar. */
const ROUNDING_PICO_PER_CALL = 500n;

/**
 * Tells the money of groups of calls by class of token, exactly: the rates that were applied are looked up by the version
 * stored with the cost, and are only believed when tokens × rates are what was stored, but for the rounding of each call.
 */
export function moneyByClass(groups: readonly CallGroup[], thresholds: readonly number[], overrides: StepsOfOverride): MoneyByClass {
  const tokens = new Map<RateClass, { all: bigint; unpriced: bigint; pico: bigint | undefined }>(
    rateClasses.map((name) => [name, { all: 0n, unpriced: 0n, pico: undefined }]),
  );
  const notSplit: MoneyByClass["notSplit"] = { nano: 0n, calls: 0, reportedNano: 0n };
  for (const group of groups) {
    const pico = group.costSource === "computed" ? picoByClass(group, thresholds, overrides) : undefined;
    for (const name of rateClasses) {
      const sum = tokens.get(name);
      if (!sum) continue;
      sum.all += group.classes[name];
      if (group.costNano === undefined) sum.unpriced += group.classes[name];
      if (pico && group.classes[name] > 0n) sum.pico = (sum.pico ?? 0n) + pico[name];
    }
    if (pico || group.costNano === undefined) continue;
    notSplit.nano += group.costNano;
    notSplit.calls += group.calls;
    if (group.costSource === "reported") notSplit.reportedNano += group.costNano;
  }
  const classes = Array.from(tokens, ([name, { all, unpriced, pico }]) => ({
    class: wireClass(name),
    tokens: Number(all),
    unpriced_tokens: Number(unpriced),
    cost_usd: pico === undefined ? null : Number(pico) / 1e12,
  }));
  return { classes: classes.filter((one) => one.tokens > 0), notSplit };
}

function picoByClass(group: CallGroup, thresholds: readonly number[], overrides: StepsOfOverride): Record<RateClass, bigint> | undefined {
  if (group.costNano === undefined) return undefined;
  const step = stepOf(group, thresholds, overrides);
  if (!step) return undefined;
  const pico = Object.fromEntries(rateClasses.map((name) => [name, group.classes[name] * BigInt(rateOf(step.exact, name))])) as Record<RateClass, bigint>; // one for each
  const sum = rateClasses.reduce((total, name) => total + pico[name], 0n);
  const difference = sum - group.costNano * PICO_PER_NANO;
  return (difference < 0n ? -difference : difference) <= BigInt(group.calls) * ROUNDING_PICO_PER_CALL ? pico : undefined;
}

function stepOf(group: CallGroup, thresholds: readonly number[], overrides: StepsOfOverride): RateStep | undefined {
  // Any input on the same side of every threshold has the same rates.
  const input = group.above === 0 ? 0 : (thresholds[group.above - 1] ?? 0) + 1;
  const own = /^override:([^@]+)/.exec(group.priceVersion)?.[1];
  if (own !== undefined) return overrides(own)?.find((step) => input > step.above);
  return ratesOfTable(group, input);
}

/** Of this version's table. A cost from an older one is believed to be of the same rates when it proves to be. */
export function ratesOfTable(
  group: Pick<CallGroup, "provider" | "requestModel" | "responseModel" | "serviceTier" | "day">,
  input: number,
): RateStep | undefined {
  const { provider, requestModel, responseModel, serviceTier, day } = group;
  const usage = { input, output: undefined, cacheRead: undefined, cacheWrite: undefined, cacheWrite1h: undefined, reasoning: undefined, inputAudio: undefined, outputAudio: undefined, inputImage: undefined }; // prettier-ignore
  const atNs = BigInt(Date.parse(`${day}T12:00:00Z`)) * 1_000_000n;
  const { step, priceVersion } = ratesFor({ provider, requestModel, responseModel, serviceTier, usage, atNs });
  return priceVersion === priceTableVersion ? step : undefined;
}
