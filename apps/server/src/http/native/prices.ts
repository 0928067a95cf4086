import { type ListedPrice, listPrices, listedKey, priceTableVersion, providerId } from "@telltale/ingest/pricing";
import { TelltaleError } from "@telltale/model";
import { type PriceOut, type PriceOverrideOut, PricesIn, PricesOut, PricesQuery, PricesSaved } from "@telltale/model/api";
import type { StoredPrice } from "@telltale/store";
import type { z } from "zod";
import { ratesOut } from "../../prices/rates-json.ts";
import type { TypedApp } from "../typed-routes.ts";
import type { NativeDeps } from "./deps.ts";
import { formatMs } from "./wire/timestamp.ts";

const TABLE_CURSOR = "table:";

export function priceRoutes(app: TypedApp, { prices }: Pick<NativeDeps, "prices">): void {
  const saved = (): PricesSaved => ({ table_version: priceTableVersion, overrides: prices.listed.map(toOverrideOut), revision: prices.revision });

  app.get(
    "/prices",
    {
      schema: {
        tags: ["cost"],
        summary: "Prices: the operator's own, then the built-in table with its history, searchable",
        querystring: PricesQuery,
        response: { 200: PricesOut },
      },
    },
    async (request) => ({ ...pageOfPrices(request.query, prices.listed), ...saved() }),
  );

  app.put(
    "/prices",
    {
      schema: {
        tags: ["cost"],
        summary: "Replace the operator's own prices; they hold for what arrives from now on (see POST /reprice for what is stored)",
        body: PricesIn,
        response: { 200: PricesSaved },
      },
    },
    async (request) => {
      await prices.replace(request.body.overrides, request.body.revision);
      return saved();
    },
  );
}

function pageOfPrices(
  { search, provider, source, limit, cursor }: z.infer<typeof PricesQuery>,
  overrides: readonly StoredPrice[],
): Pick<PricesOut, "data" | "next_cursor" | "total"> {
  if (cursor !== undefined && !cursor.startsWith(TABLE_CURSOR))
    throw new TelltaleError("cursor_invalid", "This cursor does not belong to this list; start again without one", { field: "cursor" });
  // A few at most, so all of them are on the first page.
  const own = cursor === undefined && source !== "table" ? overrides.filter((price) => isWanted(price, search, provider)).map(overrideAsPrice) : [];
  if (source === "override") return { data: own, next_cursor: null, total: 0 };
  const after = cursor?.slice(TABLE_CURSOR.length);
  const page = listPrices({ search, provider }, { after, limit });
  const last = page.data.at(-1);
  return {
    data: [...own, ...page.data.map(listedAsPrice)],
    next_cursor: page.hasMore && last !== undefined ? TABLE_CURSOR + listedKey(last) : null,
    total: page.total,
  };
}

function isWanted(price: StoredPrice, search: string | undefined, provider: string | undefined): boolean {
  if (provider !== undefined && provider !== "" && price.provider !== undefined && price.provider !== providerId(provider)) return false;
  const name = `${price.provider ?? "*"}/${price.model}`.toLowerCase();
  return (search ?? "").toLowerCase().split(/\s+/).every((word) => name.includes(word)); // prettier-ignore
}

function overrideAsPrice(price: StoredPrice): PriceOut {
  const steps = [{ above: -1, rates: price.rates }, ...price.longContext];
  return {
    source: "override",
    provider: price.provider ?? null,
    model: price.model,
    id: price.id,
    history: [{ from: price.from ?? null, rates: steps.map(rateRow) }],
  };
}

function listedAsPrice({ provider, model, history }: ListedPrice): PriceOut {
  return { source: "table", provider, model, id: null, history: history.map(({ from, rates }) => ({ from: from ?? null, rates: rates.map(rateRow) })) };
}

function rateRow({ tier = "", above, rates }: { tier?: string; above: number; rates: StoredPrice["rates"] }): PriceOut["history"][number]["rates"][number] {
  return { tier: tier === "" ? "standard" : tier, above_tokens: above < 0 ? null : above, usd_per_million: ratesOut(rates) };
}

function toOverrideOut(price: StoredPrice): PriceOverrideOut {
  return {
    id: price.id,
    provider: price.provider ?? null,
    model: price.model,
    from: price.from ?? null,
    usd_per_million: ratesOut(price.rates),
    long_context: price.longContext.map((step) => ({ above_tokens: step.above, usd_per_million: ratesOut(step.rates) })),
    note: price.note,
    created_at: formatMs(price.createdMs),
  };
}
