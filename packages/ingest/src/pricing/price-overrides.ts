import { TelltaleError } from "@telltale/model";
import { matchesPattern } from "./price-pattern.ts";
import { providerId } from "./provider-ids.ts";
import { type Rates, exactRates, parseRate } from "./rates.ts";
import type { RateStep } from "./read-price-table.ts";

/** A price that the operator sets; it wins over the built-in table, in every service tier. */
export interface PriceOverride {
  id: string;
  /** The whole name of the model, upper and lower case alike; `*` stands for any letters. */
  model: string;
  /** Only this provider; undefined = any. */
  provider?: string | undefined;
  /** First day it holds, `YYYY-MM-DD` in UTC; undefined = always. */
  from?: string | undefined;
  /** 0 is a price: a model on one's own machine. */
  rates: Rates;
  /** Rates for the whole request when its input is above so many tokens; what they do not state is as in `rates`. */
  longContext?: readonly { above: number; rates: Rates }[] | undefined;
}

export interface FittingOverride {
  id: string;
  model: string;
  provider: string | undefined;
  from: string;
  /** Highest threshold first; the last is above -1. */
  steps: readonly RateStep[];
}

const MAX_NAME = 300;
const MAX_STEPS = 5;
const MAX_REMEMBERED = 5_000;

/** The operator's prices, read once and asked for every span. */
export class PriceOverrides {
  readonly #overrides: readonly FittingOverride[];
  /** Which overrides fit a name does not change, so it is looked up once per name. */
  readonly #fitting = new Map<string, readonly FittingOverride[]>();

  /** Throws `bad_request` for a name, date or rate that cannot be read. Of two that fit, the later start wins, then the later in the list. */
  constructor(overrides: readonly PriceOverride[]) {
    this.#overrides = overrides.map(readOverride).toReversed().toSorted((a, b) => (a.from < b.from ? 1 : a.from > b.from ? -1 : 0)); // prettier-ignore
  }

  find(provider: string, model: string, day: string): FittingOverride | undefined {
    if (this.#overrides.length === 0 || model === "") return undefined;
    const key = `${provider}\0${model}`;
    let fitting = this.#fitting.get(key);
    if (!fitting) {
      const id = providerId(provider);
      const name = model.slice(0, MAX_NAME);
      fitting = this.#overrides.filter((one) => (one.provider === undefined || one.provider === id) && matchesPattern(one.model, name));
      if (this.#fitting.size >= MAX_REMEMBERED) this.#fitting.clear();
      this.#fitting.set(key, fitting);
    }
    return fitting.find((one) => one.from <= day);
  }
}

function readOverride(override: PriceOverride): FittingOverride {
  const reject = (field: string, message: string): TelltaleError =>
    new TelltaleError("bad_request", `The price of "${override.model.slice(0, 100)}": ${message}`, { field });
  if (override.model.trim() === "") throw reject("model", "the name of the model is missing");
  if (override.model.length > MAX_NAME) throw reject("model", `the name is longer than ${MAX_NAME} characters`);
  if (override.from !== undefined && !isDay(override.from)) throw reject("from", `"${override.from}" is not a date as YYYY-MM-DD`);
  checkRates(override.rates, "rates", reject);
  if (Object.values(override.rates).every((rate) => rate === undefined)) throw reject("rates", "no rate is given; 0 is how a free model is written");
  const longContext = override.longContext ?? [];
  if (longContext.length > MAX_STEPS) throw reject("long_context", `there are more than ${MAX_STEPS} thresholds`);
  for (const { above, rates } of longContext) {
    if (!Number.isSafeInteger(above) || above < 1) throw reject("long_context", `a threshold is a whole number of tokens above 0, not ${above}`);
    checkRates(rates, "long_context", reject);
  }
  if (new Set(longContext.map((step) => step.above)).size < longContext.length) throw reject("long_context", "two thresholds are the same");
  return {
    id: override.id,
    model: override.model.trim(),
    provider: override.provider === undefined || override.provider.trim() === "" ? undefined : providerId(override.provider),
    from: override.from ?? "",
    steps: stepsOf(override.rates, longContext),
  };
}

function stepsOf(base: Rates, longContext: readonly { above: number; rates: Rates }[]): RateStep[] {
  const steps: RateStep[] = [{ above: -1, rates: base, exact: exactRates(base) }];
  let rates = base;
  for (const step of longContext.toSorted((a, b) => a.above - b.above)) {
    rates = { ...rates, ...step.rates };
    steps.unshift({ above: step.above, rates, exact: exactRates(rates) });
  }
  return steps;
}

function checkRates(rates: Rates, field: string, reject: (field: string, message: string) => TelltaleError): void {
  for (const [name, rate] of Object.entries(rates)) {
    if (rate !== undefined && parseRate(rate) === undefined)
      throw reject(`${field}.${name}`, `"${rate}" is not an amount of USD per million tokens with up to six decimals`);
  }
}

/** A day of the calendar: 2026-02-30 is none. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
