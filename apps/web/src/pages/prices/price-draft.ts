import type { PriceOut, PriceOverrideIn, PriceOverrideOut, TokenClass } from "@telltale/model/api";
import { tokenClasses } from "./token-class-list.ts";

/** A price as it is typed. */
export interface PriceDraft {
  provider: string;
  model: string;
  from: string;
  rates: Record<TokenClass, string>;
  /** Amount of input above which the second column of rates holds; empty = none. */
  above: string;
  longRates: Record<TokenClass, string>;
  note: string;
}

const noRates = (): Record<TokenClass, string> => Object.fromEntries(tokenClasses.map((name) => [name, ""])) as Record<TokenClass, string>; // one for each

export function newDraft(model = "", provider = ""): PriceDraft {
  return { provider, model, from: "", rates: noRates(), above: "", longRates: noRates(), note: "" };
}

/** A price of one's own, to be changed. Only its first threshold can be edited here; others are kept by `overrideOf`. */
export function draftOf(price: PriceOverrideOut): PriceDraft {
  const [long] = price.long_context;
  return {
    provider: price.provider ?? "",
    model: price.model,
    from: price.from ?? "",
    rates: typed(price.usd_per_million),
    above: long === undefined ? "" : String(long.above_tokens),
    longRates: typed(long?.usd_per_million ?? {}),
    note: price.note,
  };
}

/** The rates that a model of the table has now, as a start for a price of one's own. */
export function copyRates(draft: PriceDraft, price: PriceOut): PriceDraft {
  const rows = price.history[0]?.rates.filter(({ tier }) => tier === "standard") ?? [];
  const base = rows.find((row) => row.above_tokens === null);
  const long = rows.find((row) => row.above_tokens !== null);
  return {
    ...draft,
    rates: typed(base?.usd_per_million ?? {}),
    above: long?.above_tokens === undefined || long.above_tokens === null ? "" : String(long.above_tokens),
    longRates: typed(long?.usd_per_million ?? {}),
  };
}

function typed(rates: Partial<Record<TokenClass, number>>): Record<TokenClass, string> {
  return Object.fromEntries(tokenClasses.map((name) => [name, rates[name] === undefined ? "" : plain(rates[name])])) as Record<TokenClass, string>; // one for each
}

/** Without an exponent: 0.00001 and not 1e-5. */
function plain(rate: number): string {
  return rate.toFixed(6).replace(/\.?0+$/, "");
}

/** What is sent, or what is wrong with it in a sentence. */
export function overrideOf(draft: PriceDraft, before?: PriceOverrideOut): { price: PriceOverrideIn } | { problem: string } {
  if (draft.model.trim() === "") return { problem: "Name the model." };
  const rates = given(draft.rates);
  if (Object.keys(rates).length === 0) return { problem: "Give at least one rate; 0 is how a free model is written." };
  const wrong = [...Object.values(rates), ...Object.values(given(draft.longRates))].find((rate) => !/^\d{1,7}(?:\.\d{1,6})?$/.test(rate));
  if (wrong !== undefined) return { problem: `"${wrong}" is not an amount of USD per million tokens with up to six decimals.` };
  const above = Number(draft.above);
  if (draft.above !== "" && !(Number.isInteger(above) && above > 0)) return { problem: "The threshold is a whole number of tokens." };
  const kept = before?.long_context.slice(1) ?? [];
  const long = draft.above === "" ? [] : [{ above_tokens: above, usd_per_million: given(draft.longRates) }];
  return {
    price: {
      model: draft.model.trim(),
      provider: draft.provider.trim() === "" ? null : draft.provider.trim(),
      from: draft.from === "" ? null : draft.from,
      usd_per_million: rates,
      long_context: [...long, ...kept],
      note: draft.note.trim(),
    },
  };
}

function given(rates: Record<TokenClass, string>): Partial<Record<TokenClass, string>> {
  return Object.fromEntries(Object.entries(rates).flatMap(([name, rate]) => (rate.trim() === "" ? [] : [[name, rate.trim()]])));
}
