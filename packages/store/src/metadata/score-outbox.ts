import { randomUUID } from "node:crypto";
import { type Kysely, sql, type Transaction } from "kysely";
import { ask } from "./ask.ts";
import type { Tables } from "./tables.ts";

export type TaskLevel = "trace" | "session";
export type TaskOrigin = "online" | "backfill";

/** A pair of scorer version and trace (or session) that shall be scored. */
export interface NewTask {
  scorerId: string;
  version: number;
  level: TaskLevel;
  entityId: string;
  /** Inclusion probability of the sampling. */
  probability: number;
  /** When the trace began; of a session its newest turn that was seen. */
  beganMs: number;
}

/** Traces of the past that shall be scored; it goes on where it was after a restart. */
export interface Backfill {
  id: string;
  scorerId: string;
  version: number;
  fromNs: bigint;
  toNs: bigint;
  filter: string | undefined;
  rate: number;
  state: "running" | "done" | "cancelled";
  cursor: string | undefined;
  /** Traces looked at, and tasks that are new. */
  traces: number;
  added: number;
  createdMs: number;
}

const PROGRESS = "settlement";
/** A statement holds 65,535 parameters; arrays are one each, but a block should also stay small. */
const ROWS_OF_STATEMENT = 2_000;

/**
 * The outbox of online scoring, as it is filled: rows are written with the position of settlement, or of a backfill, in one transaction.
 * `ScoreWork` brings them to their end.
 */
export class ScoreOutbox {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /**
   * One step of settlement: `step` gets the position (version, nanoseconds) up to which traces are settled and answers with
   * the next one and what shall be scored; both are written or neither. Only one process settles at a time.
   */
  async settle(
    start: bigint,
    step: (position: bigint) => Promise<{ position: bigint; traces: readonly NewTask[]; sessions: readonly (NewTask & { dueMs: number })[] }>,
  ): Promise<number> {
    return ask(() =>
      this.#db.transaction().execute(async (db) => {
        await sql`INSERT INTO scoring_progress (name, position) VALUES (${PROGRESS}, ${String(start)}) ON CONFLICT (name) DO NOTHING`.execute(db);
        const { rows } = await sql<{ position: string }>`SELECT position::text AS position FROM scoring_progress WHERE name = ${PROGRESS} FOR UPDATE`.execute(
          db,
        );
        const next = await step(BigInt(rows[0]?.position ?? start));
        const added = await this.#insert(db, next.traces, "online");
        for (const session of next.sessions) await this.#insertSession(db, session);
        await sql`UPDATE scoring_progress SET position = ${String(next.position)} WHERE name = ${PROGRESS}`.execute(db);
        return added + next.sessions.length;
      }),
    );
  }

  /** A backfill's next page: its tasks and its new place, both or neither. Pairs that exist already stay as they are. */
  addPage(backfill: Backfill, tasks: readonly NewTask[], traces: number, nextCursor: string | null): Promise<void> {
    return ask(() =>
      this.#db.transaction().execute(async (db) => {
        const added = await this.#insert(db, tasks, "backfill");
        await db
          .updateTable("score_backfills")
          .set((eb) => ({
            next_cursor: nextCursor,
            traces: eb("traces", "+", traces),
            added: eb("added", "+", added),
            ...(nextCursor === null ? { state: "done" } : {}),
          }))
          .where("id", "=", backfill.id)
          .where("state", "=", "running")
          .execute();
      }),
    );
  }

  async startBackfill(fields: Pick<Backfill, "scorerId" | "version" | "fromNs" | "toNs" | "filter" | "rate">): Promise<void> {
    await ask(() =>
      this.#db
        .insertInto("score_backfills")
        .values({
          id: randomUUID(),
          scorer_id: fields.scorerId,
          version: fields.version,
          from_ns: String(fields.fromNs),
          to_ns: String(fields.toNs),
          filter: fields.filter ?? null,
          rate: fields.rate,
          created_ms: this.#now(),
        })
        .execute(),
    );
  }

  /** Of one scorer, newest first; or those of all scorers that are not finished. */
  async backfills(where: { scorerId: string } | "running"): Promise<Backfill[]> {
    let query = this.#db.selectFrom("score_backfills").selectAll().orderBy("created_ms", "desc").limit(100);
    query = where === "running" ? query.where("state", "=", "running") : query.where("scorer_id", "=", where.scorerId);
    return (await ask(() => query.execute())).map((row) => ({
      id: row.id,
      scorerId: row.scorer_id,
      version: row.version,
      fromNs: BigInt(row.from_ns),
      toNs: BigInt(row.to_ns),
      filter: row.filter ?? undefined,
      rate: row.rate,
      state: row.state,
      cursor: row.next_cursor ?? undefined,
      traces: row.traces,
      added: row.added,
      createdMs: row.created_ms,
    }));
  }

  /** How far another reader of settled traces has come (version, nanoseconds); `start` the first time. */
  async position(reader: string, start: bigint): Promise<bigint> {
    const { rows } = await ask(() =>
      sql<{ position: string }>`
        INSERT INTO scoring_progress (name, position) VALUES (${reader}, ${String(start)})
        ON CONFLICT (name) DO UPDATE SET position = scoring_progress.position RETURNING position::text AS position`.execute(this.#db),
    );
    return BigInt(rows[0]?.position ?? start);
  }

  async moveTo(reader: string, position: bigint): Promise<void> {
    await ask(() => sql`UPDATE scoring_progress SET position = ${String(position)} WHERE name = ${reader}`.execute(this.#db));
  }

  async #insert(db: Transaction<Tables>, tasks: readonly NewTask[], origin: TaskOrigin): Promise<number> {
    const now = this.#now();
    let added = 0;
    for (let from = 0; from < tasks.length; from += ROWS_OF_STATEMENT) {
      const part = tasks.slice(from, from + ROWS_OF_STATEMENT);
      const { numAffectedRows } = await sql`
        INSERT INTO score_tasks (scorer_id, version, level, entity_id, origin, probability, due_ms, settled_ms, began_ms, shadow)
        SELECT new.scorer_id, new.version, level, entity_id, ${origin}, probability, ${now}, ${now}, began_ms, known.mode = 'shadow'
        FROM unnest(${part.map((task) => task.scorerId)}::uuid[], ${part.map((task) => task.version)}::integer[], ${part.map((task) => task.level)}::text[],
                    ${part.map((task) => task.entityId)}::text[], ${part.map((task) => task.probability)}::double precision[], ${part.map((task) => task.beganMs)}::bigint[])
          AS new (scorer_id, version, level, entity_id, probability, began_ms)
        JOIN scorer_versions AS known ON known.scorer_id = new.scorer_id AND known.version = new.version
        ON CONFLICT (scorer_id, version, level, entity_id, generation) DO NOTHING`.execute(db);
      added += Number(numAffectedRows ?? 0n);
    }
    return added;
  }

  /** A session that grows: the row that waits waits longer; one that has run gets a successor. */
  async #insertSession(db: Transaction<Tables>, task: NewTask & { dueMs: number }): Promise<void> {
    await sql`
      INSERT INTO score_tasks (scorer_id, version, level, entity_id, generation, origin, probability, due_ms, settled_ms, began_ms, shadow)
      SELECT ${task.scorerId}::uuid, ${task.version}, 'session', ${task.entityId}, coalesce(max(generation) FILTER (WHERE state <> 'waiting') + 1, 0), 'online',
             ${task.probability}::double precision, ${task.dueMs}::bigint, ${this.#now()}::bigint, ${task.beganMs}::bigint,
             coalesce((SELECT mode = 'shadow' FROM scorer_versions WHERE scorer_id = ${task.scorerId}::uuid AND version = ${task.version}), false)
      FROM score_tasks WHERE scorer_id = ${task.scorerId}::uuid AND version = ${task.version} AND level = 'session' AND entity_id = ${task.entityId}
      ON CONFLICT (scorer_id, version, level, entity_id, generation) DO UPDATE SET due_ms = greatest(score_tasks.due_ms, excluded.due_ms), began_ms = greatest(score_tasks.began_ms, excluded.began_ms)
      WHERE score_tasks.state = 'waiting'`.execute(db);
  }
}
