import type { Usage } from "@telltale/model";
import { costOf, hasNoTokens } from "./cost-of.ts";
import { type FoundPrice, findPrice } from "./find-price.ts";
import type { PriceOverrides } from "./price-overrides.ts";
import { priceTableVersion } from "./price-table.ts";
import type { Rates } from "./rates.ts";
import { type RateStep, stepOf } from "./read-price-table.ts";

export interface PriceQuestion {
  provider: string;
  requestModel: string;
  responseModel: string;
  usage: Usage;
  /** As the provider reported it; `""` = standard. */
  serviceTier: string;
  /** When the call was made: prices have a history. */
  atNs: bigint;
  overrides?: PriceOverrides | undefined;
}

export interface Price {
  /** USD; undefined = not known (`unknown`) or nothing to pay for (`none`). Never 0 for want of a price. */
  usd: number | undefined;
  source: "computed" | "unknown" | "none";
  /** Which table or override was asked; kept with the cost, so that a later table does not change history. */
  priceVersion: string;
  /** USD per million tokens as they were applied. */
  rates?: Rates;
}

/** What a model call costs: the operator's own price if there is one, else the built-in table's of that day and tier. */
export function priceOf(question: PriceQuestion): Price {
  const { usage } = question;
  if (hasNoTokens(usage)) return { usd: undefined, source: "none", priceVersion: "" };
  const { step, priceVersion } = ratesFor(question);
  if (!step) return { usd: undefined, source: "unknown", priceVersion };
  return priced(costOf(usage, step.exact), priceVersion, step.rates);
}

export interface AppliedRates {
  /** Undefined: no price is known. */
  step: RateStep | undefined;
  priceVersion: string;
  /** The built-in table's name of what was found; undefined for an override. */
  found: { provider: string; model: string } | undefined;
}

/** The rates that apply to a call, and where they are from. Of the usage only the input counts: it may be above a threshold. */
export function ratesFor({ provider, responseModel, requestModel, usage, serviceTier, atNs, overrides }: PriceQuestion): AppliedRates {
  const day = dayOf(atNs);
  const input = usage.input ?? 0;
  const own = overrides?.find(provider, responseModel, day) ?? overrides?.find(provider, requestModel, day);
  if (own) {
    const priceVersion = `override:${own.id}${own.from ? `@${own.from}` : ""}`;
    return { step: own.steps.find((step) => input > step.above), priceVersion, found: undefined };
  }
  const found = remembered(provider, responseModel, requestModel);
  return { step: found && stepOf(found.history, day, tierOf(serviceTier), input), priceVersion: priceTableVersion, found };
}

function priced(usd: number | undefined, priceVersion: string, rates: Rates): Price {
  return usd === undefined ? { usd, source: "unknown", priceVersion } : { usd, source: "computed", priceVersion, rates };
}

const MAX_REMEMBERED = 5_000;
const found = new Map<string, FoundPrice | undefined>();

function remembered(provider: string, responseModel: string, requestModel: string): FoundPrice | undefined {
  const key = `${provider}\0${responseModel}\0${requestModel}`;
  const known = found.get(key);
  if (known !== undefined || found.has(key)) return known;
  const price = findPrice(provider, responseModel, requestModel);
  if (found.size >= MAX_REMEMBERED) found.clear(); // names come from outside
  found.set(key, price);
  return price;
}

const NS_PER_DAY = 86_400_000_000_000n;
let lastDayNumber = -1;
let lastDay = "";

/** UTC day as `YYYY-MM-DD`. Spans come in order of time, so the last answer is nearly always the next. */
function dayOf(atNs: bigint): string {
  const dayNumber = Number(atNs / NS_PER_DAY);
  if (dayNumber !== lastDayNumber) {
    lastDay = new Date(Math.max(0, Math.min(dayNumber, 2_932_896)) * 86_400_000).toISOString().slice(0, 10); // 1970 to 9999
    lastDayNumber = dayNumber;
  }
  return lastDay;
}

/** Names that stand for no tier of their own: OpenAI's `default`, `auto` and `scale`, Groq's `on_demand`. */
function tierOf(written: string): string {
  if (written === "") return "";
  const tier = written.toLowerCase();
  if (tier === "batches") return "batch";
  return tier === "standard" || tier === "default" ? "" : tier;
}
