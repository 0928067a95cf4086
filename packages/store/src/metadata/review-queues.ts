import { randomUUID } from "node:crypto";
import { TelltaleError } from "@telltale/model";
import { type Kysely, sql } from "kysely";
import { ask, askAgain, isDuplicate } from "./ask.ts";
import type { Tables } from "./tables.ts";

export interface ReviewQueue {
  id: string;
  projectId: string;
  name: string;
  description: string;
  /** Name under which labels are written as feedback: that of the scorer they calibrate. */
  label: string;
  /** What reviewers may answer; the API's schema says what it is. */
  answer: unknown;
  createdMs: number;
  updatedMs: number;
}

export interface ReviewItem {
  traceId: string;
  /** Chance with which it was drawn; `undefined` = somebody chose it, so it enters no estimate. */
  inclusion: number | undefined;
  priority: number;
  state: "pending" | "done" | "skipped";
  assignee: string | undefined;
  reviewer: string | undefined;
  assessmentId: string | undefined;
  addedMs: number;
  doneMs: number | undefined;
}

export type NewReviewItem = Pick<ReviewItem, "traceId" | "inclusion" | "priority">;
export type ReviewCounts = Record<ReviewItem["state"], number>;

const MAX_QUEUES = 1_000;
const MAX_ITEMS = 100_000;
/** For so long an item that somebody opened is not given to others. */
const LEASE_MS = 10 * 60_000;

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

  async create(fields: Pick<ReviewQueue, "projectId" | "name" | "description" | "label" | "answer">): Promise<ReviewQueue> {
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
          label: fields.label,
          answer: JSON.stringify(fields.answer),
          created_ms: now,
          updated_ms: now,
        })
        .execute(),
    );
    return this.#existing(id);
  }

  async rename(id: string, fields: { name?: string | undefined; description?: string | undefined }): Promise<ReviewQueue> {
    const change = {
      ...(fields.name === undefined ? {} : { name: fields.name }),
      ...(fields.description === undefined ? {} : { description: fields.description }),
      updated_ms: this.#now(),
    };
    await this.#namedOnce(fields.name ?? "", () => this.#db.updateTable("review_queues").set(change).where("id", "=", id).execute());
    return this.#existing(id);
  }

  async remove(id: string): Promise<void> {
    await ask(() => this.#db.deleteFrom("review_queues").where("id", "=", id).execute());
  }

  /** Traces that are in the queue already stay as they are. Returns how many are new. */
  async add(id: string, items: readonly NewReviewItem[]): Promise<number> {
    const { pending, done, skipped } = await this.counts(id);
    if (pending + done + skipped + items.length > MAX_ITEMS) throw new TelltaleError("too_many", `A review queue holds ${MAX_ITEMS} traces; begin another one`);
    const now = this.#now();
    const { numAffectedRows } = await ask(() =>
      sql`INSERT INTO review_items (queue_id, trace_id, inclusion, priority, added_ms)
          SELECT ${id}::uuid, trace_id, inclusion, priority, ${now}
          FROM unnest(${items.map((item) => item.traceId)}::text[], ${items.map((item) => item.inclusion ?? null)}::double precision[], ${items.map((item) => item.priority)}::double precision[])
            AS new (trace_id, inclusion, priority)
          ON CONFLICT (queue_id, trace_id) DO NOTHING`.execute(this.#db),
    );
    return Number(numAffectedRows ?? 0n);
  }

  async counts(id: string): Promise<ReviewCounts> {
    const rows = await askAgain(() =>
      this.#db
        .selectFrom("review_items")
        .select(["state", (eb) => eb.fn.countAll<number>().as("n")])
        .where("queue_id", "=", id)
        .groupBy("state")
        .execute(),
    );
    const of = (state: ReviewItem["state"]): number => rows.find((row) => row.state === state)?.n ?? 0;
    return { pending: of("pending"), done: of("done"), skipped: of("skipped") };
  }

  /** In the order of review, then what is done, newest first. */
  async items(id: string, state: ReviewItem["state"] | undefined, limit: number, offset: number): Promise<ReviewItem[]> {
    let query = this.#db.selectFrom("review_items").selectAll().where("queue_id", "=", id);
    if (state !== undefined) query = query.where("state", "=", state);
    const rows = await askAgain(() =>
      query
        .orderBy((eb) => eb("state", "!=", "pending"))
        .orderBy("done_ms", "desc")
        .orderBy("priority", "desc")
        .orderBy("trace_id")
        .limit(limit)
        .offset(offset)
        .execute(),
    );
    return rows.map(toItem);
  }

  /** The next trace for a reviewer, theirs for ten minutes; what they had open comes again first. `undefined` = nothing is left. */
  async next(id: string, reviewer: string): Promise<ReviewItem | undefined> {
    const now = this.#now();
    const { rows } = await ask(() =>
      sql<ItemRow>`
        UPDATE review_items SET assignee = ${reviewer}, lease_ms = ${now + LEASE_MS}
        WHERE queue_id = ${id}::uuid AND trace_id = (
          SELECT trace_id FROM review_items
          WHERE queue_id = ${id}::uuid AND state = 'pending' AND (assignee IS NULL OR assignee = ${reviewer} OR lease_ms <= ${now})
          ORDER BY (assignee = ${reviewer} AND lease_ms > ${now}) DESC NULLS LAST, priority DESC, trace_id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING *`.execute(this.#db),
    );
    return rows[0] === undefined ? undefined : toItem(rows[0]);
  }

  async findItem(id: string, traceId: string): Promise<ReviewItem | undefined> {
    const row = await askAgain(() =>
      this.#db.selectFrom("review_items").selectAll().where("queue_id", "=", id).where("trace_id", "=", traceId).executeTakeFirst(),
    );
    return row === undefined ? undefined : toItem(row);
  }

  /** A second label of the same trace replaces the first. */
  async end(id: string, traceId: string, end: { state: "done" | "skipped"; reviewer: string; assessmentId: string | undefined }): Promise<void> {
    await ask(() =>
      this.#db
        .updateTable("review_items")
        .set({ state: end.state, reviewer: end.reviewer, assessment_id: end.assessmentId ?? null, done_ms: this.#now(), lease_ms: null })
        .where("queue_id", "=", id)
        .where("trace_id", "=", traceId)
        .execute(),
    );
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

interface ItemRow {
  trace_id: string;
  inclusion: number | null;
  priority: number;
  state: ReviewItem["state"];
  assignee: string | null;
  reviewer: string | null;
  assessment_id: string | null;
  added_ms: number;
  done_ms: number | null;
}

function toItem(row: ItemRow): ReviewItem {
  return {
    traceId: row.trace_id,
    inclusion: row.inclusion ?? undefined,
    priority: row.priority,
    state: row.state,
    assignee: row.assignee ?? undefined,
    reviewer: row.reviewer ?? undefined,
    assessmentId: row.assessment_id ?? undefined,
    addedMs: row.added_ms,
    doneMs: row.done_ms ?? undefined,
  };
}

function toQueue(row: {
  id: string;
  project_id: number;
  name: string;
  description: string;
  label: string;
  answer: unknown;
  created_ms: number;
  updated_ms: number;
}): ReviewQueue {
  return {
    id: row.id,
    projectId: String(row.project_id),
    name: row.name,
    description: row.description,
    label: row.label,
    answer: row.answer,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}
