import { type Kysely, sql } from "kysely";

/** How many runs of an agent took how many steps: what "more than usual" is measured against. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    CREATE TABLE agent_steps (
      project_id integer NOT NULL REFERENCES projects ON DELETE CASCADE,
      agent text NOT NULL,
      steps integer NOT NULL,
      runs bigint NOT NULL,
      PRIMARY KEY (project_id, agent, steps)
    )`.execute(db);
}
