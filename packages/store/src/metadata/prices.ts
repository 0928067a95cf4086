import { TelltaleError } from "@telltale/model";
import type { Kysely, Selectable } from "kysely";
import { ask, askAgain } from "./ask.ts";
import type { PriceOverridesTable, Tables } from "./tables.ts";

/** A price that the operator set. `rates` and `longContext` are what the pricing code reads; the store only keeps them. */
export interface StoredPrice {
  /** Names the content: the same price has the same id, another price another one. */
  id: string;
  provider: string | undefined;
  model: string;
  from: string | undefined;
  rates: Readonly<Record<string, string>>;
  longContext: readonly { above: number; rates: Readonly<Record<string, string>> }[];
  note: string;
  createdMs: number;
}

/** The operator's own prices, those in force in their order; replaced ones stay readable by id. */
export class Prices {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async list(): Promise<StoredPrice[]> {
    const rows = await askAgain(() => this.#db.selectFrom("price_overrides").selectAll().where("retired_ms", "is", null).orderBy("place").execute());
    return rows.map(toPrice);
  }

  /** In force or retired. */
  async find(ids: readonly string[]): Promise<StoredPrice[]> {
    if (ids.length === 0) return [];
    return (await askAgain(() => this.#db.selectFrom("price_overrides").selectAll().where("id", "in", ids).execute())).map(toPrice);
  }

  /** Amounts of input above which some price, in force or retired, is another one. */
  async thresholds(): Promise<number[]> {
    const rows = await askAgain(() => this.#db.selectFrom("price_overrides").select("long_context").where("long_context", "<>", "[]").execute());
    return [...new Set(rows.flatMap((row) => (row.long_context as StoredPrice["longContext"]).map((step) => step.above)))]; // written by us, below
  }

  /** Makes these the prices in force. Throws `version_conflict` when the ids in force are no longer `expected`. */
  async replace(prices: readonly Omit<StoredPrice, "createdMs">[], expected: readonly string[] | undefined): Promise<StoredPrice[]> {
    await ask(() =>
      this.#db.transaction().execute(async (db) => {
        // Locks what is in force: of two that replace at once the second sees what the first did.
        const inForce = await db.selectFrom("price_overrides").select("id").where("retired_ms", "is", null).orderBy("place").forUpdate().execute();
        if (expected !== undefined && JSON.stringify(inForce.map((row) => row.id)) !== JSON.stringify(expected))
          throw new TelltaleError("version_conflict", "The prices were changed by somebody else meanwhile; read them again, then change them");
        const now = this.#now();
        await db.updateTable("price_overrides").set({ retired_ms: now }).where("retired_ms", "is", null).execute();
        for (const [place, price] of prices.entries()) {
          const shown = { note: price.note, place, retired_ms: null };
          const row = {
            id: price.id,
            provider: price.provider ?? null,
            model: price.model,
            valid_from: price.from ?? null,
            rates: JSON.stringify(price.rates),
            long_context: JSON.stringify(price.longContext),
            created_ms: now,
            ...shown,
          };
          await db
            .insertInto("price_overrides")
            .values(row)
            .onConflict((conflict) => conflict.column("id").doUpdateSet(shown))
            .execute();
        }
      }),
    );
    return this.list();
  }
}

function toPrice(row: Selectable<PriceOverridesTable>): StoredPrice {
  return {
    id: row.id,
    provider: row.provider ?? undefined,
    model: row.model,
    from: row.valid_from ?? undefined,
    rates: row.rates as StoredPrice["rates"], // written by us, above
    longContext: row.long_context as StoredPrice["longContext"],
    note: row.note,
    createdMs: row.created_ms,
  };
}
