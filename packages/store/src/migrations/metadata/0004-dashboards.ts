import { type Kysely, sql } from "kysely";

/** `content` is one document: it is only ever read and written whole. `version` counts its changes, so that none is lost. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE dashboards (
      id text PRIMARY KEY,
      name text NOT NULL,
      project_id integer REFERENCES projects ON DELETE CASCADE,
      version integer NOT NULL,
      content jsonb NOT NULL,
      created_ms bigint NOT NULL,
      updated_ms bigint NOT NULL
    )`.execute(db);
}
