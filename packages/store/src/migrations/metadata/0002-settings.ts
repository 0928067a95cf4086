import { type Kysely, sql } from "kysely";

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`CREATE TABLE settings (key text PRIMARY KEY, value jsonb NOT NULL, updated_ms bigint NOT NULL)`.execute(db);
}
