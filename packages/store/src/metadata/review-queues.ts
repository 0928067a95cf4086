import { randomUUID } from "node:crypto";
import { TelltaleError } from "@telltale/model";
import type { Kysely, Selectable } from "kysely";
import { ask, askAgain, isDuplicate } from "./ask.ts";
import type { ReviewQueuesTable } from "./scoring-tables.ts";
import type { Tables } from "./tables.ts";

export interface ReviewQueue {
  id: string;
  projectId: string;
  name: string;
  description: string;
  /** Name under which labels are written as feedback: that of the scorer they calibrate. `undefined` = label schemas say what is asked. */
  label: string | undefined;
  /** What reviewers may answer; the API's schema says what it is. */
  answer: unknown;
  /** A queue of interesting traces is no sample: its labels enter no estimate. */
  purpose: "estimate" | "interesting";
  /** Wanted half width of the interval: 0.03 for ± 3 points. */
  halfWidth: number;
  /** Whom it is for; nobody = anybody. */
  assignees: readonly string[];
  /** Label schemas whose questions are asked; none (and no label) = all of the project. */
  schemaIds: readonly string[];
  /** What others hand to one person, named after them. */
  isPersonal: boolean;
  /** Whose it is, as an MLflow client says. */
  owner: string | undefined;
  /** From what its traces were drawn last; the API's schema says what it is. */
  sample: unknown;
  createdMs: number;
  updatedMs: number;
}

export type NewReviewQueue = Omit<ReviewQueue, "id" | "owner" | "sample" | "createdMs" | "updatedMs"> & { owner?: string | undefined };
export type ReviewQueueChange = { [Key in "name" | "description" | "assignees" | "halfWidth" | "schemaIds" | "owner"]?: ReviewQueue[Key] | undefined };

const MAX_QUEUES = 1_000;

/** Review queues, in PostgreSQL. */
export class ReviewQueues {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  async list(projectId: string): Promise<ReviewQueue[]> {
    return (await askAgain(() => this.#db.selectFrom("review_queues").selectAll().where("project_id", "=", Number(projectId)).orderBy("name").execute())).map(
      toQueue,
    );
  }

  async find(id: string): Promise<ReviewQueue | undefined> {
    if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
    const row = await askAgain(() => this.#db.selectFrom("review_queues").selectAll().where("id", "=", id).executeTakeFirst());
    return row === undefined ? undefined : toQueue(row);
  }

  async create(fields: NewReviewQueue): Promise<ReviewQueue> {
    if ((await this.list(fields.projectId)).length >= MAX_QUEUES)
      throw new TelltaleError("too_many", `A project holds ${MAX_QUEUES} review queues; delete one first`);
    const now = this.#now();
    const id = randomUUID();
    await this.#namedOnce(fields.name, () =>
      this.#db
        .insertInto("review_queues")
        .values({
          id,
          project_id: Number(fields.projectId),
          name: fields.name,
          description: fields.description,
          label: fields.label ?? null,
          answer: fields.answer === undefined ? null : JSON.stringify(fields.answer),
          purpose: fields.purpose,
          half_width: fields.halfWidth,
          assignees: [...fields.assignees],
          schema_ids: [...fields.schemaIds],
          is_personal: fields.isPersonal,
          owner: fields.owner ?? null,
          created_ms: now,
          updated_ms: now,
        })
        .execute(),
    );
    return this.#existing(id);
  }

  async change(id: string, fields: ReviewQueueChange): Promise<ReviewQueue> {
    const change = {
      ...(fields.name === undefined ? {} : { name: fields.name }),
      ...(fields.description === undefined ? {} : { description: fields.description }),
      ...(fields.assignees === undefined ? {} : { assignees: [...fields.assignees] }),
      ...(fields.halfWidth === undefined ? {} : { half_width: fields.halfWidth }),
      ...(fields.schemaIds === undefined ? {} : { schema_ids: [...fields.schemaIds] }),
      ...(fields.owner === undefined ? {} : { owner: fields.owner }),
      updated_ms: this.#now(),
    };
    await this.#namedOnce(fields.name ?? "", () => this.#db.updateTable("review_queues").set(change).where("id", "=", id).execute());
    return this.#existing(id);
  }

  /** Keeps from what the traces of a queue were drawn. */
  async keepSample(id: string, sample: unknown): Promise<void> {
    await ask(() =>
      this.#db
        .updateTable("review_queues")
        .set({ sample: JSON.stringify(sample) })
        .where("id", "=", id)
        .execute(),
    );
  }

  async remove(id: string): Promise<void> {
    await ask(() => this.#db.deleteFrom("review_queues").where("id", "=", id).execute());
  }

  async #existing(id: string): Promise<ReviewQueue> {
    const queue = await this.find(id);
    if (queue === undefined) throw new TelltaleError("not_found", `There is no review queue with id ${id}`);
    return queue;
  }

  async #namedOnce(name: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await ask(write);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new TelltaleError("already_exists", `A review queue named "${name}" exists already in this project`, { field: "name", cause: error });
    }
  }
}

function toQueue(row: Selectable<ReviewQueuesTable>): ReviewQueue {
  return {
    id: row.id,
    projectId: String(row.project_id),
    name: row.name,
    description: row.description,
    label: row.label ?? undefined,
    answer: row.answer ?? undefined,
    purpose: row.purpose,
    halfWidth: row.half_width,
    assignees: row.assignees,
    schemaIds: row.schema_ids,
    isPersonal: row.is_personal,
    owner: row.owner ?? undefined,
    sample: row.sample ?? undefined,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}
