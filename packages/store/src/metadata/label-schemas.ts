import { randomUUID } from "node:crypto";
import { TelltaleError } from "@telltale/model";
import { DEFAULT_LABEL_SCHEMA, LabelInput, type LabelSchemaPatch, type LabelSchemaType } from "@telltale/model/api";
import type { Kysely, Selectable } from "kysely";
import { ask, askAgain, isDuplicate } from "./ask.ts";
import { projectNumber, refusingUnknownProject } from "./project-number.ts";
import type { LabelSchemasTable } from "./scoring-tables.ts";
import type { Tables } from "./tables.ts";

export interface LabelSchema {
  /** `ls-` and 32 hex digits, as MLflow's clients expect it. */
  id: string;
  projectId: string;
  /** Name under which labels are written; once in a project. */
  name: string;
  type: LabelSchemaType;
  input: LabelInput;
  instruction: string;
  enableComment: boolean;
  /** The project's own, which nobody changes. */
  isDefault: boolean;
  createdMs: number;
  updatedMs: number;
}

export type NewLabelSchemaFields = Pick<LabelSchema, "projectId" | "name" | "type" | "input" | "instruction" | "enableComment">;

const MAX_SCHEMAS = 500;

/** What people are asked about the traces of a project, in PostgreSQL. */
export class LabelSchemas {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /** Newest first, the project's own last; that one is made with the first look. Throws `project_not_found`. */
  async list(projectId: string): Promise<LabelSchema[]> {
    const read = () =>
      askAgain(() =>
        this.#db
          .selectFrom("label_schemas")
          .selectAll()
          .where("project_id", "=", numberOf(projectId))
          .orderBy("is_default")
          .orderBy("created_ms", "desc")
          .orderBy("id")
          .execute(),
      );
    const found = await read();
    if (found.some((row) => row.is_default)) return found.map(toSchema);
    await this.#makeDefault(projectId);
    return (await read()).map(toSchema);
  }

  async find(id: string): Promise<LabelSchema | undefined> {
    if (!/^ls-[0-9a-f]{32}$/.test(id)) return undefined;
    const row = await askAgain(() => this.#db.selectFrom("label_schemas").selectAll().where("id", "=", id).executeTakeFirst());
    return row === undefined ? undefined : toSchema(row);
  }

  /** Throws `already_exists` for a name that the project has, and `too_many`. */
  async create(fields: NewLabelSchemaFields): Promise<LabelSchema> {
    if ((await this.list(fields.projectId)).length >= MAX_SCHEMAS)
      throw new TelltaleError("too_many", `A project holds ${MAX_SCHEMAS} label schemas; delete one first`);
    return this.#namedOnce(fields.name, () => this.#db.insertInto("label_schemas").values(this.#row(fields, false)).returningAll().executeTakeFirstOrThrow());
  }

  /** Throws `bad_request` where the change would make labels that exist unreadable. */
  async change(schema: LabelSchema, patch: LabelSchemaPatch): Promise<LabelSchema> {
    refuseUnreadable(schema, patch);
    const change = {
      ...(patch.name === undefined ? {} : { name: patch.name }),
      ...(patch.input === undefined ? {} : { input: JSON.stringify(patch.input) }),
      ...(patch.instruction === undefined ? {} : { instruction: patch.instruction }),
      ...(patch.enable_comment === undefined ? {} : { enable_comment: patch.enable_comment }),
      updated_ms: this.#now(),
    };
    return this.#namedOnce(patch.name ?? schema.name, async () => {
      const row = await this.#db.updateTable("label_schemas").set(change).where("id", "=", schema.id).returningAll().executeTakeFirst();
      if (row === undefined) throw new TelltaleError("not_found", `There is no label schema with id ${schema.id}`);
      return row;
    });
  }

  /** Labels that were written under its name stay. */
  async remove(schema: LabelSchema): Promise<void> {
    if (schema.isDefault) throw new TelltaleError("bad_request", `The label schema ${schema.name} is the project's own and cannot be deleted`);
    await ask(() => this.#db.deleteFrom("label_schemas").where("id", "=", schema.id).execute());
  }

  async #makeDefault(projectId: string): Promise<void> {
    const row = this.#row({ ...DEFAULT_LABEL_SCHEMA, input: LabelInput.parse(DEFAULT_LABEL_SCHEMA.input), projectId, enableComment: false }, true);
    // Two first looks at once: one of them makes it.
    await refusingUnknownProject(projectId, () =>
      this.#db
        .insertInto("label_schemas")
        .values(row)
        .onConflict((conflict) => conflict.columns(["project_id", "name"]).doNothing())
        .execute(),
    );
  }

  #row({ projectId, name, type, input, instruction, enableComment }: NewLabelSchemaFields, isDefault: boolean) {
    const now = this.#now();
    return {
      id: `ls-${randomUUID().replaceAll("-", "")}`,
      project_id: numberOf(projectId),
      name,
      type,
      input: JSON.stringify(input),
      instruction,
      enable_comment: enableComment,
      is_default: isDefault,
      created_ms: now,
      updated_ms: now,
    };
  }

  async #namedOnce(name: string, write: () => Promise<Selectable<LabelSchemasTable>>): Promise<LabelSchema> {
    try {
      return toSchema(await ask(write));
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new TelltaleError("already_exists", `A label schema named "${name}" exists already in this project`, { field: "name", cause: error });
    }
  }
}

function refuseUnreadable(schema: LabelSchema, { input }: LabelSchemaPatch): void {
  if (schema.isDefault) throw new TelltaleError("bad_request", `The label schema ${schema.name} is the project's own and cannot be changed`);
  if (input === undefined) return;
  if (input.kind !== schema.input.kind)
    throw new TelltaleError("bad_request", `The kind of input stays ${schema.input.kind}, for labels that exist are of that kind`, { field: "input" });
  if (input.kind === "categorical" && schema.input.kind === "categorical" && input.multi_select !== schema.input.multi_select)
    throw new TelltaleError("bad_request", "multi_select stays as it is, for labels that exist are of that kind", { field: "input" });
}

function numberOf(projectId: string): number {
  return Number(projectNumber(projectId));
}

function toSchema(row: Selectable<LabelSchemasTable>): LabelSchema {
  return {
    id: row.id,
    projectId: String(row.project_id),
    name: row.name,
    type: row.type,
    input: LabelInput.parse(row.input),
    instruction: row.instruction,
    enableComment: row.enable_comment,
    isDefault: row.is_default,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}
