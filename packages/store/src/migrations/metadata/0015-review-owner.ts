import { type Kysely, sql } from "kysely";

/** Whose a review queue is, as MLflow's clients say. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`ALTER TABLE review_queues ADD COLUMN owner text`.execute(db);
}
