import { randomUUID } from "node:crypto";
import { type ProjectScope, TelltaleError } from "@telltale/model";
import type { Kysely, Selectable } from "kysely";
import { ask, askAgain } from "./ask.ts";
import { projectNumber, refusingUnknownProject } from "./project-number.ts";
import type { Tables, ViewsTable } from "./tables.ts";

const MAX_SHARED = 2_000;
const MAX_PRIVATE = 500;

/** What a page showed when somebody gave it a name. */
export interface SavedView {
  id: string;
  name: string;
  page: string;
  state: Record<string, string>;
  visibility: "private" | "shared";
  /** The person who made it. */
  owner: string;
  projectId: string | null;
  createdMs: number;
  updatedMs: number;
}

export type ViewChange = { [Key in "name" | "state" | "visibility" | "projectId"]?: SavedView[Key] | undefined };

/** Who asks: shared views are everybody's, private ones their owner's. `person` undefined sees the shared ones only. */
export interface ViewReader {
  person: string | undefined;
  scope: ProjectScope;
}

/** Saved views in PostgreSQL. */
export class Views {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** By name. Those of a project are listed whatever the project shown: opening one switches to it. */
  async list(reader: ViewReader, page?: string): Promise<SavedView[]> {
    const rows = await askAgain(() => {
      const query = this.#visible(reader).selectAll().orderBy("name").orderBy("id");
      return (page === undefined ? query : query.where("page", "=", page)).execute();
    });
    return rows.map(toView);
  }

  async find(reader: ViewReader, id: string): Promise<SavedView> {
    const row = id.includes("\0") ? undefined : await askAgain(() => this.#visible(reader).selectAll().where("id", "=", id).executeTakeFirst());
    if (row === undefined) throw new TelltaleError("view_not_found", `There is no view with id ${id.slice(0, 100)}, or it is somebody else's own`);
    return toView(row);
  }

  async create(view: Omit<SavedView, "id" | "createdMs" | "updatedMs">): Promise<SavedView> {
    await this.#refuseTooMany(view.visibility, view.owner);
    const now = this.#now();
    const { state, projectId, ...rest } = view;
    const row = { ...rest, id: `v-${randomUUID()}`, state: JSON.stringify(state), project_id: projectNumber(projectId), created_ms: now, updated_ms: now };
    return toView(await refusingUnknownProject(projectId, () => this.#db.insertInto("views").values(row).returningAll().executeTakeFirstOrThrow()));
  }

  /** Everybody may change what is shared; only who made a view can take it back for themselves. */
  async change(reader: ViewReader, id: string, { state, projectId, ...rest }: ViewChange): Promise<SavedView> {
    const before = await this.find(reader, id);
    if (rest.visibility !== undefined && rest.visibility !== before.visibility) {
      if (rest.visibility === "private" && before.owner !== reader.person)
        throw new TelltaleError("forbidden", "Only who made a view can make it private", { field: "visibility" });
      await this.#refuseTooMany(rest.visibility, before.owner);
    }
    const change = {
      ...rest,
      updated_ms: this.#now(),
      ...(state === undefined ? {} : { state: JSON.stringify(state) }),
      ...(projectId === undefined ? {} : { project_id: projectNumber(projectId) }),
    };
    await refusingUnknownProject(projectId ?? null, () => this.#db.updateTable("views").set(change).where("id", "=", id).execute());
    return this.find(reader, id);
  }

  async remove(reader: ViewReader, id: string): Promise<void> {
    await this.find(reader, id);
    await ask(() => this.#db.deleteFrom("views").where("id", "=", id).execute());
  }

  #visible({ person, scope }: ViewReader) {
    const { projectIds } = scope;
    let query = this.#db.selectFrom("views");
    if (projectIds !== "all") {
      const numbers = projectIds.map(Number);
      query = query.where((eb) => eb.or([eb("project_id", "is", null), ...(numbers.length === 0 ? [] : [eb("project_id", "in", numbers)])]));
    }
    return query.where((eb) => eb.or([eb("visibility", "=", "shared"), ...(person === undefined ? [] : [eb("owner", "=", person)])]));
  }

  async #refuseTooMany(visibility: "private" | "shared", owner: string): Promise<void> {
    const { n } = await askAgain(() => {
      const query = this.#db.selectFrom("views").where("visibility", "=", visibility);
      return (visibility === "shared" ? query : query.where("owner", "=", owner)).select((eb) => eb.fn.countAll<number>().as("n")).executeTakeFirstOrThrow();
    });
    const most = visibility === "shared" ? MAX_SHARED : MAX_PRIVATE;
    if (n >= most) throw new TelltaleError("too_many", `There are ${most} ${visibility} views already; delete some that are no longer needed`);
  }
}

function toView(row: Selectable<ViewsTable>): SavedView {
  return {
    id: row.id,
    name: row.name,
    page: row.page,
    state: row.state,
    visibility: row.visibility,
    owner: row.owner,
    projectId: row.project_id === null ? null : String(row.project_id),
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}
