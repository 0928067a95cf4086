import { type Kysely, sql } from "kysely";

/**
 * What the runner asks all the time, by index: tasks that are due, those of one trace together, and what a scorer has spent since a day began.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`DROP INDEX score_tasks_due`.execute(db);
  await sql`CREATE INDEX score_tasks_due ON score_tasks (origin DESC, due_ms, entity_id) WHERE state = 'waiting'`.execute(db);
  await sql`CREATE INDEX score_tasks_of_a_day ON score_tasks (scorer_id, (coalesce(finished_ms, started_ms)))`.execute(db);
}
