import { type Kysely, sql } from "kysely";
import { ask } from "./ask.ts";
import type { NewTask, TaskLevel } from "./score-outbox.ts";
import type { Tables } from "./tables.ts";

/** A pair that this process holds until its lease ends. */
export interface ClaimedTask extends Omit<NewTask, "beganMs"> {
  id: number;
  projectId: string;
  generation: number;
  /** Counts its claims; with the id it names one of them. */
  attempts: number;
  settledMs: number;
  /** Its version ran in the shadow when the task was made. */
  shadow: boolean;
}

type Held = Pick<ClaimedTask, "id" | "attempts">;
export type TaskEnd = Held & { state: "scored" | "skipped" | "failed"; reason: string | undefined; costUsd: number | undefined };
export type TaskWait = Held & { dueMs: number; reason: string; costUsd: number | undefined };

/**
 * The outbox of online scoring, as it is worked: tasks are claimed with a lease (`SKIP LOCKED`, so that many workers share it), which whoever
 * works on them renews, and end as scored, skipped or failed; many in one statement. A worker that dies loses its lease; one that lost it to
 * another's claim changes nothing any more, because the claims of a task are counted.
 */
export class ScoreWork {
  readonly #db: Kysely<Tables>;
  readonly #now: () => number;

  constructor(db: Kysely<Tables>, now: () => number) {
    this.#db = db;
    this.#now = now;
  }

  /**
   * At most `limit` tasks, each ours until `leaseMs` from now: those whose worker was lost, then what is due, online before backfills, the
   * tasks of one trace together. None of `exceptScorers`.
   */
  claim(limit: number, leaseMs: number, exceptScorers: readonly string[] = []): Promise<ClaimedTask[]> {
    const now = this.#now();
    const isOpen = sql`scorers.paused IS NULL AND scorers.id <> ALL (${[...exceptScorers]}::uuid[])`;
    return ask(async () => {
      const { rows } = await sql<ClaimedRow>`
        WITH lost AS (
          SELECT task.id FROM score_tasks AS task JOIN scorers ON scorers.id = task.scorer_id
          WHERE ${isOpen} AND task.state = 'running' AND task.lease_ms <= ${now}
          ORDER BY task.lease_ms LIMIT ${limit} FOR UPDATE OF task SKIP LOCKED),
        due AS (
          SELECT task.id FROM score_tasks AS task JOIN scorers ON scorers.id = task.scorer_id
          WHERE ${isOpen} AND task.state = 'waiting' AND task.due_ms <= ${now}
          ORDER BY task.origin DESC, task.due_ms, task.entity_id LIMIT ${limit} FOR UPDATE OF task SKIP LOCKED)
        UPDATE score_tasks AS task
        SET state = 'running', lease_ms = ${now + leaseMs}, attempts = task.attempts + 1, started_ms = coalesce(task.started_ms, ${now})
        FROM scorers
        WHERE scorers.id = task.scorer_id AND task.id = ANY (ARRAY(SELECT id FROM lost UNION ALL SELECT id FROM due LIMIT ${limit}))
        RETURNING task.id, task.scorer_id, task.version, task.level, task.entity_id, task.generation, task.probability, task.attempts, task.settled_ms, task.shadow, scorers.project_id`.execute(
        this.#db,
      );
      return rows.map(taskOf);
    });
  }

  /** The leases of tasks that are still ours end `leaseMs` from now. */
  async renew(held: readonly Held[], leaseMs: number): Promise<void> {
    await ask(() => sql`UPDATE score_tasks AS task SET lease_ms = ${this.#now() + leaseMs} FROM ${heldRows(held)} WHERE ${isOurs}`.execute(this.#db));
  }

  /** Ends every lease at once; for a database that only this process uses, when nothing is in work yet: what runs was its predecessor's. */
  async release(): Promise<number> {
    const { numAffectedRows } = await ask(() =>
      sql`UPDATE score_tasks SET lease_ms = ${this.#now()} WHERE state = 'running' AND lease_ms > ${this.#now()}`.execute(this.#db),
    );
    return Number(numAffectedRows ?? 0n);
  }

  /** These tasks have their terminal state. What the attempt cost is added to what earlier ones did. */
  async finish(ends: readonly TaskEnd[]): Promise<void> {
    await ask(() =>
      sql`
        UPDATE score_tasks AS task SET state = held.state, reason = held.reason, cost_usd = ${costs}, finished_ms = ${this.#now()}, lease_ms = NULL
        FROM unnest(${idsOf(ends)}, ${attemptsOf(ends)}, ${ends.map((end) => end.state)}::text[], ${ends.map((end) => end.reason ?? null)}::text[],
                    ${costsOf(ends)}) AS held (id, attempts, state, reason, cost_usd)
        WHERE ${isOurs}`.execute(this.#db),
    );
  }

  /** Not now: again at `dueMs`. */
  async postpone(waits: readonly TaskWait[]): Promise<void> {
    await ask(() =>
      sql`
        UPDATE score_tasks AS task SET state = 'waiting', due_ms = held.due_ms, reason = held.reason, cost_usd = ${costs}, lease_ms = NULL
        FROM unnest(${idsOf(waits)}, ${attemptsOf(waits)}, ${waits.map((wait) => wait.dueMs)}::bigint[], ${waits.map((wait) => wait.reason)}::text[],
                    ${costsOf(waits)}) AS held (id, attempts, due_ms, reason, cost_usd)
        WHERE ${isOurs}`.execute(this.#db),
    );
  }
}

const isOurs = sql`task.id = held.id AND task.attempts = held.attempts AND task.state = 'running'`;
/** What is not known adds nothing, and is not zero. */
const costs = sql`CASE WHEN held.cost_usd IS NULL THEN task.cost_usd ELSE coalesce(task.cost_usd, 0) + held.cost_usd END`;

function heldRows(held: readonly Held[]) {
  return sql`unnest(${idsOf(held)}, ${attemptsOf(held)}) AS held (id, attempts)`;
}

function idsOf(held: readonly Held[]) {
  return sql`${held.map(({ id }) => id)}::bigint[]`;
}

function attemptsOf(held: readonly Held[]) {
  return sql`${held.map(({ attempts }) => attempts)}::integer[]`;
}

function costsOf(items: readonly { costUsd: number | undefined }[]) {
  return sql`${items.map(({ costUsd }) => costUsd ?? null)}::double precision[]`;
}

interface ClaimedRow {
  id: number;
  scorer_id: string;
  version: number;
  level: TaskLevel;
  entity_id: string;
  generation: number;
  probability: number;
  attempts: number;
  settled_ms: number;
  shadow: boolean;
  project_id: number;
}

function taskOf(row: ClaimedRow): ClaimedTask {
  return {
    id: row.id,
    scorerId: row.scorer_id,
    version: row.version,
    level: row.level,
    entityId: row.entity_id,
    generation: row.generation,
    probability: row.probability,
    attempts: row.attempts,
    settledMs: row.settled_ms,
    shadow: row.shadow,
    projectId: String(row.project_id),
  };
}
