import { randomUUID } from "node:crypto";
import { type ProjectScope, TelltaleError } from "@telltale/model";
import type { Kysely, Selectable } from "kysely";
import { ask, askAgain } from "./ask.ts";
import { projectNumber, refusingUnknownProject } from "./project-number.ts";
import type { DashboardsTable, Tables } from "./tables.ts";

const MAX_DASHBOARDS = 1_000;
const MAX_CONTENT_CHARACTERS = 1024 * 1024;

export interface StoredDashboard {
  id: string;
  name: string;
  projectId: string | null;
  /** Counts its changes, from 1. */
  version: number;
  /** Description, variables and tiles, as JSON. Who reads it checks it with a schema. */
  content: unknown;
  createdMs: number;
  updatedMs: number;
}

export type DashboardChange = { [Key in "name" | "projectId" | "content"]?: StoredDashboard[Key] | undefined };

/** Dashboards in PostgreSQL. */
export class Dashboards {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** By name. */
  async list(scope: ProjectScope): Promise<StoredDashboard[]> {
    const rows = await askAgain(() => this.#visible(scope).selectAll().orderBy("name").orderBy("id").execute());
    return rows.map(toDashboard);
  }

  async find(scope: ProjectScope, id: string): Promise<StoredDashboard> {
    const row = id.includes("\0") ? undefined : await askAgain(() => this.#visible(scope).selectAll().where("id", "=", id).executeTakeFirst());
    if (row === undefined) throw new TelltaleError("dashboard_not_found", `There is no dashboard with id ${id.slice(0, 100)}`);
    return toDashboard(row);
  }

  async create({ name, projectId, content }: Pick<StoredDashboard, "name" | "projectId" | "content">): Promise<StoredDashboard> {
    const { n } = await askAgain(() =>
      this.#db
        .selectFrom("dashboards")
        .select((eb) => eb.fn.countAll<number>().as("n"))
        .executeTakeFirstOrThrow(),
    );
    if (n >= MAX_DASHBOARDS) throw new TelltaleError("too_many", `There are ${MAX_DASHBOARDS} dashboards already; delete some that are no longer needed`);
    const now = this.#now();
    const row = { id: `d-${randomUUID()}`, name, project_id: projectNumber(projectId), version: 1, content: json(content), created_ms: now, updated_ms: now };
    return toDashboard(await refusingUnknownProject(projectId, () => this.#db.insertInto("dashboards").values(row).returningAll().executeTakeFirstOrThrow()));
  }

  /** Only when it still is at `version`; otherwise `version_conflict`, and nothing is changed. */
  async change(scope: ProjectScope, id: string, version: number, { name, projectId, content }: DashboardChange): Promise<StoredDashboard> {
    const before = await this.find(scope, id);
    const change = {
      version: version + 1,
      updated_ms: this.#now(),
      ...(name === undefined ? {} : { name }),
      ...(projectId === undefined ? {} : { project_id: projectNumber(projectId) }),
      ...(content === undefined ? {} : { content: json(content) }),
    };
    const row = await refusingUnknownProject(projectId ?? null, () =>
      this.#db.updateTable("dashboards").set(change).where("id", "=", id).where("version", "=", version).returningAll().executeTakeFirst(),
    );
    if (row !== undefined) return toDashboard(row);
    const now = before.version === version ? await this.find(scope, id) : before;
    throw new TelltaleError(
      "version_conflict",
      `Somebody changed the dashboard "${now.name}" meanwhile: it is at version ${now.version}, this change was made to version ${version}. Load it again, then make the change`,
      { field: "version" },
    );
  }

  async remove(scope: ProjectScope, id: string): Promise<void> {
    await this.find(scope, id);
    await ask(() => this.#db.deleteFrom("dashboards").where("id", "=", id).execute());
  }

  #visible({ projectIds }: ProjectScope) {
    const query = this.#db.selectFrom("dashboards");
    if (projectIds === "all") return query;
    const numbers = projectIds.map(Number);
    return query.where((eb) => eb.or([eb("project_id", "is", null), ...(numbers.length === 0 ? [] : [eb("project_id", "in", numbers)])]));
  }
}

function json(content: unknown): string {
  const text = JSON.stringify(content);
  if (text.length > MAX_CONTENT_CHARACTERS) throw new TelltaleError("bad_request", `A dashboard has at most ${MAX_CONTENT_CHARACTERS} characters`);
  return text;
}

function toDashboard(row: Selectable<DashboardsTable>): StoredDashboard {
  return {
    id: row.id,
    name: row.name,
    projectId: row.project_id === null ? null : String(row.project_id),
    version: row.version,
    content: row.content,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}
