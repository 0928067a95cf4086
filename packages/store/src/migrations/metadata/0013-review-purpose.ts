import { type Kysely, sql } from "kysely";

/** Of a review queue: whom it is for, what it asks, whether it is a sample, how narrow an interval is wanted, and from what it was drawn. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE review_queues
      ALTER COLUMN label DROP NOT NULL,
      ALTER COLUMN answer DROP NOT NULL,
      ADD COLUMN purpose text NOT NULL DEFAULT 'estimate' CHECK (purpose IN ('estimate', 'interesting')),
      ADD COLUMN half_width double precision NOT NULL DEFAULT 0.03 CHECK (half_width > 0 AND half_width < 1),
      ADD COLUMN assignees text[] NOT NULL DEFAULT '{}',
      ADD COLUMN schema_ids text[] NOT NULL DEFAULT '{}',
      ADD COLUMN is_personal boolean NOT NULL DEFAULT false,
      ADD COLUMN sample jsonb`.execute(db);
}
