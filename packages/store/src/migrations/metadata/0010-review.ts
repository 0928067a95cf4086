import { type Kysely, sql } from "kysely";

/** Queues of traces that people shall look at, and what became of each. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE review_queues (
      id uuid PRIMARY KEY,
      project_id integer NOT NULL REFERENCES projects ON DELETE CASCADE,
      name text NOT NULL CHECK (name <> ''),
      description text NOT NULL DEFAULT '',
      label text NOT NULL CHECK (label <> ''),
      answer jsonb NOT NULL,
      created_ms bigint NOT NULL,
      updated_ms bigint NOT NULL,
      UNIQUE (project_id, name)
    )`.execute(db);
  await sql`
    CREATE TABLE review_items (
      queue_id uuid NOT NULL REFERENCES review_queues ON DELETE CASCADE,
      trace_id text NOT NULL,
      inclusion double precision CHECK (inclusion > 0 AND inclusion <= 1),
      priority double precision NOT NULL DEFAULT 0,
      state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'skipped')),
      assignee text,
      lease_ms bigint,
      reviewer text,
      assessment_id text,
      added_ms bigint NOT NULL,
      done_ms bigint,
      PRIMARY KEY (queue_id, trace_id)
    )`.execute(db);
  await sql`CREATE INDEX review_items_pending ON review_items (queue_id, priority DESC, trace_id) WHERE state = 'pending'`.execute(db);
}
