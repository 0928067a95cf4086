import type { PriceOverrideIn, PriceOverrideOut } from "@telltale/model/api";

/** A price that is in force, as it is given again with others. */
export function asGiven({ provider, model, from, usd_per_million, long_context, note }: PriceOverrideOut): PriceOverrideIn {
  return { provider, model, from, usd_per_million, long_context, note };
}

/** `$2.5 in, $10 out, $0.25 cached`. */
export function ratesText(rates: Partial<Record<string, number>>): string {
  const named = [
    ["input", "in"],
    ["output", "out"],
    ["cached", "cached"],
  ] as const;
  const told = named.flatMap(([name, label]) => (rates[name] === undefined ? [] : [`$${rates[name]} ${label}`]));
  const others = Object.keys(rates).length - told.length;
  return [...told, ...(others > 0 ? [`${others} more`] : [])].join(", ");
}
