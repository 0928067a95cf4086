import { createHash } from "node:crypto";
import { type PriceOverride, PriceOverrides, providerId } from "@telltale/ingest/pricing";
import { TelltaleError } from "@telltale/model";
import type { PriceOverrideIn } from "@telltale/model/api";
import type { Prices, StoredPrice } from "@telltale/store";
import { ratesIn } from "./rates-json.ts";

type PriceStore = Pick<Prices, "list" | "find" | "replace" | "thresholds">;

/**
 * The operator's own prices: kept in the metadata database, held ready for every span that arrives. A change holds for
 * what arrives from then on; what is stored keeps its price until it is repriced.
 */
export class PriceBook {
  readonly #store: PriceStore;
  #thresholds: readonly number[] = [];
  #listed: readonly StoredPrice[] = [];
  #overrides = new PriceOverrides([]);

  constructor(store: PriceStore) {
    this.#store = store;
  }

  static async open(store: PriceStore): Promise<PriceBook> {
    const book = new PriceBook(store);
    await book.load();
    return book;
  }

  async load(): Promise<void> {
    this.#thresholds = await this.#store.thresholds();
    this.#hold(await this.#store.list());
  }

  /** For pricing. */
  get overrides(): PriceOverrides {
    return this.#overrides;
  }

  /** For showing, in their order. */
  get listed(): readonly StoredPrice[] {
    return this.#listed;
  }

  /** Amounts of input above which one of them, or one that they replaced, costs more. */
  get thresholds(): readonly number[] {
    return this.#thresholds;
  }

  get revision(): string {
    return revisionOf(this.#listed.map((price) => price.id));
  }

  /** Prices by id, replaced ones too: what `override:<id>` on a span meant. */
  find(ids: readonly string[]): Promise<StoredPrice[]> {
    return this.#store.find(ids);
  }

  /** Throws `bad_request` for a price that cannot be, `version_conflict` when `revision` is no longer the current one. */
  async replace(prices: readonly PriceOverrideIn[], revision: string | undefined): Promise<void> {
    const wanted = prices.map(toStored);
    new PriceOverrides(wanted.map(toOverride)); // throws for what cannot be read
    refuseTwins(wanted);
    if (revision !== undefined && revision !== this.revision)
      throw new TelltaleError("version_conflict", "The prices were changed by somebody else meanwhile; read them again, then change them");
    this.#hold(await this.#store.replace(wanted, revision === undefined ? undefined : this.#listed.map((price) => price.id)));
  }

  #hold(prices: readonly StoredPrice[]): void {
    this.#overrides = new PriceOverrides(prices.map(toOverride));
    this.#listed = prices;
    this.#thresholds = [...new Set([...this.#thresholds, ...prices.flatMap((price) => price.longContext.map((step) => step.above))])];
  }
}

export function toOverride(price: Omit<StoredPrice, "createdMs">): PriceOverride {
  return { id: price.id, model: price.model, provider: price.provider, from: price.from, rates: price.rates, longContext: price.longContext };
}

function toStored(price: PriceOverrideIn): Omit<StoredPrice, "createdMs"> {
  const provider = price.provider?.trim() ?? "";
  const content = {
    provider: provider === "" ? undefined : providerId(provider),
    model: price.model.trim(),
    from: price.from ?? undefined,
    rates: ratesIn(price.usd_per_million),
    longContext: (price.long_context ?? []).map((step) => ({ above: step.above_tokens, rates: ratesIn(step.usd_per_million) })).toSorted((a, b) => a.above - b.above), // prettier-ignore
  };
  const id = createHash("sha256").update(JSON.stringify(content)).digest("hex").slice(0, 12);
  return { id, ...content, note: price.note?.trim() ?? "" };
}

/** Two prices of one name from one day on would leave it to their order which one holds. */
function refuseTwins(prices: readonly Omit<StoredPrice, "createdMs">[]): void {
  const seen = new Set<string>();
  for (const { provider, model, from } of prices) {
    const key = JSON.stringify([provider, model.toLowerCase(), from]);
    if (seen.has(key)) {
      const since = from === undefined ? "without a first day" : `from ${from} on`;
      throw new TelltaleError("bad_request", `There are two prices of "${model}"${provider === undefined ? "" : ` at ${provider}`} ${since}; keep one`, {
        field: "overrides",
      });
    }
    seen.add(key);
  }
}

function revisionOf(ids: readonly string[]): string {
  return createHash("sha256").update(ids.join()).digest("hex").slice(0, 12);
}
