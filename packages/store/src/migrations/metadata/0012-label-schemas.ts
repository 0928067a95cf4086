import { type Kysely, sql } from "kysely";

/** What people are asked about traces, and how they answer. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE label_schemas (
      id text PRIMARY KEY,
      project_id integer NOT NULL REFERENCES projects ON DELETE CASCADE,
      name text NOT NULL CHECK (name <> ''),
      type text NOT NULL CHECK (type IN ('feedback', 'expectation')),
      input jsonb NOT NULL,
      instruction text NOT NULL DEFAULT '',
      enable_comment boolean NOT NULL DEFAULT false,
      is_default boolean NOT NULL DEFAULT false,
      created_ms bigint NOT NULL,
      updated_ms bigint NOT NULL,
      UNIQUE (project_id, name)
    )`.execute(db);
}
