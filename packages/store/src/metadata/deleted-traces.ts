import { type Kysely, sql } from "kysely";
import { ask } from "./ask.ts";
import type { Tables } from "./tables.ts";

/** Reason of a task whose trace somebody deleted: it is no longer among those that were scored. */
const REASON = "trace_deleted";

/** What hangs on traces outside the analytics store, and goes when somebody deletes them. */
export class DeletedTraces {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  /** Copies that judges keep go; tasks end as skipped and keep what they cost, so that no budget is spent twice. May be repeated. */
  async forget(projectId: string, traceIds: readonly string[]): Promise<void> {
    const ids = [...traceIds];
    const ofProject = sql`(SELECT id FROM scorers WHERE project_id = ${Number(projectId)})`;
    await ask(() =>
      this.#db.transaction().execute(async (db) => {
        await sql`DELETE FROM anchors WHERE scorer_id IN ${ofProject} AND trace_ids && ${ids}::text[]`.execute(db);
        await sql`DELETE FROM scorer_examples WHERE scorer_id IN ${ofProject} AND trace_ids && ${ids}::text[]`.execute(db);
        await sql`
          DELETE FROM alignment_cases WHERE trace_ids && ${ids}::text[]
            AND alignment_id IN (SELECT id FROM alignments WHERE scorer_id IN ${ofProject})`.execute(db);
        await sql`
          UPDATE score_tasks SET state = 'skipped', reason = ${REASON}
          FROM scorer_versions AS of JOIN scorers ON scorers.id = of.scorer_id, unnest(${ids}::text[]) AS gone (trace_id)
          WHERE scorers.project_id = ${Number(projectId)} AND score_tasks.scorer_id = of.scorer_id AND score_tasks.version = of.version
            AND score_tasks.level = 'trace' AND score_tasks.entity_id = gone.trace_id AND score_tasks.state IN ('waiting', 'scored', 'failed')`.execute(db);
      }),
    );
  }
}
