import { TelltaleError } from "@telltale/model";
import { type Kysely, sql } from "kysely";
import { ask, askAgain } from "./ask.ts";
import type { Tables } from "./tables.ts";

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

const MAX_ITEMS = 100_000;
/** For so long an item that somebody opened is not given to others. */
const LEASE_MS = 10 * 60_000;

/** The traces of review queues, and what became of each, in PostgreSQL. */
export class ReviewItems {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
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

  /** Those of the traces that are in the queue, in no order. */
  async findItems(id: string, traceIds: readonly string[]): Promise<ReviewItem[]> {
    if (traceIds.length === 0) return [];
    const rows = await askAgain(() => this.#db.selectFrom("review_items").selectAll().where("queue_id", "=", id).where("trace_id", "in", traceIds).execute());
    return rows.map(toItem);
  }

  /** A second label of the same trace replaces the first. */
  async end(id: string, traceId: string, end: { state: "done" | "skipped"; reviewer: string | undefined; assessmentId: string | undefined }): Promise<void> {
    await ask(() =>
      this.#db
        .updateTable("review_items")
        .set({ state: end.state, reviewer: end.reviewer ?? null, assessment_id: end.assessmentId ?? null, done_ms: this.#now(), lease_ms: null })
        .where("queue_id", "=", id)
        .where("trace_id", "=", traceId)
        .execute(),
    );
  }

  /** An item that was ended is open again; with a reviewer it is theirs. */
  async reopen(id: string, traceId: string, reviewer: string | undefined): Promise<void> {
    await ask(() =>
      this.#db
        .updateTable("review_items")
        .set({
          state: "pending",
          reviewer: null,
          assessment_id: null,
          done_ms: null,
          assignee: reviewer ?? null,
          lease_ms: reviewer === undefined ? null : this.#now() + LEASE_MS,
        })
        .where("queue_id", "=", id)
        .where("trace_id", "=", traceId)
        .execute(),
    );
  }

  /** Takes traces out; what was said of them stays. */
  async remove(id: string, traceIds: readonly string[]): Promise<void> {
    if (traceIds.length === 0) return;
    await ask(() => this.#db.deleteFrom("review_items").where("queue_id", "=", id).where("trace_id", "in", traceIds).execute());
  }

  /** Those of these queues that a trace is in. */
  async queuesWith(ids: readonly string[], traceId: string): Promise<string[]> {
    if (ids.length === 0) return [];
    const rows = await askAgain(() =>
      this.#db.selectFrom("review_items").select("queue_id").where("queue_id", "in", ids).where("trace_id", "=", traceId).execute(),
    );
    return rows.map((row) => row.queue_id);
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
