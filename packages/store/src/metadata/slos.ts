import { randomUUID } from "node:crypto";
import { type ProjectScope, type Slo, type SloIndicator, type SloWindowDays, TelltaleError } from "@telltale/model";
import type { Kysely, Selectable } from "kysely";
import { ask, askAgain } from "./ask.ts";
import { projectNumber, refusingUnknownProject } from "./project-number.ts";
import type { SlosTable, Tables } from "./tables.ts";

/** Their states are measured one after the other: a list must stay readable and quick. */
const MAX_SLOS = 200;

export type NewSloFields = Omit<Slo, "id" | "createdMs" | "updatedMs">;
export type SloChange = { [Key in keyof NewSloFields]?: NewSloFields[Key] | undefined };

/** Service level objectives in PostgreSQL. */
export class Slos {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** By name; those about all projects are in every list. */
  async list(scope: ProjectScope): Promise<Slo[]> {
    const rows = await askAgain(() => this.#visible(scope).selectAll().orderBy("name").orderBy("id").execute());
    return rows.map(toSlo);
  }

  async find(scope: ProjectScope, id: string): Promise<Slo> {
    const row = id.includes("\0") ? undefined : await askAgain(() => this.#visible(scope).selectAll().where("id", "=", id).executeTakeFirst());
    if (row === undefined) throw new TelltaleError("slo_not_found", `There is no SLO with id ${id.slice(0, 100)}`);
    return toSlo(row);
  }

  async create(slo: NewSloFields): Promise<Slo> {
    const { n } = await askAgain(() =>
      this.#db
        .selectFrom("slos")
        .select((eb) => eb.fn.countAll<number>().as("n"))
        .executeTakeFirstOrThrow(),
    );
    if (n >= MAX_SLOS) throw new TelltaleError("too_many", `There are ${MAX_SLOS} SLOs already; delete some that are no longer needed`);
    const now = this.#now();
    const row = { id: `slo-${randomUUID()}`, ...toColumns(slo), created_ms: now, updated_ms: now };
    return toSlo(await refusingUnknownProject(slo.projectId, () => this.#db.insertInto("slos").values(row).returningAll().executeTakeFirstOrThrow()));
  }

  async change(scope: ProjectScope, id: string, change: SloChange): Promise<Slo> {
    const before = await this.find(scope, id);
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    const after = { ...before, ...given };
    await refusingUnknownProject(after.projectId, () =>
      this.#db
        .updateTable("slos")
        .set({ ...toColumns(after), updated_ms: this.#now() })
        .where("id", "=", id)
        .execute(),
    );
    return this.find(scope, id);
  }

  async remove(scope: ProjectScope, id: string): Promise<void> {
    await this.find(scope, id);
    await ask(() => this.#db.deleteFrom("slos").where("id", "=", id).execute());
  }

  #visible({ projectIds }: ProjectScope) {
    const query = this.#db.selectFrom("slos");
    if (projectIds === "all") return query;
    const numbers = projectIds.map(Number).filter((id) => Number.isInteger(id));
    return query.where((eb) => eb.or([eb("project_id", "is", null), ...(numbers.length === 0 ? [] : [eb("project_id", "in", numbers)])]));
  }
}

function toColumns({ name, description, projectId, filter, indicator, target, windowDays }: NewSloFields): Omit<SlosTable, "id" | "created_ms" | "updated_ms"> {
  return {
    name,
    description,
    project_id: projectNumber(projectId),
    filter,
    indicator: indicator.kind,
    threshold_ms: indicator.kind === "error_rate" ? null : indicator.thresholdMs,
    target,
    window_days: windowDays,
  };
}

function toSlo(row: Selectable<SlosTable>): Slo {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    projectId: row.project_id === null ? null : String(row.project_id),
    filter: row.filter,
    indicator: indicatorOf(row),
    target: row.target,
    windowDays: row.window_days as SloWindowDays, // only routes with a schema write it
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}

function indicatorOf({ indicator, threshold_ms }: Selectable<SlosTable>): SloIndicator {
  return indicator === "error_rate" ? { kind: indicator } : { kind: indicator, thresholdMs: threshold_ms ?? 0 };
}
