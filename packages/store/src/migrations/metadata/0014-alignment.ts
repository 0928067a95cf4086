import { type Kysely, sql } from "kysely";

/**
 * Versions of scorers that were aligned with people's labels: what they learned, whether they count (`live`) or only run beside the live
 * one (`shadow`), the runs that made them, and what all of it cost beside the scores.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    ALTER TABLE scorer_versions
      ADD COLUMN mode text NOT NULL DEFAULT 'live' CHECK (mode IN ('live', 'shadow', 'discarded')),
      ADD COLUMN guidelines jsonb`.execute(db);
  await sql`ALTER TABLE score_tasks ADD COLUMN shadow boolean NOT NULL DEFAULT false`.execute(db);
  await sql`
    CREATE TABLE scorer_examples (
      scorer_id uuid NOT NULL,
      version integer NOT NULL,
      place integer NOT NULL,
      trace_id text NOT NULL,
      session_id text NOT NULL,
      trace_ids text[] NOT NULL,
      user_ids text[] NOT NULL,
      input text NOT NULL,
      output text NOT NULL,
      verdict text NOT NULL,
      why text NOT NULL,
      PRIMARY KEY (scorer_id, version, place),
      FOREIGN KEY (scorer_id, version) REFERENCES scorer_versions ON DELETE CASCADE
    )`.execute(db);
  await sql`
    CREATE TABLE alignments (
      id uuid PRIMARY KEY,
      scorer_id uuid NOT NULL REFERENCES scorers ON DELETE CASCADE,
      base_version integer NOT NULL,
      threshold double precision NOT NULL,
      state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed', 'cancelled')),
      guidelines jsonb,
      version integer,
      result jsonb,
      error text,
      cost_usd double precision,
      unpriced integer NOT NULL DEFAULT 0,
      created_ms bigint NOT NULL,
      finished_ms bigint
    )`.execute(db);
  await sql`CREATE UNIQUE INDEX alignments_one_of_a_scorer ON alignments (scorer_id) WHERE state = 'running'`.execute(db);
  await sql`
    CREATE TABLE alignment_cases (
      alignment_id uuid NOT NULL REFERENCES alignments ON DELETE CASCADE,
      entity_id text NOT NULL,
      trace_id text NOT NULL,
      session_id text NOT NULL,
      user_ids text[] NOT NULL,
      trace_ids text[] NOT NULL,
      half text NOT NULL CHECK (half IN ('training', 'held_back')),
      human text NOT NULL,
      human_pass boolean NOT NULL,
      human_why text NOT NULL,
      before_done boolean NOT NULL DEFAULT false,
      before_value text,
      before_pass boolean,
      before_why text,
      after_done boolean NOT NULL DEFAULT false,
      after_value text,
      after_pass boolean,
      PRIMARY KEY (alignment_id, entity_id)
    )`.execute(db);
  await sql`
    CREATE TABLE judge_spending (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      scorer_id uuid NOT NULL REFERENCES scorers ON DELETE CASCADE,
      at_ms bigint NOT NULL,
      cost_usd double precision NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX judge_spending_of_a_day ON judge_spending (at_ms)`.execute(db);
}
