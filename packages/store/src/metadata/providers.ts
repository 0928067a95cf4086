import { randomUUID } from "node:crypto";
import { TelltaleError } from "@telltale/model";
import type { Kysely } from "kysely";
import { ask, askAgain, isDuplicate } from "./ask.ts";
import type { Tables } from "./tables.ts";

/** Where models answer: an endpoint with its key, sealed. */
export interface StoredProvider {
  id: string;
  name: string;
  kind: string;
  baseUrl: string | undefined;
  /** As the secret box sealed it; `undefined` = no key. */
  sealedKey: string | undefined;
  /** What is shown of the key. */
  maskedKey: string | undefined;
  /** Asked when a scorer names only the provider (`gateway:/NAME`) or no model at all. */
  defaultModel: string | undefined;
  /** It may have an address inside a private network. */
  allowPrivate: boolean;
  /** Judges that name no model ask this one. At most one. */
  isDefault: boolean;
  createdMs: number;
  updatedMs: number;
}

export type ProviderFields = Omit<StoredProvider, "id" | "createdMs" | "updatedMs">;

const MAX_PROVIDERS = 200;

/** Providers of the installation, in PostgreSQL. Names are unique. */
export class Providers {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** By name. */
  async list(): Promise<StoredProvider[]> {
    const rows = await askAgain(() => this.#db.selectFrom("providers").selectAll().orderBy("name").execute());
    return rows.map((row) => ({
      id: row.id,
      name: row.name,
      kind: row.kind,
      baseUrl: row.base_url ?? undefined,
      sealedKey: row.sealed_key ?? undefined,
      maskedKey: row.masked_key ?? undefined,
      defaultModel: row.default_model ?? undefined,
      allowPrivate: row.allow_private,
      isDefault: row.is_default,
      createdMs: row.created_ms,
      updatedMs: row.updated_ms,
    }));
  }

  async find(id: string): Promise<StoredProvider | undefined> {
    return (await this.list()).find((provider) => provider.id === id);
  }

  async create(fields: ProviderFields): Promise<StoredProvider> {
    if ((await this.list()).length >= MAX_PROVIDERS) throw new TelltaleError("bad_request", `There can be ${MAX_PROVIDERS} providers; delete one first`);
    const id = randomUUID();
    const now = this.#now();
    return this.#written(fields, () =>
      this.#db.transaction().execute(async (db) => {
        if (fields.isDefault) await db.updateTable("providers").set({ is_default: false }).execute();
        await db
          .insertInto("providers")
          .values({ id, ...rowOf(fields), created_ms: now, updated_ms: now })
          .execute();
        return id;
      }),
    );
  }

  async update(id: string, fields: ProviderFields): Promise<StoredProvider> {
    return this.#written(fields, () =>
      this.#db.transaction().execute(async (db) => {
        if (fields.isDefault) await db.updateTable("providers").set({ is_default: false }).execute();
        await db
          .updateTable("providers")
          .set({ ...rowOf(fields), updated_ms: this.#now() })
          .where("id", "=", id)
          .execute();
        return id;
      }),
    );
  }

  /** False when there was none. */
  async remove(id: string): Promise<boolean> {
    return (await ask(() => this.#db.deleteFrom("providers").where("id", "=", id).returning("id").execute())).length > 0;
  }

  async #written(fields: ProviderFields, write: () => Promise<string>): Promise<StoredProvider> {
    try {
      const provider = await this.find(await ask(write));
      if (provider === undefined) throw new TelltaleError("not_found", `The provider ${fields.name} was deleted meanwhile`);
      return provider;
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new TelltaleError("already_exists", `A provider named "${fields.name}" exists already`, { field: "name", cause: error });
    }
  }
}

function rowOf(fields: ProviderFields) {
  return {
    name: fields.name,
    kind: fields.kind,
    base_url: fields.baseUrl ?? null,
    sealed_key: fields.sealedKey ?? null,
    masked_key: fields.maskedKey ?? null,
    default_model: fields.defaultModel ?? null,
    allow_private: fields.allowPrivate,
    is_default: fields.isDefault,
  };
}
