import { type Kysely, sql } from "kysely";

/** Labelled traces, frozen with their content, that a judge is asked about again and again, and what it said each time. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE anchor_sets (
      scorer_id uuid PRIMARY KEY REFERENCES scorers ON DELETE CASCADE,
      set_id uuid NOT NULL,
      threshold double precision NOT NULL,
      interval_hours double precision NOT NULL CHECK (interval_hours > 0),
      next_run_ms bigint NOT NULL,
      created_ms bigint NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE anchors (
      scorer_id uuid NOT NULL REFERENCES anchor_sets ON DELETE CASCADE,
      entity_id text NOT NULL,
      trace_ids text[] NOT NULL,
      user_ids text[] NOT NULL,
      human_pass boolean NOT NULL,
      subject text NOT NULL,
      PRIMARY KEY (scorer_id, entity_id)
    )`.execute(db);
  await sql`
    CREATE TABLE anchor_runs (
      id uuid PRIMARY KEY,
      scorer_id uuid NOT NULL REFERENCES scorers ON DELETE CASCADE,
      set_id uuid NOT NULL,
      version integer NOT NULL,
      state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'failed')),
      error text,
      cost_usd double precision,
      started_ms bigint NOT NULL,
      finished_ms bigint
    )`.execute(db);
  await sql`CREATE INDEX anchor_runs_of_a_scorer ON anchor_runs (scorer_id, started_ms DESC)`.execute(db);
  await sql`
    CREATE TABLE anchor_verdicts (
      run_id uuid NOT NULL REFERENCES anchor_runs ON DELETE CASCADE,
      entity_id text NOT NULL,
      human_pass boolean NOT NULL,
      judge_pass boolean,
      PRIMARY KEY (run_id, entity_id)
    )`.execute(db);
}
