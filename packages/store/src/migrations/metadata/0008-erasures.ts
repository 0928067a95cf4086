import { type Kysely, sql } from "kysely";

/** Receipts, kept for good: nothing in them says who it was or what they said. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE erasures (
      id text PRIMARY KEY,
      subject_sha256 text NOT NULL,
      project_ids jsonb NOT NULL,
      requested_by text NOT NULL,
      state text NOT NULL CHECK (state IN ('running', 'done', 'failed')),
      step text NOT NULL,
      counts jsonb NOT NULL,
      traces_sha256 text,
      error text,
      created_ms bigint NOT NULL,
      updated_ms bigint NOT NULL,
      finished_ms bigint
    )`.execute(db);
  await sql`CREATE UNIQUE INDEX erasures_one_of_a_person ON erasures (subject_sha256) WHERE state = 'running'`.execute(db);
}
