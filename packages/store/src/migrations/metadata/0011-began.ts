import { type Kysely, sql } from "kysely";

/**
 * When the trace of a task began (of a session: its newest turn), so that tasks and traces of a window are the same set. Tasks of before are
 * taken to have begun when they settled.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE score_tasks ADD COLUMN began_ms bigint NOT NULL DEFAULT 0`.execute(db);
  await sql`UPDATE score_tasks SET began_ms = settled_ms`.execute(db);
  await sql`CREATE INDEX score_tasks_began ON score_tasks (scorer_id, version, began_ms)`.execute(db);
}
