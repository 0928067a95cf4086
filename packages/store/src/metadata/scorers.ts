import { randomUUID } from "node:crypto";
import { TelltaleError } from "@telltale/model";
import { type Kysely, sql, type Transaction } from "kysely";
import { ask, askAgain, isDuplicate } from "./ask.ts";
import type { Tables } from "./tables.ts";

/** A scorer as registered, in one of its versions. */
export interface StoredScorer {
  id: string;
  projectId: string;
  name: string;
  version: number;
  /** Byte for byte what was registered. */
  serialized: string;
  /** `shadow`: scores beside the live version, its scores count nowhere. `discarded`: does no more. */
  mode: "live" | "shadow" | "discarded";
  /** What alignment taught this version; `undefined` = it was not aligned. */
  guidelines: string[] | undefined;
  createdMs: number;
  /** 0 = not running. */
  sampleRate: number;
  filter: string | undefined;
  /** Changes with every change of rate or filter; `undefined` = was never started. */
  configId: string | undefined;
  /** US dollars a day; `undefined` = no limit. */
  dailyBudgetUsd: number | undefined;
  /** Why it does not run although its rate says so; `undefined` = it runs. */
  paused: string | undefined;
}

export interface ScorerConfig {
  sampleRate?: number;
  filter?: string | undefined;
  dailyBudgetUsd?: number | undefined;
  paused?: string | undefined;
}

const MAX_SCORERS_OF_PROJECT = 500;
const MAX_VERSIONS = 1_000;

/** Scorers of projects, in PostgreSQL. Names are unique in a project; every registration is a new version. "The newest version" is the newest live one. */
export class Scorers {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Adds a version; the first one makes the scorer. */
  async register(projectId: string, name: string, serialized: string): Promise<StoredScorer> {
    const now = this.#now();
    const added = await ask(() =>
      this.#db.transaction().execute(async (db) => {
        // Registrations of one project wait for each other, so that versions have no gaps and the limit holds.
        await sql`SELECT 1 FROM projects WHERE id = ${Number(projectId)} FOR UPDATE`.execute(db);
        const { count } = await db
          .selectFrom("scorers")
          .select((eb) => eb.fn.countAll<number>().as("count"))
          .where("project_id", "=", Number(projectId))
          .executeTakeFirstOrThrow();
        const found = await db.selectFrom("scorers").select("id").where("project_id", "=", Number(projectId)).where("name", "=", name).executeTakeFirst();
        if (found === undefined && count >= MAX_SCORERS_OF_PROJECT)
          throw new TelltaleError("bad_request", `A project holds ${MAX_SCORERS_OF_PROJECT} scorers; delete one first`);
        const id = found?.id ?? randomUUID();
        if (found === undefined)
          await db
            .insertInto("scorers")
            .values({ id, project_id: Number(projectId), name, created_ms: now, updated_ms: now })
            .execute();
        const { newest } = await db
          .selectFrom("scorer_versions")
          .select((eb) => eb.fn.max("version").as("newest"))
          .where("scorer_id", "=", id)
          .executeTakeFirstOrThrow();
        const version = (newest ?? 0) + 1;
        if (version > MAX_VERSIONS) throw new TelltaleError("bad_request", `A scorer holds ${MAX_VERSIONS} versions; delete some first`);
        // What was aligned from an earlier version is no longer held against what counts.
        await db.updateTable("scorer_versions").set({ mode: "discarded" }).where("scorer_id", "=", id).where("mode", "=", "shadow").execute();
        await db.insertInto("scorer_versions").values({ scorer_id: id, version, serialized, guidelines: undefined, created_ms: now }).execute();
        return { id, version };
      }),
    ).catch((error: unknown) => {
      if (isDuplicate(error)) throw new TelltaleError("already_exists", `The scorer ${name} was registered at the same moment; try again`, { cause: error });
      throw error;
    });
    const [scorer] = await this.#read({ id: added.id, version: added.version });
    if (scorer === undefined) throw scorerNotFound(name, projectId);
    return scorer;
  }

  /** The newest version of every scorer of a project, or of all projects, by name. */
  list(projectId?: string): Promise<StoredScorer[]> {
    return this.#read({ projectId });
  }

  /** The newest version, or the one asked for. */
  async find(projectId: string, name: string, version?: number): Promise<StoredScorer | undefined> {
    return (await this.#read({ projectId, name, version }))[0];
  }

  async findById(id: string, version?: number): Promise<StoredScorer | undefined> {
    return isUuid(id) ? (await this.#read({ id, version }))[0] : undefined;
  }

  /** All versions, oldest first. */
  versions(projectId: string, name: string): Promise<StoredScorer[]> {
    return this.#read({ projectId, name, version: "all" });
  }

  /** What runs: rate above 0 and not paused. Newest versions. */
  async active(): Promise<StoredScorer[]> {
    return (await this.#read({})).filter((scorer) => scorer.sampleRate > 0 && scorer.paused === undefined);
  }

  /** Versions in the shadow of scorers that run. */
  async shadows(): Promise<StoredScorer[]> {
    return (await this.#read({ version: "shadow" })).filter((scorer) => scorer.sampleRate > 0 && scorer.paused === undefined);
  }

  /** Makes a version in the shadow the live one, or ends it. Throws `not_found` when it is not in the shadow. */
  async endShadow(id: string, version: number, mode: "live" | "discarded"): Promise<void> {
    await ask(() =>
      this.#db.transaction().execute(async (db) => {
        const { numUpdatedRows } = await db
          .updateTable("scorer_versions")
          .set({ mode })
          .where("scorer_id", "=", id)
          .where("version", "=", version)
          .where("mode", "=", "shadow")
          .executeTakeFirst();
        if (numUpdatedRows === 0n) throw new TelltaleError("not_found", `Version ${version} of this scorer is not in the shadow`);
        await db
          .updateTable("score_tasks")
          .set({ state: "skipped", reason: "scorer_stopped", finished_ms: this.#now() })
          .where("scorer_id", "=", id)
          .where("version", "=", version)
          .where("shadow", "=", true)
          .where("state", "=", "waiting")
          .execute();
      }),
    );
  }

  /** Changes how it runs; fields that are absent stay. A new rate or filter gets a new config id and ends a pause. */
  async configure(id: string, config: ScorerConfig): Promise<StoredScorer> {
    const restarts = config.sampleRate !== undefined || "filter" in config;
    const change = {
      updated_ms: this.#now(),
      ...(config.sampleRate === undefined ? {} : { sample_rate: config.sampleRate }),
      ...("filter" in config ? { filter: config.filter ?? null } : {}),
      ...(restarts ? { config_id: randomUUID().replaceAll("-", ""), paused: null } : {}),
      ...("dailyBudgetUsd" in config ? { daily_budget_usd: config.dailyBudgetUsd ?? null } : {}),
      ...("paused" in config ? { paused: config.paused ?? null } : {}),
    };
    await ask(() =>
      this.#db.transaction().execute(async (db) => {
        await db.updateTable("scorers").set(change).where("id", "=", id).execute();
        if (config.sampleRate === 0) await endWaiting(db, id, this.#now());
      }),
    );
    const [scorer] = await this.#read({ id });
    if (scorer === undefined) throw new TelltaleError("scorer_not_found", `There is no scorer with id ${id}`);
    return scorer;
  }

  /** One version, or the scorer with all that hangs on it. False when there was none. The last version takes the scorer with it. */
  async remove(projectId: string, name: string, version?: number): Promise<boolean> {
    const found = await this.find(projectId, name, version);
    if (found === undefined) return false;
    await ask(() =>
      this.#db.transaction().execute(async (db) => {
        if (version !== undefined) await db.deleteFrom("scorer_versions").where("scorer_id", "=", found.id).where("version", "=", version).execute();
        const rest = await db.selectFrom("scorer_versions").select("version").where("scorer_id", "=", found.id).where("mode", "=", "live").executeTakeFirst();
        if (version === undefined || rest === undefined) await db.deleteFrom("scorers").where("id", "=", found.id).execute();
      }),
    );
    return true;
  }

  #read(where: { id?: string; projectId?: string | undefined; name?: string; version?: number | "all" | "shadow" | undefined }): Promise<StoredScorer[]> {
    return askAgain(async () => {
      let query = this.#db
        .selectFrom("scorers")
        .innerJoin("scorer_versions", "scorer_versions.scorer_id", "scorers.id")
        .selectAll("scorers")
        .select(["version", "serialized", "mode", "guidelines", "scorer_versions.created_ms as version_created_ms"]);
      if (where.version === undefined) query = query.where("mode", "=", "live").distinctOn("scorers.id").orderBy("scorers.id").orderBy("version", "desc");
      else if (where.version === "shadow") query = query.where("mode", "=", "shadow");
      else if (where.version !== "all") query = query.where("version", "=", where.version);
      if (where.id !== undefined) query = query.where("scorers.id", "=", where.id);
      if (where.projectId !== undefined) query = query.where("project_id", "=", Number(where.projectId));
      if (where.name !== undefined) query = query.where("name", "=", where.name);
      const rows = await query.execute();
      return rows
        .map((row) => ({
          id: row.id,
          projectId: String(row.project_id),
          name: row.name,
          version: row.version,
          serialized: row.serialized,
          mode: row.mode,
          guidelines: (row.guidelines as string[] | null) ?? undefined, // a list of texts when it is written
          createdMs: row.version_created_ms,
          sampleRate: row.sample_rate,
          filter: row.filter ?? undefined,
          configId: row.config_id ?? undefined,
          dailyBudgetUsd: row.daily_budget_usd ?? undefined,
          paused: row.paused ?? undefined,
        }))
        .toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version - b.version));
    });
  }
}

/** Who stops a scorer wants it to stop: what waits ends as skipped, backfills are over. */
async function endWaiting(db: Transaction<Tables>, scorerId: string, nowMs: number): Promise<void> {
  await db
    .updateTable("score_tasks")
    .set({ state: "skipped", reason: "scorer_stopped", finished_ms: nowMs })
    .where("scorer_id", "=", scorerId)
    .where("state", "=", "waiting")
    .execute();
  await db.updateTable("score_backfills").set({ state: "cancelled" }).where("scorer_id", "=", scorerId).where("state", "=", "running").execute();
}

export function scorerNotFound(name: string, projectId: string | undefined): TelltaleError {
  return new TelltaleError("scorer_not_found", `There is no scorer named "${name}" in ${projectId === undefined ? "any project" : `project ${projectId}`}`);
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
