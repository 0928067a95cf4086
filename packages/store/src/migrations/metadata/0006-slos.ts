import { type Kysely, sql } from "kysely";

/** An objective of a project goes with it; without one it is about all projects. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE slos (
      id text PRIMARY KEY,
      name text NOT NULL CHECK (name <> ''),
      description text NOT NULL,
      project_id integer REFERENCES projects ON DELETE CASCADE,
      filter text NOT NULL,
      indicator text NOT NULL CHECK (indicator IN ('latency', 'ttft', 'error_rate')),
      threshold_ms double precision CHECK ((threshold_ms IS NULL) = (indicator = 'error_rate')),
      target double precision NOT NULL CHECK (target > 0 AND target < 1),
      window_days integer NOT NULL CHECK (window_days > 0),
      created_ms bigint NOT NULL,
      updated_ms bigint NOT NULL
    )`.execute(db);
}
