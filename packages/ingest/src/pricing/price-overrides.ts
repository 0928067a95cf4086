import { TelltaleError } from "@telltale/model";
import { providerId } from "./provider-ids.ts";
import { type ExactRates, type Rates, exactRates, parseRate } from "./rates.ts";

/** A price that a project sets itself; it wins over the built-in table, in every service tier. */
export interface PriceOverride {
  id: string;
  /** Regular expression over the whole model name, upper and lower case alike. */
  model: string;
  /** Only this provider; undefined = any. */
  provider?: string | undefined;
  /** First day it holds, `YYYY-MM-DD` in UTC; undefined = always. */
  from?: string | undefined;
  /** 0 is a price: a model on one's own machine. */
  rates: Rates;
}

interface Override {
  id: string;
  pattern: RegExp;
  provider: string | undefined;
  from: string;
  rates: Rates;
  exact: ExactRates;
}

const MAX_PATTERN = 300;
/** `(a+)+` and the like need exponential time on a name made for it. */
const NESTED_REPEAT = /\([^)]*[+*}][^)]*\)[+*{]/;
const MAX_REMEMBERED = 5_000;

/** The overrides of one project, read once and asked for every span. */
export class PriceOverrides {
  readonly #overrides: readonly Override[];
  /** Which overrides fit a name does not change, so it is looked up once per name. */
  readonly #fitting = new Map<string, readonly Override[]>();

  /** Throws `bad_request` for a pattern, date or rate that cannot be read. Of two that fit, the later start wins, then the later in the list. */
  constructor(overrides: readonly PriceOverride[]) {
    this.#overrides = overrides.map(readOverride).toReversed().toSorted((a, b) => (a.from < b.from ? 1 : a.from > b.from ? -1 : 0)); // prettier-ignore
  }

  find(provider: string, model: string, day: string): Override | undefined {
    if (this.#overrides.length === 0 || model === "") return undefined;
    const key = `${provider}\0${model}`;
    let fitting = this.#fitting.get(key);
    if (!fitting) {
      const id = providerId(provider);
      fitting = this.#overrides.filter((one) => (one.provider === undefined || one.provider === id) && one.pattern.test(model.slice(0, 300)));
      if (this.#fitting.size >= MAX_REMEMBERED) this.#fitting.clear();
      this.#fitting.set(key, fitting);
    }
    return fitting.find((one) => one.from <= day);
  }
}

function readOverride(override: PriceOverride): Override {
  const reject = (field: string, message: string, cause?: unknown) =>
    new TelltaleError("bad_request", `price override "${override.id}": ${message}`, { field, cause });
  if (override.model.length > MAX_PATTERN) throw reject("model", `the pattern is longer than ${MAX_PATTERN} characters`);
  if (override.from !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(override.from)) throw reject("from", `"${override.from}" is not a date as YYYY-MM-DD`);
  for (const [name, rate] of Object.entries(override.rates)) {
    if (rate !== undefined && parseRate(rate) === undefined)
      throw reject(`rates.${name}`, `"${rate}" is not an amount of USD per million tokens with up to six decimals`);
  }
  if (NESTED_REPEAT.test(override.model)) throw reject("model", `"${override.model}" repeats a group that repeats itself, which can take for ever`);
  let pattern: RegExp;
  try {
    pattern = new RegExp(`^(?:${override.model})$`, "iu");
  } catch (cause) {
    throw reject("model", `"${override.model}" is not a regular expression`, cause);
  }
  return {
    id: override.id,
    pattern,
    provider: override.provider === undefined ? undefined : providerId(override.provider),
    from: override.from ?? "",
    rates: override.rates,
    exact: exactRates(override.rates),
  };
}
