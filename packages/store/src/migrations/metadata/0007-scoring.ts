import { type Kysely, sql } from "kysely";

/**
 * Scorers with their versions and online configuration, providers of judges, and the outbox of online scoring: one row for each scorer version
 * and trace (or session in one state of growth). The unique key is what makes scoring exactly once.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE scorers (
      id uuid PRIMARY KEY,
      project_id integer NOT NULL REFERENCES projects ON DELETE CASCADE,
      name text NOT NULL CHECK (name <> ''),
      sample_rate double precision NOT NULL DEFAULT 0 CHECK (sample_rate >= 0 AND sample_rate <= 1),
      filter text,
      config_id text,
      daily_budget_usd double precision CHECK (daily_budget_usd >= 0),
      paused text,
      created_ms bigint NOT NULL,
      updated_ms bigint NOT NULL,
      UNIQUE (project_id, name)
    )`.execute(db);
  await sql`
    CREATE TABLE scorer_versions (
      scorer_id uuid NOT NULL REFERENCES scorers ON DELETE CASCADE,
      version integer NOT NULL,
      serialized text NOT NULL,
      created_ms bigint NOT NULL,
      PRIMARY KEY (scorer_id, version)
    )`.execute(db);
  await sql`
    CREATE TABLE score_tasks (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      scorer_id uuid NOT NULL REFERENCES scorers ON DELETE CASCADE,
      version integer NOT NULL,
      level text NOT NULL CHECK (level IN ('trace', 'session')),
      entity_id text NOT NULL,
      generation integer NOT NULL DEFAULT 0,
      origin text NOT NULL CHECK (origin IN ('online', 'backfill')),
      probability double precision NOT NULL,
      state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'scored', 'failed', 'skipped')),
      reason text,
      attempts integer NOT NULL DEFAULT 0,
      due_ms bigint NOT NULL,
      lease_ms bigint,
      settled_ms bigint NOT NULL,
      started_ms bigint,
      finished_ms bigint,
      cost_usd double precision,
      UNIQUE (scorer_id, version, level, entity_id, generation)
    )`.execute(db);
  await sql`CREATE INDEX score_tasks_due ON score_tasks (origin DESC, due_ms) WHERE state = 'waiting'`.execute(db);
  await sql`CREATE INDEX score_tasks_leased ON score_tasks (lease_ms) WHERE state = 'running'`.execute(db);
  await sql`CREATE INDEX score_tasks_settled ON score_tasks (scorer_id, settled_ms)`.execute(db);
  await sql`CREATE TABLE scoring_progress (name text PRIMARY KEY, position numeric(20) NOT NULL)`.execute(db);
  await sql`
    CREATE TABLE providers (
      id uuid PRIMARY KEY,
      name text NOT NULL UNIQUE CHECK (name <> ''),
      kind text NOT NULL,
      base_url text,
      sealed_key text,
      masked_key text,
      default_model text,
      allow_private boolean NOT NULL DEFAULT false,
      is_default boolean NOT NULL DEFAULT false,
      created_ms bigint NOT NULL,
      updated_ms bigint NOT NULL
    )`.execute(db);
  await sql`
    CREATE TABLE score_backfills (
      id uuid PRIMARY KEY,
      scorer_id uuid NOT NULL REFERENCES scorers ON DELETE CASCADE,
      version integer NOT NULL,
      from_ns numeric(20) NOT NULL,
      to_ns numeric(20) NOT NULL,
      filter text,
      rate double precision NOT NULL,
      state text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'cancelled')),
      next_cursor text,
      traces integer NOT NULL DEFAULT 0,
      added integer NOT NULL DEFAULT 0,
      created_ms bigint NOT NULL
    )`.execute(db);
}
