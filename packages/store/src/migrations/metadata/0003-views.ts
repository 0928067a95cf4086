import { type Kysely, sql } from "kysely";

/** A view that belongs to a project goes with it. `owner` is what the person's browser calls itself, until there are members. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE views (
      id text PRIMARY KEY,
      name text NOT NULL,
      page text NOT NULL,
      state jsonb NOT NULL,
      visibility text NOT NULL CHECK (visibility IN ('private', 'shared')),
      owner text NOT NULL,
      project_id integer REFERENCES projects ON DELETE CASCADE,
      created_ms bigint NOT NULL,
      updated_ms bigint NOT NULL
    )`.execute(db);
  await sql`CREATE INDEX views_by_owner ON views (owner)`.execute(db);
}
