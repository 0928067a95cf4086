import { type Project, TelltaleError } from "@telltale/model";
import type { Kysely } from "kysely";
import type { ProjectStore } from "../store.ts";
import { ask, askAgain, isDuplicate } from "./ask.ts";
import type { ProjectsTable, Tables } from "./tables.ts";

const DEFAULT_ID = 0;
const MAX_NAME = 500; // MLflow's limits, of which clients know
const MAX_TAG_KEY = 250;
const MAX_TAG_VALUE = 20_000;

/** Projects in PostgreSQL. Names are unique among all, deleted ones too, as MLflow's experiments. */
export class Projects implements ProjectStore {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Oldest first. */
  list(options: { lifecycle?: "active" | "deleted" | "all" } = {}): Promise<Project[]> {
    const { lifecycle = "active" } = options;
    return this.#read(lifecycle === "all" ? {} : { lifecycle });
  }

  async find(id: string): Promise<Project | undefined> {
    const number = parseId(id);
    return number === undefined ? undefined : (await this.#read({ id: number }))[0];
  }

  async findByName(name: string): Promise<Project | undefined> {
    return name.includes("\0") ? undefined : (await this.#read({ name }))[0];
  }

  async create(input: { name: string; tags?: Map<string, string> }): Promise<Project> {
    const { tags = new Map<string, string>() } = input;
    const name = checkName(input.name);
    for (const [key, value] of tags) checkTag(key, value);
    const now = this.#now();
    return this.#namedOnce(name, () =>
      this.#db.transaction().execute(async (db) => {
        const row = await db
          .insertInto("projects")
          .values({ name, lifecycle: "active", created_ms: now, updated_ms: now })
          .returningAll()
          .executeTakeFirstOrThrow();
        const rows = Array.from(tags, ([key, value]) => ({ project_id: row.id, key, value }));
        if (rows.length > 0) await db.insertInto("project_tags").values(rows).execute();
        return toProject(row, new Map(tags));
      }),
    );
  }

  async rename(id: string, name: string): Promise<Project> {
    const checked = checkName(name);
    return this.#namedOnce(checked, () => this.#update(id, { name: checked }));
  }

  /** Throws `bad_request` for deleting `Default`: clients that name no project write to it. */
  async setLifecycle(id: string, lifecycle: "active" | "deleted"): Promise<Project> {
    if (lifecycle === "deleted") refuseDefault(id);
    return this.#update(id, { lifecycle });
  }

  async setTag(id: string, key: string, value: string): Promise<void> {
    checkTag(key, value);
    const { id: projectId } = await this.#existing(id);
    await ask(() =>
      this.#db
        .insertInto("project_tags")
        .values({ project_id: Number(projectId), key, value })
        .onConflict((conflict) => conflict.columns(["project_id", "key"]).doUpdateSet({ value }))
        .execute(),
    );
  }

  /** A tag that is not there is gone already. */
  async deleteTag(id: string, key: string): Promise<void> {
    const { id: projectId } = await this.#existing(id);
    if (key.includes("\0")) return;
    await ask(() => this.#db.deleteFrom("project_tags").where("project_id", "=", Number(projectId)).where("key", "=", key).execute());
  }

  async remove(id: string): Promise<void> {
    refuseDefault(id);
    const number = parseId(id);
    const removed = number === undefined ? [] : await ask(() => this.#db.deleteFrom("projects").where("id", "=", number).returning("id").execute());
    if (removed.length === 0) throw notFound(id);
  }

  #read(where: { id?: number; name?: string; lifecycle?: "active" | "deleted" }): Promise<Project[]> {
    return askAgain(async () => {
      let query = this.#db.selectFrom("projects").selectAll().orderBy("id");
      if (where.id !== undefined) query = query.where("id", "=", where.id);
      if (where.name !== undefined) query = query.where("name", "=", where.name);
      if (where.lifecycle !== undefined) query = query.where("lifecycle", "=", where.lifecycle);
      const rows = await query.execute();
      if (rows.length === 0) return [];
      let tagQuery = this.#db.selectFrom("project_tags").selectAll().orderBy("key");
      const [only] = rows;
      if (rows.length === 1 && only) tagQuery = tagQuery.where("project_id", "=", only.id);
      const projects = new Map(rows.map((row) => [row.id, toProject(row, new Map())]));
      for (const { project_id, key, value } of await tagQuery.execute()) projects.get(project_id)?.tags.set(key, value);
      return [...projects.values()];
    });
  }

  async #existing(id: string): Promise<Project> {
    const project = await this.find(id);
    if (!project) throw notFound(id);
    return project;
  }

  async #update(id: string, change: { name?: string; lifecycle?: "active" | "deleted" }): Promise<Project> {
    const number = parseId(id);
    if (number === undefined) throw notFound(id);
    await ask(() =>
      this.#db
        .updateTable("projects")
        .set({ ...change, updated_ms: this.#now() })
        .where("id", "=", number)
        .execute(),
    );
    return this.#existing(id);
  }

  async #namedOnce<T>(name: string, write: () => Promise<T>): Promise<T> {
    try {
      return await ask(write);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      const other = await this.findByName(name);
      const state = other?.lifecycle === "deleted" ? " in deleted state: restore it, or delete it for good" : "";
      throw new TelltaleError("already_exists", `A project named "${name}" exists already${state}`, { field: "name", cause: error });
    }
  }
}

function toProject(row: { [Column in keyof ProjectsTable]: Column extends "id" ? number : ProjectsTable[Column] }, tags: Map<string, string>): Project {
  return { id: String(row.id), name: row.name, lifecycle: row.lifecycle, tags, createdMs: row.created_ms, updatedMs: row.updated_ms };
}

/** Undefined for what cannot be an id: a decimal int32 without leading zeros. */
function parseId(id: string): number | undefined {
  if (!/^(?:0|[1-9]\d{0,9})$/.test(id)) return undefined;
  const number = Number(id);
  return number <= 2_147_483_647 ? number : undefined;
}

function checkName(name: string): string {
  if (name.trim() === "" || name.length > MAX_NAME)
    throw new TelltaleError("bad_request", `A project's name has 1 to ${MAX_NAME} characters`, { field: "name" });
  return name;
}

function checkTag(key: string, value: string): void {
  if (key === "" || key.length > MAX_TAG_KEY) throw new TelltaleError("bad_request", `A tag's key has 1 to ${MAX_TAG_KEY} characters`, { field: "key" });
  if (value.length > MAX_TAG_VALUE)
    throw new TelltaleError("bad_request", `The value of tag "${key}" is longer than ${MAX_TAG_VALUE} characters`, { field: "value" });
}

function refuseDefault(id: string): void {
  if (parseId(id) === DEFAULT_ID)
    throw new TelltaleError("bad_request", "The project Default cannot be deleted: applications that name no project write to it");
}

function notFound(id: string): TelltaleError {
  return new TelltaleError("project_not_found", `There is no project with id ${id}`);
}
