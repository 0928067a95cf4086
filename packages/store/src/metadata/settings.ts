import { TelltaleError } from "@telltale/model";
import type { Kysely } from "kysely";
import { ask, askAgain } from "./ask.ts";
import type { Tables } from "./tables.ts";

const MAX_VALUE_BYTES = 1024 * 1024;

/** Small facts about the installation, by key, as JSON. Who reads one checks it with a schema. */
export class Settings {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async get(key: string): Promise<unknown> {
    const row = await askAgain(() => this.#db.selectFrom("settings").select("value").where("key", "=", key).executeTakeFirst());
    return row?.value;
  }

  async set(key: string, value: unknown): Promise<void> {
    const json = JSON.stringify(value);
    if (json === undefined || json.length > MAX_VALUE_BYTES)
      throw new TelltaleError("bad_request", `The setting ${key} is not JSON of at most ${MAX_VALUE_BYTES} bytes`);
    const row = { value: json, updated_ms: this.#now() };
    await ask(() =>
      this.#db
        .insertInto("settings")
        .values({ key, ...row })
        .onConflict((conflict) => conflict.column("key").doUpdateSet(row))
        .execute(),
    );
  }

  async delete(key: string): Promise<void> {
    await ask(() => this.#db.deleteFrom("settings").where("key", "=", key).execute());
  }
}
